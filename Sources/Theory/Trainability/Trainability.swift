import Foundation
import OrreryNetworks

/// What a network is trained on and with, as far as initialization depends on it.
public struct TrainingConditions: Hashable, Sendable {
  /// q = |x|²/n₀, averaged over the data.
  public var meanSquaredInput: Double
  /// x·x′/(|x||x′|) of a typical pair of inputs.
  public var inputCorrelation: Double
  public var optimizer: Optimizer
  public var precision: Precision
  /// B for an optimizer without a batch of its own (full-batch gradient descent).
  public var samples: Int
  /// E y², for squared error.
  public var meanSquaredTarget: Double

  public init(
    meanSquaredInput: Double, inputCorrelation: Double, optimizer: Optimizer, precision: Precision = .float32,
    samples: Int = 1, meanSquaredTarget: Double = 1
  ) {
    self.meanSquaredInput = meanSquaredInput
    self.inputCorrelation = inputCorrelation
    self.optimizer = optimizer
    self.precision = precision
    self.samples = samples
    self.meanSquaredTarget = meanSquaredTarget
  }

  /// B.
  public var batch: Int { optimizer.method.batch ?? samples }
}

/// The fate of one initialization under an optimizer and a precision, each number with the law behind it.
///
/// - Inputs that the last hidden layer cannot tell apart decide first (``RoundingHorizon``): no optimizer undoes it
///   before the layers below have moved, and what gradients there are carry no information about the input.
/// - Adam's step η m̂/(√v̂ + ε) does not depend on the gradient's scale until that meets ε; there a layer moves by the
///   fraction |g|/(|g| + ε) of a step. With bias correction m̂ = g and v̂ = g² hold from the first step on (without it,
///   v would be (1 − β₂)g², and ε meet √(1 − β₂)|g|). A gradient below the root of the precision's smallest number makes
///   v zero and the step g/ε all the same.
/// - Gradient descent and SGD are not scale-free: a step of η g below half a unit in the last place of a weight is lost.
///
/// A network whose lower layers are frozen still trains its upper ones, so that frozen layers are counted, and forbid
/// training only when all are. Sources: Schoenholz et al. 2017, Kingma and Ba 2015, and rounding as in
/// ``RoundingHorizon``. Domain: initialization, infinite width.
public struct Trainability: Sendable {
  /// What the initialization is called.
  public var name: String
  public var network: ResolvedNetwork
  public var conditions: TrainingConditions
  public var trajectory: KernelTrajectory
  public var gradients: GradientRecursion
  public var horizon: RoundingHorizon
  /// The fraction of a full step that each layer's weights take: |g|/(|g| + ε) for Adam, 0 or 1 for others, by whether a
  /// step survives rounding.
  public var stepFractions: [Double]
  public var verdict: TrainabilityVerdict

  /// - Parameters:
  ///   - name: what to call the initialization: "nn.Linear", "He", "critical".
  ///   - integrator: expectations over pairs; the activation's dual if not given.
  public init(
    name: String, _ network: ResolvedNetwork, conditions: TrainingConditions,
    integrator: (any PairIntegrator)? = nil
  ) {
    self.name = name
    self.network = network
    self.conditions = conditions
    let architecture = network.architecture
    let integrator = integrator ?? architecture.activation.pairIntegrator
    let gap = min(max(1 - conditions.inputCorrelation, 0), 2)
    trajectory = KernelTrajectory(
      network, meanSquaredInput: conditions.meanSquaredInput, oneMinusCorrelation: gap, integrator: integrator)
    horizon = RoundingHorizon(
      network, meanSquaredInput: conditions.meanSquaredInput, oneMinusCorrelation: gap,
      precision: conditions.precision, searching: max(64, architecture.depth), integrator: integrator)
    guard trajectory.entries.count == architecture.layerCount, trajectory.entries.allSatisfy({ $0.kernel.isFinite })
    else {
      gradients = GradientRecursion(layers: [])
      stepFractions = []
      verdict = .willNotTrain(.overflow(layer: trajectory.entries.count))
      return
    }
    gradients = GradientRecursion(
      trajectory, layers: network.layers, widths: architecture.layerWidths,
      meanSquaredInput: conditions.meanSquaredInput, inputCorrelation: conditions.inputCorrelation,
      loss: conditions.optimizer.loss, batch: conditions.batch, meanSquaredTarget: conditions.meanSquaredTarget)
    stepFractions = Self.stepFractions(gradients, network, conditions)
    verdict = .trains
    verdict = decide()
  }

  private static func stepFractions(
    _ gradients: GradientRecursion, _ network: ResolvedNetwork, _ conditions: TrainingConditions
  ) -> [Double] {
    let (precision, floor) = (conditions.precision, conditions.precision.leastSubnormal)
    return zip(gradients.layers, zip(network.layers, network.fanIns)).map { layer, shape in
      guard layer.weight >= floor else { return 0 }
      let weight = (shape.0.weightVariance / Double(shape.1)).squareRoot()
      switch conditions.optimizer.method {
      case .adam(_, let epsilon, _, _): return layer.weight / (layer.weight + epsilon)
      case .sgd(let rate, _, _, _), .gradientDescent(let rate, _):
        // A learning rate that is still to be chosen cannot be too small.
        guard case .value(let value) = rate else { return 1 }
        return value * layer.weight >= precision.unitRoundoff * weight ? 1 : 0
      }
    }
  }

  private func decide() -> TrainabilityVerdict {
    let architecture = network.architecture
    let greatest = conditions.precision.greatestFinite
    // Five standard deviations: one value in two million is larger.
    for entry in trajectory.entries where 5 * entry.kernel.squareRoot() > greatest {
      return .willNotTrain(.overflow(layer: entry.layer))
    }
    for layer in gradients.layers.reversed() where !(5 * max(layer.preactivation, layer.weight) <= greatest) {
      return .willNotTrain(.overflow(layer: layer.layer))
    }
    if let depth = horizon.depth, depth < architecture.depth {
      let last = trajectory.entries[max(0, architecture.depth - 1)]
      return .willNotTrain(
        last.susceptibility.perpendicular > 1
          ? .roundingGrows(horizon: depth, depth: architecture.depth)
          : .indistinguishableInputs(horizon: depth, depth: architecture.depth))
    }
    if stepFractions.allSatisfy({ $0 < Self.frozenFraction }) {
      let largest = gradients.layers.map(\.weight).max() ?? 0
      return .willNotTrain(.frozenGradients(largest: largest, floor: floor))
    }
    return .trains
  }

  /// A layer that takes less than half of a step counts as frozen: |g| < ε. A convention.
  static let frozenFraction = 0.5

  private var floor: Double {
    if case .adam(_, let epsilon, _, _) = conditions.optimizer.method { return epsilon }
    return conditions.precision.leastSubnormal
  }

  /// The layers whose weights hardly move at first.
  public var frozenLayers: [Int] {
    zip(gradients.layers, stepFractions).filter { $1 < Self.frozenFraction }.map(\.0.layer)
  }

  /// K^(L).
  public var outputKernel: Double { trajectory.entries.last?.kernel ?? .nan }
  /// c^(L) of two typical inputs.
  public var outputCorrelation: Double { trajectory.entries.last?.pair?.correlation ?? .nan }

  /// What else is worth saying, in sentences.
  public var remarks: [String] {
    var remarks: [String] = []
    let frozen = frozenLayers
    if !frozen.isEmpty, verdict.trains {
      remarks.append(
        "\(frozen.count) of \(network.layers.count) layers hardly move at first: their gradients are below the floor.")
    }
    if !conditions.optimizer.method.isScaleFree, let first = gradients.layers.first, let last = gradients.layers.last,
      first.weight > 0, last.weight > 0
    {
      let ratio = first.weight / last.weight
      if ratio < 0.1 || ratio > 10 {
        let text = String(format: "%.2g", ratio)
        remarks.append(
          "The first layer's gradient is \(text) times the readout's, and \(conditions.optimizer.method.name) steps go with it."
        )
      }
    }
    return remarks
  }
}

extension GradientRecursion {
  init(layers: [Layer]) { self.layers = layers }
}

extension Precision {
  /// The smallest positive number, subnormal ones included.
  var leastSubnormal: Double { leastNormal * 2 * unitRoundoff }
}

extension Trainability {
  /// Whether two initializations come out alike under an optimizer: the same verdict and, for an optimizer that is not
  /// scale-free, gradients of the same size within a factor of ten in every layer.
  public func isEquivalent(to other: Trainability) -> Bool {
    guard verdict.trains == other.verdict.trains else { return false }
    guard verdict.trains, !conditions.optimizer.method.isScaleFree else {
      return zip(stepFractions, other.stepFractions).allSatisfy {
        ($0 < Self.frozenFraction) == ($1 < Self.frozenFraction)
      }
    }
    return zip(gradients.layers, other.gradients.layers).allSatisfy {
      $0.weight < 10 * $1.weight && $1.weight < 10 * $0.weight
    }
  }
}
