extension Optimizer {
  /// Checks that every number is in its range and that the parts fit together.
  ///
  /// - Throws: `NetworkError`.
  public func validate() throws {
    if case .value(let rate) = learningRate { try Self.require(rate, "learning rate", above: 0) }
    try Self.require(steps >= 0, "the number of steps is \(steps)", remedy: "choose 0 or more.")
    try Self.require(
      steps <= Self.mostSteps, "the number of steps is \(steps)", remedy: "choose at most \(Self.mostSteps).")
    if let size = batch.size {
      try Self.require(size >= 1, "a batch has \(size) samples", remedy: "choose 1 or more, or full.")
    }
    try Self.require(weightDecay.coefficient, "weight decay", atLeast: 0)
    if let limit = clipping.limit { try Self.require(limit, "clipping limit", above: 0) }
    for (name, factor) in multipliers.factors.sorted(by: { $0.key < $1.key }) {
      try Self.require(factor, "learning-rate multiplier of \(name)", atLeast: 0)
    }
    try schedule.validate(steps: steps)
    try method.validate()
    try validateCombinations()
  }

  /// Checks that the precision in which networks run can follow the optimizer.
  ///
  /// Gradients come with errors of a few roundings. Gradient flow that is asked for less takes them for the solution's own and shortens
  /// its steps without end.
  ///
  /// - Throws: `NetworkError`.
  public func validate(in precision: Precision) throws {
    guard case .gradientFlow(let flow) = method, [.float32, .float64].contains(precision) else { return }
    let least = 10 * precision.unitRoundoff
    try Self.require(
      flow.relativeTolerance >= least,
      "the relative tolerance \(flow.relativeTolerance) of gradient flow is below the rounding errors of \(precision.rawValue)",
      remedy: precision == .float32
        ? "choose at least 6e-7, or precision: float64." : "choose at least 1.2e-15.")
  }

  /// Steps are numbered in 32 bits where random numbers are drawn.
  public static let mostSteps = Int(UInt32.max)

  private func validateCombinations() throws {
    switch method {
    case .adamW:
      try Self.require(
        weightDecay.kind == .decoupled, "AdamW's weight decay is coupled",
        remedy: "decouple it, or choose adam, which is the same rule with coupled decay.")
    case .gradientDescent:
      try Self.require(
        batch == .full, "gradient descent has batches", remedy: "choose sgd, the same rule on batches.")
    case .gradientFlow:
      let isPlain = batch == .full && clipping == .none && schedule == LearningRateSchedule() && steps == 0
      try Self.require(
        isPlain && learningRate == .auto, "gradient flow has a learning rate, steps, batches, clipping or a schedule",
        remedy: "leave these out: it follows the gradient of all samples for a time of its own.")
    default: break
    }
  }

  static func require(_ condition: Bool, _ problem: @autoclosure () -> String, remedy: String) throws {
    guard condition else { throw NetworkError(.invalidValue, problem(), remedy: remedy) }
  }

  static func require(_ value: Double, _ name: String, above least: Double) throws {
    try require(value.isFinite && value > least, "the \(name) is \(value)", remedy: "choose a number above \(least).")
  }

  static func require(_ value: Double, _ name: String, atLeast least: Double) throws {
    try require(
      value.isFinite && value >= least, "the \(name) is \(value)", remedy: "choose a number of at least \(least).")
  }

  /// A coefficient of averages over past steps: 0 ≤ β < 1.
  static func require(memory value: Double, _ name: String) throws {
    try require(value >= 0 && value < 1, "the \(name) is \(value)", remedy: "choose a number from 0 to below 1.")
  }
}

extension OptimizerMethod {
  /// Checks the method's own numbers.
  ///
  /// - Throws: `NetworkError`.
  public func validate() throws {
    switch self {
    case .gradientDescent(let momentum), .sgd(let momentum):
      try Optimizer.require(memory: momentum.coefficient, "momentum")
    case .adam(let adam), .adamW(let adam): try adam.validate()
    case .rmsProp(let rmsProp):
      try Optimizer.require(memory: rmsProp.decay, "decay of RMSProp")
      try Optimizer.require(rmsProp.epsilon, "epsilon", above: 0)
    case .lion(let lion):
      try Optimizer.require(memory: lion.beta1, "first of the betas")
      try Optimizer.require(memory: lion.beta2, "second of the betas")
    case .muon(let muon): try muon.validate()
    case .gradientFlow(let flow):
      try Optimizer.require(flow.endTime, "time of gradient flow", above: 0)
      try Optimizer.require(flow.relativeTolerance, "relative tolerance", above: 0)
      try Optimizer.require(flow.absoluteTolerance, "absolute tolerance", above: 0)
    }
  }
}

extension OptimizerMethod.Adam {
  func validate() throws {
    try Optimizer.require(memory: beta1, "first of the betas")
    try Optimizer.require(memory: beta2, "second of the betas")
    try Optimizer.require(epsilon, "epsilon", above: 0)
  }
}

extension OptimizerMethod.Muon {
  /// Far more than change anything.
  package static let mostNewtonSchulzSteps = 100

  func validate() throws {
    try Optimizer.require(memory: momentum, "momentum")
    try Optimizer.require(
      (1...Self.mostNewtonSchulzSteps).contains(newtonSchulzSteps),
      "Muon has \(newtonSchulzSteps) Newton–Schulz steps", remedy: "choose 1 to \(Self.mostNewtonSchulzSteps).")
    if let rate = others.learningRate { try Optimizer.require(rate, "learning rate of Muon's other tensors", above: 0) }
    switch others.method {
    case .adamW(let adam): try adam.validate()
    case .sgd(let momentum): try Optimizer.require(memory: momentum.coefficient, "momentum of Muon's other tensors")
    }
  }
}

extension LearningRateSchedule {
  /// Checks the schedule, and that it fits into the steps where their number is known (not 0).
  ///
  /// - Throws: `NetworkError`.
  public func validate(steps: Int = 0) throws {
    try Optimizer.require(warmUp >= 0, "the warm-up has \(warmUp) steps", remedy: "choose 0 or more.")
    try Optimizer.require(
      steps == 0 || warmUp <= steps, "the warm-up has \(warmUp) steps and the training \(steps)",
      remedy: "shorten the one, or lengthen the other.")
    switch shape {
    case .constant: break
    case .linear(let final), .cosine(let final): try Optimizer.require(final, "final factor", atLeast: 0)
    case .warmUpStableDecay(let decay, let final):
      try Optimizer.require(final, "final factor", atLeast: 0)
      try Optimizer.require(
        decay > 0 && decay <= 1, "the decay takes \(decay) of all steps",
        remedy: "choose a fraction above 0, at most 1.")
      try Optimizer.require(
        steps == 0 || warmUp + Self.decaySteps(decay, of: steps) <= steps,
        "the warm-up has \(warmUp) of the \(steps) steps and the decay \(Self.decaySteps(decay, of: steps))",
        remedy: "shorten one of them.")
    case .power(let exponent, let timeScale):
      try Optimizer.require(exponent, "exponent", atLeast: 0)
      try Optimizer.require(timeScale, "time scale", above: 0)
    case .table(let table):
      try Optimizer.require(!table.isEmpty, "the table of factors is empty", remedy: "list a step and its factor.")
      for (step, factor) in table.sorted(by: { $0.key < $1.key }) {
        try Optimizer.require(step >= 0, "the table of factors names step \(step)", remedy: "count steps from 0.")
        try Optimizer.require(factor, "factor of step \(step)", atLeast: 0)
      }
    }
  }
}
