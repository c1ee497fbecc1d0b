import Foundation
import OrreryNetworks

/// The pieces of an optimizer.
extension SpecificationNode {
  /// `auto` or a number.
  func learningRate() throws -> LearningRate { text == "auto" ? .auto : .value(try positive()) }

  /// A coefficient of averages over past steps.
  func memory() throws -> Double {
    let number = try double()
    guard number >= 0, number < 1 else {
      throw error("\(name) must be from 0 to less than 1, and is \(number).")
    }
    return number
  }

  private func notNegative() throws -> Double {
    let number = try double()
    guard number >= 0 else { throw error("\(name) cannot be negative, and is \(number).") }
    return number
  }

  func betas(example: String) throws -> (Double, Double) {
    let nodes = try list()
    guard nodes.count == 2 else { throw error("\(name) lists two numbers, as in \(example), and has \(nodes.count).") }
    return (try nodes[0].memory(), try nodes[1].memory())
  }

  /// One key of several with one number, as in `{ nesterov: 0.9 }`.
  private func single(of known: [String]) throws -> (key: String, node: SpecificationNode) {
    let keys = try keys(known)
    guard keys.count == 1, let (key, node) = keys.first else {
      throw error("\(name) needs exactly one of \(known.joined(separator: ", ")).")
    }
    return (key, node)
  }

  /// A number, which is that of a heavy ball, or `{ nesterov: 0.9 }`.
  func momentum() throws -> OptimizerMethod.Momentum {
    if text != nil {
      let beta = try memory()
      return beta == 0 ? .none : .heavyBall(beta)
    }
    let (key, node) = try single(of: OptimizerMethod.Momentum.keys)
    return OptimizerMethod.Momentum(key: key, coefficient: try node.memory()) ?? .none
  }

  /// A number, coupled or decoupled as the method has it; or `{ decoupled: 0.1, of: weights }`.
  func weightDecay(for method: OptimizerMethod) throws -> WeightDecay {
    if text != nil { return WeightDecay(try notNegative(), method.usualWeightDecayKind) }
    let keys = try keys(["coupled", "decoupled", "of"])
    let scope = try keys["of"]?.choice(WeightDecay.Scope.self) ?? .all
    switch (keys["coupled"], keys["decoupled"]) {
    case (let node?, nil): return WeightDecay(try node.notNegative(), .coupled, of: scope)
    case (nil, let node?): return WeightDecay(try node.notNegative(), .decoupled, of: scope)
    default: throw error("\(name) needs a number, or exactly one of coupled and decoupled.")
    }
  }

  /// `none`, or `{ global: 1 }`.
  func clipping() throws -> GradientClipping {
    if text == "none" { return .none }
    let (key, node) = try single(of: GradientClipping.keys)
    return GradientClipping(key: key, limit: try node.positive()) ?? .none
  }

  /// `full`, a number, or `{ size: 128, replacement: true }`.
  func batch() throws -> BatchDescription {
    if let text {
      if text == "full" { return .full }
      guard Double(text.replacingOccurrences(of: "_", with: "")) != nil else {
        throw error("\(name) must be full or a whole number of samples, and is \(shape).")
      }
      return .size(try integer(atLeast: 1))
    }
    let keys = try keys(["size", "replacement"])
    guard let size = keys["size"] else { throw error("\(name) needs a size, the number of samples in a batch.") }
    return .size(try size.integer(atLeast: 1), replacement: try keys["replacement"]?.boolean() ?? false)
  }

  /// `{ W1: 2, readout: 0.5 }`.
  func multipliers() throws -> LearningRateMultipliers {
    guard case .mapping(let entries) = value else {
      throw error("\(name) must be a set of keys, as in { W1: 2, readout: 0.5 }, and is \(shape).")
    }
    let roles = ParameterRole.allCases.map(\.rawValue)
    var factors: [String: Double] = [:]
    for entry in entries {
      // Tensors are known only with the network; but a role's misspelling is no tensor, whose names have numbers.
      if !roles.contains(entry.key), !entry.key.contains(where: \.isNumber),
        let meant = Spelling.nearest(to: entry.key, among: roles)
      {
        throw SpecificationError(
          origin: origin, line: entry.line, message: "Unknown key '\(entry.key)' in \(name). Did you mean \(meant)?")
      }
      factors[entry.key] = try entry.node.notNegative()
    }
    return LearningRateMultipliers(factors)
  }

  /// A word such as `cosine`, or `{ cosine: { warm-up: 100, final: 0.1 } }`.
  func schedule() throws -> LearningRateSchedule {
    let (key, node) = try tagged()
    guard LearningRateSchedule.keys.contains(key) else {
      let hint = Spelling.nearest(to: key, among: LearningRateSchedule.keys).map { "Did you mean \($0)?" }
      throw error(
        "The schedule '\(key)' is not known. "
          + (hint ?? "The schedules are \(LearningRateSchedule.keys.joined(separator: ", ")).")
      )
    }
    if key == "table" {
      guard let node else {
        throw error("\(name) is a table without steps; list them, as in table: { 100: 0.1, 200: 0.01 }.")
      }
      return try node.table()
    }
    let keys = try node?.keys(LearningRateSchedule.parameters(of: key), allowingNull: true) ?? [:]
    func number(_ key: String, _ usual: Double) throws -> Double { try keys[key]?.notNegative() ?? usual }
    let shape: LearningRateSchedule.Shape =
      switch key {
      case "linear": .linear(final: try number("final", 0))
      case "cosine": .cosine(final: try number("final", 0))
      case "warmup-stable-decay":
        .warmUpStableDecay(
          decay: try number("decay", LearningRateSchedule.usualDecay), final: try number("final", 0))
      case "power":
        .power(exponent: try number("exponent", 0.5), timeScale: try keys["time-scale"]?.positive() ?? 1)
      default: .constant
      }
    return LearningRateSchedule(shape, warmUp: try keys["warm-up"]?.integer(atLeast: 0) ?? 0)
  }

  /// `{ 100: 0.1, 200: 0.01 }`, with `warm-up` beside the steps if there is one.
  private func table() throws -> LearningRateSchedule {
    guard case .mapping(let entries) = value else {
      throw error("\(name) must list steps and factors, as in { 100: 0.1, 200: 0.01 }, and is \(shape).")
    }
    var factors: [Int: Double] = [:]
    var warmUp = 0
    for entry in entries {
      if entry.key == "warm-up" {
        warmUp = try entry.node.integer(atLeast: 0)
      } else if let step = Int(entry.key), step >= 0 {
        factors[step] = try entry.node.notNegative()
      } else {
        throw SpecificationError(
          origin: origin, line: entry.line,
          message: "Unknown key '\(entry.key)' in \(name). The keys here are steps, whole numbers from 0, and warm-up.")
      }
    }
    guard !factors.isEmpty else { throw error("\(name) lists no step; write as in { 100: 0.1, 200: 0.01 }.") }
    return LearningRateSchedule(.table(factors), warmUp: warmUp)
  }

  private var isEmptyMapping: Bool { if case .mapping(let entries) = value { entries.isEmpty } else { false } }

  func loss() throws -> Loss {
    let (tag, node) = try tagged()
    let plain: Loss
    switch tag {
    case "cross-entropy": plain = .crossEntropy
    case "logistic": plain = .logistic
    case "hinge": plain = .hinge
    case "mse":
      let keys = try node?.keys(["reduction", "half"], allowingNull: true) ?? [:]
      return .meanSquaredError(
        reduction: try keys["reduction"]?.choice(Loss.Reduction.self) ?? .sum,
        half: try keys["half"]?.boolean() ?? true)
    default:
      let hint = Spelling.nearest(to: tag, among: Loss.keys).map { "Did you mean \($0)?" }
      throw error(
        "The loss '\(tag)' is not known. " + (hint ?? "The losses are \(Loss.keys.joined(separator: ", ")).")
      )
    }
    if let node, !node.isNull, !node.isEmptyMapping {
      throw node.error("The loss \(tag) has no keys of its own; write loss: \(tag).")
    }
    return plain
  }
}
