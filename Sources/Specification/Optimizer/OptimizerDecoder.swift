import OrreryNetworks

extension SpecificationNode {
  /// `{ adam: { learning-rate: 1e-3, batch: 128 }, loss: cross-entropy }`.
  func optimizer() throws -> Optimizer {
    let keys = try keys(OptimizerMethod.keys + ["loss"])
    let methods = OptimizerMethod.keys.compactMap { name in keys[name].map { (name, $0) } }
    guard methods.count == 1, let (name, node) = methods.first else {
      throw error("optimizer needs exactly one of \(OptimizerMethod.keys.joined(separator: ", ")).")
    }
    let loss = try keys["loss"]?.loss() ?? .meanSquaredError(reduction: .sum, half: true)
    let settings = try node.keys(Self.methodKeys(name) + Self.commonKeys(name), allowingNull: true)
    var optimizer = Optimizer(try node.method(name, settings), loss: loss)
    if let node = settings["learning-rate"] { optimizer.learningRate = try node.learningRate() }
    if let node = settings["schedule"] { optimizer.schedule = try node.schedule() }
    if let node = settings["multipliers"] { optimizer.multipliers = try node.multipliers() }
    if let node = settings["weight-decay"] { optimizer.weightDecay = try node.weightDecay(for: optimizer.method) }
    if let node = settings["clip"] { optimizer.clipping = try node.clipping() }
    if let node = settings["batch"] { optimizer.batch = try node.batch() }
    if let node = settings["steps"] {
      optimizer.steps = try node.integer(atLeast: 0, atMost: Optimizer.mostSteps)
    }
    // What single keys cannot show: a warm-up longer than the training, coupled decay of AdamW.
    do {
      try optimizer.validate()
    } catch let failure as NetworkError {
      throw (settings["schedule"] ?? node).error("In \(node.name), \(failure.description)")
    }
    return optimizer
  }

  /// What every method has beside its own numbers.
  private static func commonKeys(_ method: String) -> [String] {
    switch method {
    case "gradient-flow": ["multipliers", "weight-decay"]
    case "gradient-descent": ["learning-rate", "steps", "schedule", "multipliers", "weight-decay", "clip"]
    default: ["learning-rate", "batch", "steps", "schedule", "multipliers", "weight-decay", "clip"]
    }
  }

  private static let adamKeys = ["betas", "epsilon", "epsilon-placement", "bias-correction"]

  private static func methodKeys(_ method: String) -> [String] {
    switch method {
    case "gradient-descent", "sgd": ["momentum"]
    case "adam", "adamw": adamKeys
    case "rmsprop": ["decay", "epsilon", "epsilon-placement", "bias-correction"]
    case "lion": ["betas"]
    case "muon": ["momentum", "nesterov", "newton-schulz-steps", "scale", "matrices", "others"]
    default: ["time", "relative-tolerance", "absolute-tolerance"]
    }
  }

  private func method(_ key: String, _ keys: [String: SpecificationNode]) throws -> OptimizerMethod {
    switch key {
    case "gradient-descent": .gradientDescent(try keys["momentum"]?.momentum() ?? .none)
    case "sgd": .sgd(try keys["momentum"]?.momentum() ?? .none)
    case "adam": .adam(try Self.adam(keys))
    case "adamw": .adamW(try Self.adam(keys))
    case "rmsprop": .rmsProp(try Self.rmsProp(keys))
    case "lion": .lion(try Self.lion(keys))
    case "muon": .muon(try Self.muon(keys))
    default: .gradientFlow(try gradientFlow(keys))
    }
  }

  private static func adam(_ keys: [String: SpecificationNode]) throws -> OptimizerMethod.Adam {
    var adam = OptimizerMethod.Adam()
    if let node = keys["betas"] { (adam.beta1, adam.beta2) = try node.betas(example: "[0.9, 0.999]") }
    if let node = keys["epsilon"] { adam.epsilon = try node.positive() }
    if let node = keys["epsilon-placement"] {
      adam.epsilonPlacement = try node.choice(OptimizerMethod.EpsilonPlacement.self)
    }
    if let node = keys["bias-correction"] { adam.hasBiasCorrection = try node.boolean() }
    return adam
  }

  private static func rmsProp(_ keys: [String: SpecificationNode]) throws -> OptimizerMethod.RMSProp {
    var rmsProp = OptimizerMethod.RMSProp()
    if let node = keys["decay"] { rmsProp.decay = try node.memory() }
    if let node = keys["epsilon"] { rmsProp.epsilon = try node.positive() }
    if let node = keys["epsilon-placement"] {
      rmsProp.epsilonPlacement = try node.choice(OptimizerMethod.EpsilonPlacement.self)
    }
    if let node = keys["bias-correction"] { rmsProp.hasBiasCorrection = try node.boolean() }
    return rmsProp
  }

  private static func lion(_ keys: [String: SpecificationNode]) throws -> OptimizerMethod.Lion {
    var lion = OptimizerMethod.Lion()
    if let node = keys["betas"] { (lion.beta1, lion.beta2) = try node.betas(example: "[0.9, 0.99]") }
    return lion
  }

  private static func muon(_ keys: [String: SpecificationNode]) throws -> OptimizerMethod.Muon {
    var muon = OptimizerMethod.Muon()
    if let node = keys["momentum"] { muon.momentum = try node.memory() }
    if let node = keys["nesterov"] { muon.isNesterov = try node.boolean() }
    if let node = keys["newton-schulz-steps"] {
      muon.newtonSchulzSteps = try node.integer(atLeast: 1, atMost: OptimizerMethod.Muon.mostNewtonSchulzSteps)
    }
    if let node = keys["scale"] { muon.scale = try node.choice(OptimizerMethod.Muon.Scale.self) }
    if let node = keys["matrices"] { muon.matrices = try node.choice(OptimizerMethod.Muon.Matrices.self) }
    if let node = keys["others"] { muon.others = try node.otherTensors() }
    return muon
  }

  /// `{ adamw: { learning-rate: 3e-4, betas: [0.9, 0.95] } }` or `{ sgd: { momentum: 0.9 } }`.
  private func otherTensors() throws -> OptimizerMethod.Muon.OtherTensors {
    _ = try keys(["adamw", "sgd"])
    let (tag, node) = try tagged()
    let own = tag == "sgd" ? ["momentum"] : Self.adamKeys
    let keys = try node?.keys(["learning-rate"] + own, allowingNull: true) ?? [:]
    let rate = try keys["learning-rate"]?.positive()
    return OptimizerMethod.Muon.OtherTensors(
      tag == "sgd" ? .sgd(try keys["momentum"]?.momentum() ?? .none) : .adamW(try Self.adam(keys)), learningRate: rate)
  }

  private func gradientFlow(_ keys: [String: SpecificationNode]) throws -> OptimizerMethod.GradientFlow {
    guard let time = keys["time"] else {
      throw error("\(name) needs a time, at which it ends: the learning rate times the steps that it stands for.")
    }
    var flow = OptimizerMethod.GradientFlow(endTime: try time.positive())
    if let node = keys["relative-tolerance"] { flow.relativeTolerance = try node.positive() }
    if let node = keys["absolute-tolerance"] { flow.absoluteTolerance = try node.positive() }
    return flow
  }
}
