/// The method's own numbers, beside the keys that all methods have.
extension OptimizerMethod {
  private enum Key: String, CodingKey {
    case momentum, betas, epsilon
    case epsilonPlacement = "epsilon-placement"
    case biasCorrection = "bias-correction"
    case decay, nesterov
    case newtonSchulzSteps = "newton-schulz-steps"
    case scale, matrices, others, time
    case relativeTolerance = "relative-tolerance"
    case absoluteTolerance = "absolute-tolerance"
  }

  init(key: String, from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: Key.self)
    func placement() throws -> EpsilonPlacement {
      try keys.decodeIfPresent(EpsilonPlacement.self, forKey: .epsilonPlacement) ?? .outsideRoot
    }
    switch key {
    case "gradient-descent":
      self = .gradientDescent(try keys.decodeIfPresent(Momentum.self, forKey: .momentum) ?? .none)
    case "sgd": self = .sgd(try keys.decodeIfPresent(Momentum.self, forKey: .momentum) ?? .none)
    case "adam": self = .adam(try Adam(from: decoder))
    case "adamw": self = .adamW(try Adam(from: decoder))
    case "rmsprop":
      self = .rmsProp(
        RMSProp(
          decay: try keys.decodeIfPresent(Double.self, forKey: .decay) ?? RMSProp().decay,
          epsilon: try keys.decodeIfPresent(Double.self, forKey: .epsilon) ?? RMSProp().epsilon,
          epsilonPlacement: try placement(),
          hasBiasCorrection: try keys.decodeIfPresent(Bool.self, forKey: .biasCorrection) ?? false))
    case "lion":
      let betas = try keys.decodeIfPresent([Double].self, forKey: .betas) ?? [Lion().beta1, Lion().beta2]
      try Adam.requirePair(betas)
      self = .lion(Lion(beta1: betas[0], beta2: betas[1]))
    case "muon":
      let usual = Muon()
      self = .muon(
        Muon(
          momentum: try keys.decodeIfPresent(Double.self, forKey: .momentum) ?? usual.momentum,
          isNesterov: try keys.decodeIfPresent(Bool.self, forKey: .nesterov) ?? usual.isNesterov,
          newtonSchulzSteps: try keys.decodeIfPresent(Int.self, forKey: .newtonSchulzSteps) ?? usual.newtonSchulzSteps,
          scale: try keys.decodeIfPresent(Muon.Scale.self, forKey: .scale) ?? usual.scale,
          matrices: try keys.decodeIfPresent(Muon.Matrices.self, forKey: .matrices) ?? usual.matrices,
          others: try keys.decodeIfPresent(Muon.OtherTensors.self, forKey: .others) ?? usual.others))
    case "gradient-flow":
      let usual = GradientFlow(endTime: 0)
      self = .gradientFlow(
        GradientFlow(
          endTime: try keys.decode(Double.self, forKey: .time),
          relativeTolerance: try keys.decodeIfPresent(Double.self, forKey: .relativeTolerance)
            ?? usual.relativeTolerance,
          absoluteTolerance: try keys.decodeIfPresent(Double.self, forKey: .absoluteTolerance)
            ?? usual.absoluteTolerance))
    default:
      throw NetworkError(
        .unknownName, "there is no optimizer called '\(key)'", remedy: Spelling.remedy(for: key, among: Self.keys))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: Key.self)
    switch self {
    case .gradientDescent(let momentum), .sgd(let momentum):
      if momentum != .none { try keys.encode(momentum, forKey: .momentum) }
    case .adam(let adam), .adamW(let adam): try adam.encode(to: encoder)
    case .rmsProp(let rmsProp):
      try keys.encode(rmsProp.decay, forKey: .decay)
      try keys.encode(rmsProp.epsilon, forKey: .epsilon)
      try keys.encode(rmsProp.epsilonPlacement, forKey: .epsilonPlacement)
      try keys.encode(rmsProp.hasBiasCorrection, forKey: .biasCorrection)
    case .lion(let lion): try keys.encode([lion.beta1, lion.beta2], forKey: .betas)
    case .muon(let muon):
      try keys.encode(muon.momentum, forKey: .momentum)
      try keys.encode(muon.isNesterov, forKey: .nesterov)
      try keys.encode(muon.newtonSchulzSteps, forKey: .newtonSchulzSteps)
      try keys.encode(muon.scale, forKey: .scale)
      try keys.encode(muon.matrices, forKey: .matrices)
      try keys.encode(muon.others, forKey: .others)
    case .gradientFlow(let flow):
      try keys.encode(flow.endTime, forKey: .time)
      try keys.encode(flow.relativeTolerance, forKey: .relativeTolerance)
      try keys.encode(flow.absoluteTolerance, forKey: .absoluteTolerance)
    }
  }
}

/// `{"heavy-ball": 0.9}`.
extension OptimizerMethod.Momentum: Codable {
  public init(from decoder: any Decoder) throws {
    let kinds = try decoder.singleValueContainer().decode([String: Double].self)
    guard let (key, coefficient) = kinds.first, kinds.count <= 1 else {
      self = .none
      return
    }
    guard let momentum = Self(key: key, coefficient: coefficient) else {
      throw NetworkError(
        .unknownName, "there is no momentum called '\(key)'", remedy: Spelling.remedy(for: key, among: Self.keys))
    }
    self = momentum
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let key { try container.encode([key: coefficient]) } else { try container.encode([String: Double]()) }
  }
}

extension OptimizerMethod.Adam: Codable {
  private enum Key: String, CodingKey {
    case betas, epsilon
    case epsilonPlacement = "epsilon-placement"
    case biasCorrection = "bias-correction"
  }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: Key.self)
    let usual = Self()
    let betas = try keys.decodeIfPresent([Double].self, forKey: .betas) ?? [usual.beta1, usual.beta2]
    try Self.requirePair(betas)
    self.init(
      beta1: betas[0], beta2: betas[1],
      epsilon: try keys.decodeIfPresent(Double.self, forKey: .epsilon) ?? usual.epsilon,
      epsilonPlacement: try keys.decodeIfPresent(OptimizerMethod.EpsilonPlacement.self, forKey: .epsilonPlacement)
        ?? usual.epsilonPlacement,
      hasBiasCorrection: try keys.decodeIfPresent(Bool.self, forKey: .biasCorrection) ?? usual.hasBiasCorrection)
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: Key.self)
    try keys.encode([beta1, beta2], forKey: .betas)
    try keys.encode(epsilon, forKey: .epsilon)
    try keys.encode(epsilonPlacement, forKey: .epsilonPlacement)
    try keys.encode(hasBiasCorrection, forKey: .biasCorrection)
  }

  static func requirePair(_ betas: [Double]) throws {
    guard betas.count == 2 else {
      throw NetworkError(.wrongCount, "betas lists \(betas.count) numbers", remedy: "list two, as in [0.9, 0.999].")
    }
  }
}

/// `{"adamw": {"betas": [0.9, 0.999]}, "learning-rate": 0.001}`.
extension OptimizerMethod.Muon.OtherTensors: Codable {
  private enum Key: String, CodingKey {
    case adamw, sgd
    case learningRate = "learning-rate"
  }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: Key.self)
    let rate = try keys.decodeIfPresent(Double.self, forKey: .learningRate)
    if let momentum = try keys.decodeIfPresent(OptimizerMethod.Momentum.self, forKey: .sgd) {
      self.init(.sgd(momentum), learningRate: rate)
    } else {
      self.init(.adamW(try keys.decode(OptimizerMethod.Adam.self, forKey: .adamw)), learningRate: rate)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: Key.self)
    switch method {
    case .adamW(let adam): try keys.encode(adam, forKey: .adamw)
    case .sgd(let momentum): try keys.encode(momentum, forKey: .sgd)
    }
    try keys.encodeIfPresent(learningRate, forKey: .learningRate)
  }
}
