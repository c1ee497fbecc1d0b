import OrreryFindings
import OrreryNetworks
import OrreryTensors

/// Gradient flow: the differential equation dω/dt = m (−∂L/∂ω − λ ω) of the optimizer's own parameters, m a tensor's multiplier, integrated
/// in double precision whatever precision the network runs in.
extension NetworkTrainer {
  /// Follows the flow from initialization, or from where it was left. Step k is the time k T/``Optimizer/flowTimes``; the integrator goes
  /// from one observed time to the next in steps of its own.
  func follow(
    _ flow: OptimizerMethod.GradientFlow, member: Int, from position: Position?, record: (Observation) throws -> Void,
    pause: (_ step: Int, _ position: () -> Position) throws -> Bool
  ) throws -> End {
    let integrator = DormandPrince(
      count: plan.parameters.layout.count, relativeTolerance: flow.relativeTolerance,
      absoluteTolerance: flow.absoluteTolerance)
    let total = plan.optimizer.length
    var step = 0
    context.move(member: member, step: position?.step ?? 0) { UpdateState(arrays: []) }
    if let position {
      step = position.step
      context.memory = position.memory
    }
    if let position, let state = position.memory[Self.flowState], let numbers = position.memory[Self.flowNumbers] {
      parameters.update(from: position.parameters, count: position.parameters.count)
      _ = integrator.state.update(fromContentsOf: state)
      integrator.numbers = numbers
    } else {
      if let position {
        parameters.update(from: position.parameters, count: position.parameters.count)
      } else {
        plan.begin(parameters, member: member)
      }
      for i in integrator.state.indices { integrator.state[i] = 0 }
      for stretch in plan.updatePlan.stretches {
        for i in stretch.offset..<(stretch.offset + stretch.count) {
          integrator.state[i] = Double(parameters[i]) / stretch.unit
        }
      }
    }
    for i in batch.chosen.indices { batch.chosen[i] = Int32(i) }
    var norm = 0.0
    var next = plan.steps.firstIndex { $0 >= step } ?? plan.steps.count
    while true {
      write(integrator.state.baseAddress!)
      let here = step
      if try pause(here, { self.flowPosition(here, integrator) }) { return .stopped(here) }
      if next < plan.steps.count, plan.steps[next] == step {
        next += 1
        context.move(member: member, step: step) { UpdateState(arrays: []) }
        context.flow = FlowProgress(
          time: flow.endTime * Double(step) / Double(total), accepted: integrator.accepted,
          rejected: integrator.rejected)
        for observation in try context.observations() { try record(observation) }
        if plan.recordsGradientNorm, step < total {
          let gradient = UnsafePointer(batch.run(parameters, on: plan.train).gradient)
          norm = gradientNorm(gradient)
          try record(Observation(GradientNormObservable.key, member: member, step: step, value: norm))
        }
      }
      guard step < total else { return .finished }
      let target = next < plan.steps.count ? plan.steps[next] : total
      let duration = flow.endTime * Double(target - step) / Double(total)
      // Between two observed times a run can be stopped, not gone on with: what lies behind the last one is done again.
      let beginning = flowPosition(here, integrator)
      var failure: (any Error)?
      var fault: Int?
      let outcome = integrator.advance(
        by: duration,
        isStopped: {
          do { return try pause(here, { beginning }) } catch {
            failure = error
            return true
          }
        },
        { state, result in
          guard let found = slope(state, result) else { return true }
          fault = found
          return false
        })
      if let failure { throw failure }
      func divergence(_ place: Int, _ reason: UpdateOutcome.Divergence.Reason) -> End {
        let tensor = plan.parameters.layout.tensors.first { $0.range.contains(place) }
        return .diverged(.init(step: here, tensor: tensor?.name ?? "", reason: reason))
      }
      switch outcome {
      case .reached: step = target
      case .stopped: return .stopped(here)
      case .diverged: return divergence(fault ?? 0, .notFinite)
      case .underflow(let component): return divergence(component, .stepUnderflow)
      }
    }
  }

  private static var flowState: String { "flow.state" }
  private static var flowNumbers: String { "flow.numbers" }

  private func flowPosition(_ step: Int, _ integrator: DormandPrince) -> Position {
    var memory = context.memory
    memory[Self.flowState] = Array(integrator.state)
    memory[Self.flowNumbers] = integrator.numbers
    return Position(step: step, parameters: copy(), state: UpdateState(arrays: []), memory: memory)
  }

  /// w = unit · ω.
  private func write(_ state: UnsafePointer<Double>) {
    for stretch in plan.updatePlan.stretches {
      for i in stretch.offset..<(stretch.offset + stretch.count) { parameters[i] = Scalar(stretch.unit * state[i]) }
    }
  }

  /// f(ω).
  ///
  /// - Returns: the first element whose slope, or its square, is not finite.
  private func slope(_ state: UnsafePointer<Double>, _ result: UnsafeMutablePointer<Double>) -> Int? {
    write(state)
    let gradient = UnsafePointer(batch.run(parameters, on: plan.train).gradient)
    var squares = 0.0
    result.update(repeating: 0, count: plan.parameters.layout.count)
    for stretch in plan.updatePlan.stretches {
      for i in stretch.offset..<(stretch.offset + stretch.count) {
        let value = -stretch.rate * (stretch.unit * Double(gradient[i]) + stretch.decay * state[i])
        result[i] = value
        squares += value * value
      }
    }
    return squares.isFinite ? nil : place(ofFault: UnsafePointer(result))
  }

  /// Where a sum of squares ceases to be finite.
  private func place(ofFault values: UnsafePointer<Double>) -> Int {
    var squares = 0.0
    for i in 0..<plan.parameters.layout.count {
      squares += values[i] * values[i]
      if !squares.isFinite { return i }
    }
    return 0
  }

  private func gradientNorm(_ gradient: UnsafePointer<Scalar>) -> Double {
    plan.updatePlan.stretches.reduce(0) { sum, stretch in
      let size = ArrayArithmetic.norm(gradient + stretch.offset, count: stretch.count) * stretch.unit
      return sum + size * size
    }.squareRoot()
  }
}

/// How far an integration has come.
struct FlowProgress {
  var time: Double
  var accepted: Int
  var rejected: Int
}
