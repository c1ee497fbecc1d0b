import OrreryFormats
import OrreryNetworks
import OrreryTensors

/// Positions as tensors by name, and back.
extension NetworkTrainer.Position {
  private static var parametersName: String { "parameters" }
  private static var memoryPrefix: String { "observed." }

  /// In the precision of the training; what observables remember is in double.
  var saved: TrainingProgress.Position {
    let name = Self.parametersName
    var tensors = [name: Scalar.array(parameters, name: name)]
    for part in state.arrays { tensors[part.name] = Scalar.array(part.values, name: part.name) }
    for (name, values) in memory {
      tensors[Self.memoryPrefix + name] = Double.array(values, name: Self.memoryPrefix + name)
    }
    return TrainingProgress.Position(step: step, tensors: tensors)
  }

  /// - Throws: ``TrainingSetupError/stateMismatch(problem:)`` for the parameters of another network.
  init(_ saved: TrainingProgress.Position, _ plan: TrainingPlan<Scalar>) throws {
    func values(_ array: NumericArray) -> [Scalar] { array.elements(as: Scalar.self).elements }
    let numbers = saved.tensors[Self.parametersName].map(values) ?? []
    guard numbers.count == plan.storedCount else {
      throw TrainingSetupError.stateMismatch(
        problem: "it has \(numbers.count) parameters and averages, and the network has \(plan.storedCount)")
    }
    var memory: [String: [Double]] = [:]
    for (name, array) in saved.tensors where name.hasPrefix(Self.memoryPrefix) {
      memory[String(name.dropFirst(Self.memoryPrefix.count))] = array.elements(as: Double.self).elements
    }
    // The rule's arrays in its own order.
    let arrays = try ParameterUpdate<Scalar>(plan.updatePlan).state.arrays.compactMap { own in
      saved.tensors[own.name].map { UpdateState<Scalar>.Array(name: own.name, values: values($0)) }
    }
    self.init(step: saved.step, parameters: numbers, state: UpdateState(arrays: arrays), memory: memory)
  }
}
