import OrreryNetworks

/// What layers can ask for beside their input and parameters, while a network is written as a graph.
public struct LoweringContext: Sendable {
  /// What the graph is for.
  public enum Mode: Hashable, Sendable {
    /// A step of training: statistics of the batch, dropout at work.
    case training
    /// Running averages, no dropout: the function that losses are of, and whose derivatives observables take.
    case evaluation
    /// As evaluation, for measurements that know of parameters and inputs alone, and have no place for running averages.
    case plain
  }

  /// Numbers that follow training beside the parameters, such as the averages of batch normalization.
  package struct RunningAverage: Sendable {
    /// Unique in the network: `<place of the layer>.<name>`.
    package let name: String
    /// The place of the outermost layer that keeps them, from 0.
    package let layer: Int
    package let shape: [Int]
    package let initial: Double
    /// What the graph reads.
    package let value: Value
    /// What a step of training puts in its place.
    package fileprivate(set) var next: Value
    package var count: Int { shape.reduce(1, *) }
  }

  /// Numbers that are drawn before each step: 0 with a probability p, else 1/(1 − p).
  package struct Mask: Sendable {
    /// 1, 2, …: the layer of the random stream.
    package let number: Int
    /// The place of the outermost layer that it belongs to, from 0.
    package let layer: Int
    package let probability: Double
    /// (samples, …).
    package let value: Value
    /// For one sample.
    package let count: Int
  }

  public let mode: Mode
  private(set) var averages: [RunningAverage] = []
  private(set) var masks: [Mask] = []
  /// Places of the layers that are being lowered, from the outermost.
  var path: [String] = []

  private var outermost: Int { path.first.flatMap { Int($0) } ?? 0 }

  public init(mode: Mode) { self.mode = mode }

  /// Numbers that stay from step to step, `initial` before the first.
  ///
  /// - Throws: ``ExperimentError/keepsAverages(layer:)`` in a measurement that has no place for them.
  public mutating func runningAverage(
    _ name: String, _ graph: inout Graph, shape: [Int], initial: Double
  ) throws -> Value {
    guard mode != .plain else { throw ExperimentError.keepsAverages(layer: outermost) }
    let value = graph.input(shape)
    let place = path.joined(separator: ".")
    averages.append(
      RunningAverage(
        name: "\(place).\(name)", layer: outermost, shape: shape, initial: initial, value: value, next: value))
    return value
  }

  /// What a step of training puts in the place of running averages.
  public mutating func update(_ average: Value, to next: Value) {
    guard let index = averages.firstIndex(where: { $0.value == average }) else {
      preconditionFailure("Only running averages of this context are updated.")
    }
    averages[index].next = next
  }

  /// Numbers (samples, …) drawn anew for each step, 0 with the probability p and else 1/(1 − p); nil but in training.
  public mutating func dropoutMask(_ graph: inout Graph, shape: [Int], probability: Double) -> Value? {
    guard mode == .training else { return nil }
    let value = graph.input(shape)
    masks.append(
      Mask(
        number: masks.count + 1, layer: outermost, probability: probability, value: value,
        count: shape.dropFirst().reduce(1, *)))
    return value
  }
}

/// A layer that is not the same in training and in evaluation, or contains such layers.
public protocol ContextualLowerable: Lowerable {
  /// As ``Lowerable/lower(_:_:parameters:)``.
  func lower(
    _ graph: inout Graph, _ input: Value, parameters: [Value], context: inout LoweringContext
  ) throws -> Value
}

extension ContextualLowerable {
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    var context = LoweringContext(mode: .plain)
    return try lower(&graph, input, parameters: parameters, context: &context)
  }
}
