import OrreryFindings
import OrreryNetworks
import OrreryTensors

/// The memory of one thread that trains one network after another: programs, optimizer, data in between.
final class NetworkTrainer<Scalar: TrainingScalar> {
  let plan: TrainingPlan<Scalar>
  let batch: BatchGradient<Scalar>
  let context: ObservationContext<Scalar>
  /// All parameters, where the batch's program reads them.
  let parameters: UnsafeMutablePointer<Scalar>

  init(_ plan: TrainingPlan<Scalar>) {
    self.plan = plan
    let loss = plan.optimizer.loss
    batch = BatchGradient(plan.batchPrograms, loss: loss, isGradient: true)
    parameters = batch.ownParameters
    context = ObservationContext(plan.observation, parameters: UnsafePointer(parameters))
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
    /// What observables remember of earlier steps.
    var memory: [String: [Double]] = [:]
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
    if case .gradientFlow(let flow) = plan.optimizer.method {
      return try follow(flow, member: member, from: position, record: record, pause: pause)
    }
    let update = try ParameterUpdate<Scalar>(plan.updatePlan, isParallel: plan.isParallel)
    var sampler = try BatchSampler(
      plan.optimizer.batch, samples: plan.train.samples, seed: plan.seed, member: member)
    let isFullBatch = plan.optimizer.batch.size == nil
    var step = 0
    if let position {
      step = position.step
      parameters.update(from: position.parameters, count: position.parameters.count)
      try update.restore(position.state)
      context.move(member: member, step: step) { update.state }
      context.memory = position.memory
    } else {
      plan.begin(parameters, member: member)
    }
    if isFullBatch { for i in batch.chosen.indices { batch.chosen[i] = Int32(i) } }
    // What each step reads of the plan: a large value, of which a step would copy all.
    let (seed, steps, observed, data) = (plan.seed, plan.optimizer.steps, plan.steps, plan.train)
    let (count, averageCount) = (plan.parameters.layout.count, plan.storedCount - plan.parameters.layout.count)
    var next = observed.firstIndex { $0 >= step } ?? observed.count
    while true {
      let isObserved = next < observed.count && observed[next] == step
      if try pause(step, { self.position(step, update) }) {
        return .stopped(step)
      }
      if isObserved {
        next += 1
        context.move(member: member, step: step) { update.state }
        for observation in try context.observations() { try record(observation) }
      }
      guard step < steps else { return .finished }
      if !isFullBatch { sampler.fill(step: step, into: batch.chosen) }
      batch.draws = DropoutMask.Draws(seed: seed, member: member, step: step)
      let (loss, gradient) = batch.run(parameters, on: data)
      if averageCount > 0 { (parameters + count).update(from: gradient + count, count: averageCount) }
      switch update.apply(step: step, parameters: parameters, gradient: gradient) {
      case .updated(let norm):
        if isObserved, plan.recordsGradientNorm {
          try record(Observation(GradientNormObservable.key, member: member, step: step, value: norm))
        }
        if isObserved, plan.recordsBatchLoss {
          try record(Observation(BatchLossObservable.key, member: member, step: step, value: loss))
        }
      case .diverged(let divergence): return .diverged(divergence)
      }
      step += 1
    }
  }

  /// The parameters as they are now, and the running averages behind them.
  func copy() -> [Scalar] { Array(UnsafeBufferPointer(start: parameters, count: plan.storedCount)) }

  private func position(_ step: Int, _ update: ParameterUpdate<Scalar>) -> Position {
    Position(step: step, parameters: copy(), state: update.state, memory: context.memory)
  }
}
