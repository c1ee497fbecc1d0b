import OrreryTensors

/// What an update rule remembers, for checkpoints: flat arrays by name, in a fixed order.
///
/// `first-moment` holds momenta and averages of gradients, `second-moment` averages of their squares; each the tensors that
/// have one, in the layout's order, without gaps. A rule without memory has none. The step's number is not part of it.
public struct UpdateState<Scalar: TensorScalar>: Hashable, Sendable {
  public struct Array: Hashable, Sendable {
    public var name: String
    public var values: [Scalar]

    public init(name: String, values: [Scalar]) {
      self.name = name
      self.values = values
    }
  }

  public var arrays: [Array]

  public init(arrays: [Array]) { self.arrays = arrays }
}

extension ParameterUpdate {
  /// A copy of what the rule remembers.
  public var state: UpdateState<Scalar> {
    UpdateState(arrays: storedArrays.map { .init(name: $0.name, values: Array($0.storage.elements)) })
  }

  /// Puts a state back, bit by bit.
  ///
  /// - Throws: ``TrainingSetupError/stateMismatch(problem:)`` unless it has the same arrays with as many finite elements; the
  ///   memory is then as before.
  public func restore(_ state: UpdateState<Scalar>) throws {
    let stored = storedArrays
    guard state.arrays.map(\.name) == stored.map(\.name) else {
      func list(_ names: [String]) -> String { names.isEmpty ? "no arrays" : names.joined(separator: ", ") }
      throw TrainingSetupError.stateMismatch(
        problem: "it has \(list(state.arrays.map(\.name))), and the optimizer remembers \(list(stored.map(\.name)))")
    }
    for (array, own) in zip(state.arrays, stored) {
      guard array.values.count == own.storage.elements.count else {
        throw TrainingSetupError.stateMismatch(
          problem: "\(array.name) has \(array.values.count) elements, and \(own.storage.elements.count) are needed")
      }
      // A finite sum of squares spares a search among millions.
      let squares = array.values.withUnsafeBufferPointer {
        $0.baseAddress.map { UpdateKernels<Scalar>.sumOfSquares($0, count: array.values.count) } ?? 0
      }
      if !squares.isFinite, let place = array.values.firstIndex(where: { !$0.isFinite }) {
        throw TrainingSetupError.stateMismatch(problem: "element \(place) of \(array.name) is not a finite number")
      }
    }
    for (array, own) in zip(state.arrays, stored) { _ = own.storage.elements.update(fromContentsOf: array.values) }
  }
}
