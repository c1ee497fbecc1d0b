/// Why a network is not of the kind that a view recognizes: a clause that names the layer.
public struct Unrecognized: Error, Hashable, Sendable, CustomStringConvertible {
  /// "layer 3 is batch-norm, where a dense layer would stand".
  public let description: String

  public init(_ description: String) { self.description = description }

  /// Dense layers would act on each place of such inputs.
  public static func unflattened(_ inputShape: [Int]) -> Unrecognized {
    Unrecognized("inputs of the shape \(inputShape) enter, without a flatten layer before the first dense one")
  }
}

extension MultilayerPerceptron {
  /// Dense layers with one activation between them, behind any number of flatten layers. A single dense layer has none, and is called
  /// linear.
  ///
  /// Roles of dense layers are those of their places, said or not: other roles would have other learning rates.
  ///
  /// - Throws: ``Unrecognized`` for other layers.
  public init(recognizing layers: [Layer]) throws(Unrecognized) {
    let own = layers.drop { $0.description is Flatten }
    func place(_ index: Int) -> String { "layer \(index + 1)" }
    guard let last = own.indices.last else { throw Unrecognized("the network has no dense layer") }
    var units: [Int] = []
    var activation: Activation?
    for index in own.indices {
      let isDense = (index - own.startIndex).isMultiple(of: 2)
      switch own[index].description {
      case let dense as Dense where isDense:
        let usual: ParameterRole = index == own.startIndex ? .input : index == last ? .readout : .hidden
        guard dense.role == .hidden || dense.role == usual else {
          throw Unrecognized("\(place(index)) has the role \(dense.role.rawValue)")
        }
        units.append(dense.units)
      case let nonlinearity as Nonlinearity where !isDense:
        guard activation == nil || activation == nonlinearity.activation else {
          throw Unrecognized("\(place(index)) has another activation than those before it")
        }
        activation = nonlinearity.activation
      default:
        throw Unrecognized(
          "\(place(index)) is \(own[index].key), where \(isDense ? "a dense layer" : "an activation") would stand")
      }
    }
    guard !own.count.isMultiple(of: 2) else {
      throw Unrecognized("\(place(last)) is \(own[last].key), and a dense layer would be the last")
    }
    self.init(widths: units.dropLast(), activation: activation ?? Activation(.linear), outputs: units[units.count - 1])
  }
}
