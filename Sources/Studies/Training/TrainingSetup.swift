import OrreryExperiment
import OrreryNetworks
import OrreryTensors

/// What a request takes of a study: the optimizer, no further than anything is asked for, and data to train on.
struct TrainingSetup {
  /// The description's own; nil where it has none. Cut where nothing later is asked for.
  let described: Optimizer?
  /// What the experiment is run with: ``described``, or one that takes no steps and stands in for it.
  let optimizer: Optimizer
  let data: TrainingData

  private static let example = "optimizer: { gradient-descent: { learning-rate: auto, steps: 500 }, loss: mse }"

  /// - Parameter isStill: whether the networks are looked at as they are given, and take no step whatever is asked for.
  /// - Throws: ``StudyError`` where steps, losses or targets are asked for that the study does not have.
  init(_ loaded: LoadedStudy, _ request: TrainingRequest, isStill: Bool = false) throws {
    described = try Self.described(loaded, request, isStill: isStill)
    let last = isStill ? 0 : Self.lastStep(request, described)
    var optimizer = described
    // Where no step is taken nothing depends on the optimizer, and gradient flow is not followed.
    if last == 0, described?.isFlow == true, isStill || !request.observables.contains(.integration) { optimizer = nil }
    let kind = loaded.data.targetKind
    if let targets = loaded.data.train.targets {
      data = try TrainingData(
        train: TrainingData.Part(inputs: loaded.data.train.inputs, targets: targets, targetKind: kind),
        test: loaded.data.test.targets.map {
          try TrainingData.Part(inputs: loaded.data.test.inputs, targets: $0, targetKind: kind)
        })
      self.optimizer =
        optimizer
        ?? Self.standIn(described, described?.loss ?? (kind == .classNumbers ? .crossEntropy : Self.squaredError))
      return
    }
    let needy = request.observables.contains { $0.needsLoss || $0 == .accuracy || $0 == .testAccuracy }
    guard last == 0, !needy else { throw StudyError.noTargets }
    // Nothing is compared with them.
    let output = try loaded.resolved.network.outputShape()
    let hasPositions = output.count != 1
    func part(_ inputs: Matrix<Double>) throws -> TrainingData.Part {
      let columns = hasPositions ? output.dropLast().reduce(1, *) : output[0]
      return try TrainingData.Part(
        inputs: inputs, targets: Matrix(rows: inputs.rows, columns: columns),
        targetKind: hasPositions ? .classNumbers : .values)
    }
    data = try TrainingData(
      train: part(loaded.data.train.inputs), test: part(loaded.data.test.inputs), hasTargets: false)
    self.optimizer = Self.standIn(described, hasPositions ? .crossEntropy : Self.squaredError)
  }

  private static let squaredError = Loss.meanSquaredError(reduction: .mean, half: true)

  /// An optimizer that takes no steps, with the tensors' own rates of the described one.
  private static func standIn(_ optimizer: Optimizer?, _ loss: Loss) -> Optimizer {
    Optimizer(
      .gradientDescent(), learningRate: .value(1), multipliers: optimizer?.multipliers ?? [:], steps: 0, loss: loss)
  }

  private static func described(
    _ loaded: LoadedStudy, _ request: TrainingRequest, isStill: Bool
  ) throws -> Optimizer? {
    guard let optimizer = loaded.study.optimizer else {
      guard request.kind == .measure else { throw StudyError.missing("optimizer", example: example) }
      if let observable = request.observables.first(where: \.needsLoss) {
        throw StudyError(
          .unusable,
          "The observable \(observable) needs a loss, and the description has no optimizer; add one, such as \(example), or choose "
            + "observables that need no loss, such as --observables outputs."
        )
      }
      if let step = request.steps?.last, step > 0 {
        throw StudyError(
          .unusable,
          "Step \(step) was asked for, and the description has no optimizer to take it; add one, such as \(example), or look at "
            + "step 0 alone.")
      }
      return nil
    }
    guard optimizer.length > 0 || request.kind == .measure else {
      throw StudyError(
        .unusable, "The optimizer takes no steps; set steps, such as optimizer.\(optimizer.method.key).steps=500.")
    }
    if let last = request.steps?.last, last > optimizer.length {
      throw StudyError(
        .unusable,
        "Step \(last) was asked for, and training ends at step \(optimizer.length)"
          + (optimizer.isFlow ? ", the time of the flow; name steps up to it." : "; name steps up to it, or set steps.")
      )
    }
    return cut(optimizer, to: isStill ? 0 : lastStep(request, optimizer))
  }

  /// The last step that has to be reached.
  private static func lastStep(_ request: TrainingRequest, _ optimizer: Optimizer?) -> Int {
    let length = optimizer?.length ?? 0
    guard request.kind == .measure, !request.savesParameters, let last = request.steps?.last else { return length }
    // Gradients of a step's batch are recorded with the step itself.
    let needsStep = request.observables.contains { $0 == .gradientNorm || $0 == .batchLoss }
    return min(length, needsStep ? last + 1 : last)
  }

  /// The first `steps` steps of a training. Gradient flow is left whole, and so is a long part of a schedule.
  private static func cut(_ optimizer: Optimizer, to steps: Int) -> Optimizer {
    guard !optimizer.isFlow, steps < optimizer.steps else { return optimizer }
    var cut = optimizer
    if steps == 0 {
      cut.schedule = LearningRateSchedule()
    } else if optimizer.schedule != LearningRateSchedule() {
      // Where a schedule is depends on how many steps it has.
      guard steps <= longestTable else { return optimizer }
      let factors = (0..<steps).map { ($0, optimizer.schedule.factor(at: $0, of: optimizer.steps)) }
      cut.schedule = LearningRateSchedule(.table(Dictionary(uniqueKeysWithValues: factors)))
    }
    cut.steps = steps
    return cut
  }

  /// A table is searched in every step.
  private static var longestTable: Int { 1000 }
}

extension ObservationSteps {
  /// The last of listed steps; nil where steps are not listed one by one.
  fileprivate var last: Int? {
    if case .at(let steps) = self { steps.max() } else { nil }
  }
}
