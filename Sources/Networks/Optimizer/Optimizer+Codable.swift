// As in descriptions: `{"adam": {"learning-rate": 0.001, "betas": [0.9, 0.999], …, "batch": 128}, "loss": "cross-entropy"}`.

extension Optimizer: Codable {
  private enum Key: String, CodingKey {
    case learningRate = "learning-rate"
    case schedule, multipliers
    case weightDecay = "weight-decay"
    case clip, batch, steps
  }

  private static let lossKey = AnyKey(stringValue: "loss")

  /// - Throws: `NetworkError` for wrong names, `DecodingError` for the wrong shape.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    let names = container.allKeys.map(\.stringValue).filter { $0 != Self.lossKey.stringValue }
    guard let name = names.first, names.count == 1 else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "An optimizer has one method, and here are \(names.count): \(names.sorted())."))
    }
    let inside = try container.superDecoder(forKey: AnyKey(stringValue: name))
    let method = try OptimizerMethod(key: name, from: inside)
    let keys = try inside.container(keyedBy: Key.self)
    self.init(
      method,
      learningRate: try keys.decodeIfPresent(LearningRate.self, forKey: .learningRate) ?? .auto,
      schedule: try keys.decodeIfPresent(LearningRateSchedule.self, forKey: .schedule) ?? LearningRateSchedule(),
      multipliers: LearningRateMultipliers(
        try keys.decodeIfPresent([String: Double].self, forKey: .multipliers) ?? [:]),
      weightDecay: try keys.decodeIfPresent(WeightDecay.self, forKey: .weightDecay),
      clipping: try keys.decodeIfPresent(GradientClipping.self, forKey: .clip) ?? .none,
      batch: try keys.decodeIfPresent(BatchDescription.self, forKey: .batch),
      steps: try keys.decodeIfPresent(Int.self, forKey: .steps) ?? 0,
      loss: try container.decodeIfPresent(Loss.self, forKey: Self.lossKey)
        ?? .meanSquaredError(reduction: .sum, half: true))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: AnyKey.self)
    try container.encode(loss, forKey: Self.lossKey)
    let inside = container.superEncoder(forKey: AnyKey(stringValue: method.key))
    try method.encode(to: inside)
    var keys = inside.container(keyedBy: Key.self)
    try keys.encode(learningRate, forKey: .learningRate)
    try keys.encode(batch, forKey: .batch)
    try keys.encode(steps, forKey: .steps)
    if schedule != LearningRateSchedule() { try keys.encode(schedule, forKey: .schedule) }
    if multipliers != [:] { try keys.encode(multipliers.factors, forKey: .multipliers) }
    if weightDecay != method.usualWeightDecay { try keys.encode(weightDecay, forKey: .weightDecay) }
    if clipping != .none { try keys.encode(clipping, forKey: .clip) }
  }
}

/// `{"global": 1}`.
extension GradientClipping: Codable {
  public init(from decoder: any Decoder) throws {
    let factors = try decoder.singleValueContainer().decode([String: Double].self)
    guard let (key, limit) = factors.first, factors.count <= 1 else {
      self = .none
      return
    }
    guard let clipping = GradientClipping(key: key, limit: limit) else {
      throw NetworkError(
        .unknownName, "there is no clipping called '\(key)'", remedy: Spelling.remedy(for: key, among: Self.keys))
    }
    self = clipping
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let key, let limit { try container.encode([key: limit]) } else { try container.encode([String: Double]()) }
  }
}

/// `{"decoupled": 0.1}`, and `"of": "weights"` beside it where biases and norms are spared.
extension WeightDecay: Codable {
  private enum Key: String, CodingKey { case coupled, decoupled, of }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let scope = try container.decodeIfPresent(Scope.self, forKey: .of) ?? .all
    if let coefficient = try container.decodeIfPresent(Double.self, forKey: .coupled) {
      self.init(coefficient, .coupled, of: scope)
    } else {
      self.init(try container.decode(Double.self, forKey: .decoupled), .decoupled, of: scope)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(coefficient, forKey: kind == .coupled ? .coupled : .decoupled)
    if scope != .all { try container.encode(scope, forKey: .of) }
  }
}

/// `{"cosine": {"final": 0.1, "warm-up": 100}}`; a table's steps stand beside its warm-up.
extension LearningRateSchedule: Codable {
  public init(from decoder: any Decoder) throws {
    let shapes = try decoder.singleValueContainer().decode([String: [String: Double]].self)
    guard let (key, numbers) = shapes.first, shapes.count == 1 else {
      throw NetworkError(
        .wrongCount, "a schedule has \(shapes.count) shapes",
        remedy: "choose one of \(Self.keys.joined(separator: ", ")).")
    }
    try self.init(key: key, numbers: numbers)
  }

  /// - Parameters:
  ///   - key: one of ``keys``.
  ///   - numbers: `final`, `decay`, `exponent`, `time-scale`, `warm-up`, or a table's steps.
  /// - Throws: `NetworkError` for names that are not known.
  init(key: String, numbers: [String: Double]) throws {
    var rest = numbers
    func take(_ name: String, _ usual: Double) -> Double { rest.removeValue(forKey: name) ?? usual }
    let length = take("warm-up", 0)
    guard let warmUp = Int(exactly: length) else {
      throw NetworkError(.invalidValue, "the warm-up has \(length) steps", remedy: "choose a whole number.")
    }
    let shape: Shape
    switch key {
    case "constant": shape = .constant
    case "linear": shape = .linear(final: take("final", 0))
    case "cosine": shape = .cosine(final: take("final", 0))
    case "warmup-stable-decay":
      shape = .warmUpStableDecay(decay: take("decay", Self.usualDecay), final: take("final", 0))
    case "power": shape = .power(exponent: take("exponent", 0.5), timeScale: take("time-scale", 1))
    case "table":
      var table: [Int: Double] = [:]
      for (name, factor) in rest {
        guard let step = Int(name) else {
          throw NetworkError(
            .unknownParameter, "a table of factors names '\(name)'", remedy: "name steps by whole numbers.")
        }
        table[step] = factor
      }
      (shape, rest) = (.table(table), [:])
    default:
      throw NetworkError(
        .unknownName, "there is no schedule called '\(key)'", remedy: Spelling.remedy(for: key, among: Self.keys))
    }
    if let name = rest.keys.min() {
      throw NetworkError(
        .unknownParameter, "the schedule \(key) has no number called '\(name)'",
        remedy: Spelling.remedy(for: name, among: Self.parameters(of: key)))
    }
    self.init(shape, warmUp: warmUp)
  }

  /// What may stand beside a shape's key.
  public static func parameters(of key: String) -> [String] {
    switch key {
    case "linear", "cosine": ["warm-up", "final"]
    case "warmup-stable-decay": ["warm-up", "decay", "final"]
    case "power": ["warm-up", "exponent", "time-scale"]
    default: ["warm-up"]
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var numbers: [String: Double] = warmUp == 0 ? [:] : ["warm-up": Double(warmUp)]
    switch shape {
    case .constant: break
    case .linear(let final), .cosine(let final): numbers["final"] = final
    case .warmUpStableDecay(let decay, let final): (numbers["decay"], numbers["final"]) = (decay, final)
    case .power(let exponent, let timeScale): (numbers["exponent"], numbers["time-scale"]) = (exponent, timeScale)
    case .table(let table): for (step, factor) in table { numbers[String(step)] = factor }
    }
    var container = encoder.singleValueContainer()
    try container.encode([key: numbers])
  }
}
