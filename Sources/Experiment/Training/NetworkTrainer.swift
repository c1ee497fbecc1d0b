import OrreryFindings
import OrreryNetworks
import OrreryTensors

/// The memory of one thread that trains one network after another: programs, optimizer, data in between.
final class NetworkTrainer<Scalar: TrainingScalar> {
  private let plan: TrainingPlan<Scalar>
  private let batch: BatchGradient<Scalar>
  private let trainEvaluation: BatchGradient<Scalar>
  private let testEvaluation: BatchGradient<Scalar>?
  private var sharpness: SharpnessEstimator<Scalar>?
  /// All parameters: where the batch's program reads them, or memory of their own.
  private let parameters: UnsafeMutablePointer<Scalar>
  private let ownStorage: AlignedStorage<Scalar>?

  init(_ plan: TrainingPlan<Scalar>) {
    self.plan = plan
    let loss = plan.optimizer.loss
    batch = BatchGradient(plan.batchPrograms, loss: loss, isGradient: true)
    trainEvaluation = BatchGradient(plan.trainPrograms, loss: loss, isGradient: false)
    testEvaluation = plan.testPrograms.map { BatchGradient($0, loss: loss, isGradient: false) }
    ownStorage = batch.ownParameters == nil ? AlignedStorage(uninitializedCount: plan.storedCount) : nil
    parameters = batch.ownParameters ?? ownStorage!.elements.baseAddress!
  }

  /// How the training of one member ended.
  enum End {
    case finished
    case diverged(UpdateOutcome.Divergence)
    /// After so many steps.
    case stopped(Int)
  }

  /// What training needs to go on: see ``RunProgress``.
  struct Position {
    var step: Int
    var parameters: [Scalar]
    var state: UpdateState<Scalar>
  }

  /// Trains a member from its initialization, or from where it was left.
  ///
  /// - Parameters:
  ///   - record: called with each observation.
  ///   - pause: asked before each step; gets the position when it wants to keep it, and says whether to stop.
  func train(
    member: Int, from position: Position? = nil, record: (Observation) throws -> Void,
    pause: (_ step: Int, _ position: () -> Position) throws -> Bool
  ) throws -> End {
    let update = try ParameterUpdate<Scalar>(plan.updatePlan)
    var sampler = try BatchSampler(
      plan.optimizer.batch, samples: plan.train.samples, seed: plan.seed, member: member)
    let isFullBatch = plan.optimizer.batch.size == nil
    var step = 0
    if let position {
      step = position.step
      parameters.update(from: position.parameters, count: position.parameters.count)
      try update.restore(position.state)
    } else {
      plan.parameters.draw(parameters, seed: plan.seed, member: member)
      var place = parameters + plan.parameters.layout.count
      for average in plan.averages {
        place.update(repeating: Scalar(average.initial), count: average.count)
        place += average.count
      }
    }
    if isFullBatch { for i in batch.chosen.indices { batch.chosen[i] = Int32(i) } }
    var next = plan.steps.firstIndex { $0 >= step } ?? plan.steps.count
    while true {
      let isObserved = next < plan.steps.count && plan.steps[next] == step
      if try pause(step, { Position(step: step, parameters: self.copy(), state: update.state) }) {
        return .stopped(step)
      }
      if isObserved {
        next += 1
        for observation in observations(member: member, step: step) { try record(observation) }
      }
      guard step < plan.optimizer.steps else { return .finished }
      if !isFullBatch { sampler.fill(step: step, into: batch.chosen) }
      batch.draws = DropoutMask.Draws(seed: plan.seed, member: member, step: step)
      let (loss, gradient) = batch.run(parameters, on: plan.train)
      let count = plan.parameters.layout.count
      (parameters + count).update(from: gradient + count, count: plan.storedCount - count)
      switch update.apply(step: step, parameters: parameters, gradient: gradient) {
      case .updated(let norm):
        if isObserved, plan.observables.contains(.gradientNorm) {
          try record(observation(.gradientNorm, norm, member, step))
        }
        if isObserved, plan.observables.contains(.batchLoss) {
          try record(observation(.batchLoss, loss, member, step))
        }
      case .diverged(let divergence): return .diverged(divergence)
      }
      step += 1
    }
  }

  /// The parameters as they are now, and the running averages behind them.
  func copy() -> [Scalar] { Array(UnsafeBufferPointer(start: parameters, count: plan.storedCount)) }

  private func observation(_ kind: TrainingObservable, _ value: Double, _ member: Int, _ step: Int) -> Observation {
    Observation(
      kind.rawValue, numericsVersion: kind.numericsVersion, member: member, step: step, value: value)
  }

  private func observations(member: Int, step: Int) -> [Observation] {
    var result: [Observation] = []
    func add(_ kind: TrainingObservable, _ value: Double) {
      if plan.observables.contains(kind) { result.append(observation(kind, value, member, step)) }
    }
    func add(_ kind: TrainingObservable, _ outputs: [Double], samples: Int) {
      guard plan.observables.contains(kind) else { return }
      result.append(
        Observation(
          kind.rawValue, numericsVersion: kind.numericsVersion, member: member, step: step,
          shape: [samples, outputs.count / samples], values: outputs))
    }
    if !plan.observables.isDisjoint(with: [.loss, .accuracy, .outputs]) {
      let found = evaluate(trainEvaluation, plan.train, keepsOutputs: plan.observables.contains(.outputs))
      add(.loss, found.loss)
      add(.accuracy, found.accuracy)
      add(.outputs, found.outputs, samples: plan.train.samples)
    }
    if let testEvaluation, let test = plan.test,
      !plan.observables.isDisjoint(with: [.testLoss, .testAccuracy, .testOutputs])
    {
      let found = evaluate(testEvaluation, test, keepsOutputs: plan.observables.contains(.testOutputs))
      add(.testLoss, found.loss)
      add(.testAccuracy, found.accuracy)
      add(.testOutputs, found.outputs, samples: test.samples)
    }
    if plan.observables.contains(.weightNorm) {
      var sum = 0.0
      for i in 0..<plan.parameters.layout.count { sum += Double(parameters[i]) * Double(parameters[i]) }
      add(.weightNorm, sum.squareRoot())
    }
    if plan.observables.contains(.sharpness), let programs = plan.sharpnessPrograms {
      let estimator = sharpness ?? SharpnessEstimator(programs, loss: plan.optimizer.loss, seed: plan.seed)
      sharpness = estimator
      let (value, bound) = estimator.largestEigenvalue(parameters, on: plan.train)
      add(.sharpness, value)
      result.append(
        Observation("sharpness-bound", numericsVersion: 1, member: member, step: step, value: bound))
    }
    return result
  }

  private func evaluate(
    _ evaluation: BatchGradient<Scalar>, _ data: TrainingArrays<Scalar>, keepsOutputs: Bool
  ) -> (loss: Double, accuracy: Double, outputs: [Double]) {
    var right = 0
    let (width, classes) = (data.outputs, plan.classes)
    let isClassNumbers = data.targetKind == .classNumbers
    let outputs = isClassNumbers ? width * classes : width
    var kept: [Double] = []
    if keepsOutputs { kept.reserveCapacity(data.samples * outputs) }
    let targets = data.targets.elements.baseAddress!
    if isClassNumbers {
      let (loss, _) = evaluation.run(parameters, on: data) { first, count, values in
        for position in 0..<(count * width) {
          let number = Int(targets[first * width + position])
          right += Self.largest(values + position * classes, classes) == number ? 1 : 0
        }
        if keepsOutputs { for place in 0..<(count * outputs) { kept.append(Double(values[place])) } }
      }
      return (loss, Double(right) / Double(data.samples * width), kept)
    }
    let (loss, _) = evaluation.run(parameters, on: data) { first, count, values in
      for sample in 0..<count {
        right += Self.isRight(values + sample * width, targets + (first + sample) * width, width) ? 1 : 0
      }
      if keepsOutputs { for place in 0..<(count * outputs) { kept.append(Double(values[place])) } }
    }
    return (loss, Double(right) / Double(data.samples), kept)
  }

  /// The place of the largest of some numbers, the first of equals; nil for one that is not finite.
  private static func largest(_ z: UnsafePointer<Scalar>, _ count: Int) -> Int? {
    var largest = 0
    for i in 1..<max(1, count) where z[i] > z[largest] { largest = i }
    return z[largest].isFinite ? largest : nil
  }

  private static func isRight(_ z: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, _ count: Int) -> Bool {
    if count == 1 { return z[0] * y[0] > 0 }
    // Ties among outputs (a dead network) count as wrong unless the first is meant; NaN is never right.
    return largest(z, count) == largest(y, count)
  }
}
