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
  /// E y² of one output, for squared error.
  public var meanSquaredTarget: Double
  /// Samples of the data, over which gradients are averaged with the correlations of their inputs and targets; without
  /// them, gradients are those of equally long inputs of one correlation with unrelated targets.
  public var data: GradientSamples?

  public init(
    meanSquaredInput: Double, inputCorrelation: Double, optimizer: Optimizer, precision: Precision = .float32,
    samples: Int = 1, meanSquaredTarget: Double = 1, data: GradientSamples? = nil
  ) {
    self.meanSquaredInput = meanSquaredInput
    self.inputCorrelation = inputCorrelation
    self.optimizer = optimizer
    self.precision = precision
    self.samples = samples
    self.meanSquaredTarget = meanSquaredTarget
    self.data = data
  }

  /// B.
  public var batch: Int { optimizer.batch.size ?? samples }
}

/// The fate of one initialization under an optimizer and a precision, each number with the law behind it.
///
/// - Inputs that the last hidden layer cannot tell apart decide first (``RoundingHorizon``): no optimizer undoes it
///   before the layers below have moved, and what gradients there are carry no information about the input. But Adam and
///   its kin move a layer by η a step however small its gradient above ε: where the layer behind the horizon (gradients grow
///   towards the output, so all above it too) takes steps that add up to its own weights, f Σ_t η_t ≥ √Var W with f the
///   fraction of a step and η_t the layer's rate as schedule and multipliers make it, weights that move together may lift the network out of the ordered phase, and no verdict is given.
///   This is a rule of thumb. PyTorch's default, 256 wide, GELU, 800 steps of Adam on 10 000 images of Fashion-MNIST: the
///   horizon is 16, the rule leaves 17 to 25 hidden layers open; of three networks each, 3 train at 16, 1 at 20, 2 at
///   24, none at 28.
/// - Adam's step η m̂/(√v̂ + ε) does not depend on the gradient's scale until that meets ε; there a layer moves by the
///   fraction |g|/(|g| + ε) of a step. With bias correction m̂ = g and v̂ = g² hold from the first step on (without it,
///   v would be (1 − β₂)g², and ε meet √(1 − β₂)|g|; inside the root, √ε stands in place of ε). A gradient below the root
///   of the precision's smallest number makes v zero and the step g/ε all the same. AdamW and RMSProp share the rule; the
///   steps of Lion and of Muon's matrices have no ε.
/// - Gradient descent and SGD are not scale-free: a step of η g below half a unit in the last place of a weight is lost.
///
/// - An activation that jumps is flat elsewhere: what backpropagation computes is exactly 0 below the readout, though
///   ⟨σ′²⟩ is infinite as a distribution.
///
/// Gradients are those of the parametrization's own parameters, which are what the optimizer meets. A network whose lower
/// layers are frozen still trains its upper ones, so that frozen layers are counted, and forbid training only when all are.
///
/// **Strong coupling.** All of this is infinite width's mean of squares. In a deep narrow network kernels and squared
/// gradients are products of many random factors: log-normal, the median far below the mean. The median of K^(L)/K_∞^(L)
/// over networks (from the Gram chain) is taken as that of the squared gradients too, which for linear and ReLU networks
/// it is: forwards and backwards, g^ℓ multiplies all L layers (Hanin and Nica 2018). Where this ratio's root is below
/// ``doubtfulFactor`` and decides something (layers fall below ε, or the optimizer passes the scale on), no verdict is
/// given.
///
/// Sources: Schoenholz et al. 2017, Kingma and Ba 2015, and rounding as in ``RoundingHorizon``. Domain: initialization.
public struct Trainability: Sendable {
  /// What the initialization is called.
  public var name: String
  public var network: PerceptronView
  public var conditions: TrainingConditions
  public var trajectory: KernelTrajectory
  public var gradients: GradientRecursion
  public var horizon: RoundingHorizon
  /// The fraction of a full step that each layer's weights take: |g|/(|g| + ε) for Adam and its kin, 1 for Lion, gradient
  /// flow and Muon's matrices, 0 or 1 for others, by whether a step survives rounding.
  public var stepFractions: [Double]
  public var verdict: TrainabilityVerdict
  /// The root of the median of K^(L)/K_∞^(L) over networks: a typical network's gradients over the root mean square.
  public var typicalFactor: Double

  /// - Parameters:
  ///   - name: what to call the initialization: "nn.Linear", "He", "critical".
  ///   - trajectory: the network's kernels with those of the typical pair, if they are already known.
  ///   - typicalKernelRatio: the median of K^(L)/K_∞^(L) over networks.
  ///   - integrator: expectations over pairs; the activation's dual if not given.
  public init(
    name: String, _ network: PerceptronView, conditions: TrainingConditions,
    trajectory known: KernelTrajectory? = nil,
    typicalKernelRatio: Double = 1, integrator: (any PairIntegrator)? = nil
  ) {
    self.name = name
    self.network = network
    self.conditions = conditions
    let architecture = network.architecture
    typicalFactor = max(0, typicalKernelRatio).squareRoot()
    let gap = min(max(1 - conditions.inputCorrelation, 0), 2)
    trajectory =
      known
      ?? KernelTrajectory(
        network, meanSquaredInput: conditions.meanSquaredInput, oneMinusCorrelation: gap,
        integrator: integrator ?? architecture.activation.pairIntegrator)
    // The network's own layers only: what lies beyond them is not asked for.
    horizon = RoundingHorizon(trajectory, precision: conditions.precision, width: architecture.widths.min() ?? 1)
    guard trajectory.entries.count == architecture.layerCount, trajectory.entries.allSatisfy({ $0.kernel.isFinite })
    else {
      gradients = GradientRecursion(layers: [])
      stepFractions = []
      verdict = .willNotTrain(.overflow(layer: trajectory.entries.count + 1))
      return
    }
    let loss = conditions.optimizer.loss
    let sampled = conditions.data.flatMap {
      GradientRecursion(network, samples: $0, loss: loss, batch: conditions.batch)
    }
    gradients =
      (sampled
      ?? GradientRecursion(
        trajectory, layers: network.layers, widths: architecture.layerWidths,
        meanSquaredInput: conditions.meanSquaredInput, inputCorrelation: conditions.inputCorrelation, loss: loss,
        batch: conditions.batch, meanSquaredTarget: conditions.meanSquaredTarget,
        isFlat: architecture.activation.isDiscontinuous)).withRespectToParameters(of: network)
    stepFractions = Self.stepFractions(gradients, network, conditions)
    verdict = .trains
    verdict = decide()
  }

  /// - Parameter factor: multiplies all gradients.
  private static func stepFractions(
    _ gradients: GradientRecursion, _ network: PerceptronView, _ conditions: TrainingConditions, factor: Double = 1
  ) -> [Double] {
    let (precision, floor) = (conditions.precision, conditions.precision.leastSubnormal)
    return zip(gradients.layers, zip(network.layers, network.fanIns)).enumerated().map { index, pair in
      let (layer, shape) = pair
      let gradient = factor * layer.weight
      guard gradient >= floor, gradient.isFinite else { return 0 }
      let isUnit = network.parametrization == .ntk
      let weight = isUnit ? 1 : (shape.0.weightVariance / Double(shape.1)).squareRoot()
      // A learning rate that is still to be chosen cannot be too small.
      func survivesRounding(_ rate: Double?) -> Double {
        guard let rate else { return 1 }
        return rate * multiplier * gradient >= precision.unitRoundoff * weight ? 1 : 0
      }
      let rate = conditions.optimizer.learningRate.value
      let multiplier = network.rateMultiplier(index, conditions.optimizer)
      switch conditions.optimizer.method {
      case .adam(let adam), .adamW(let adam): return adam.stepFraction(gradient)
      case .rmsProp(let rmsProp): return rmsProp.stepFraction(gradient)
      case .lion, .gradientFlow: return 1
      case .muon(let muon):
        if muon.orthogonalizes(network.weightRole(index)) { return 1 }
        switch muon.others.method {
        case .adamW(let adam): return adam.stepFraction(gradient)
        case .sgd: return survivesRounding(muon.others.learningRate ?? rate)
        }
      case .sgd, .gradientDescent: return survivesRounding(rate)
      }
    }
  }

  private func decide() -> TrainabilityVerdict {
    let architecture = network.architecture
    if architecture.depth > 0, architecture.activation.isDiscontinuous {
      return .willNotTrain(.noSlope(activation: architecture.activation.function.name))
    }
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
      if last.susceptibility.perpendicular <= 1, isLifted(behind: depth) {
        return .cannotSay(
          .liftedBySteps(method: conditions.optimizer.method.name, horizon: depth, depth: architecture.depth))
      }
      return .willNotTrain(
        last.susceptibility.perpendicular > 1
          ? .roundingGrows(horizon: depth, depth: architecture.depth)
          : .indistinguishableInputs(horizon: depth, depth: architecture.depth))
    }
    if stepFractions.allSatisfy({ $0 < Self.frozenFraction }) {
      let largest = gradients.layers.map(\.weight).max() ?? 0
      if conditions.optimizer.method.isScaleFree {
        let floor = conditions.optimizer.method.epsilon ?? conditions.precision.leastSubnormal
        return .willNotTrain(.frozenGradients(largest: largest, floor: floor))
      }
      return .willNotTrain(.lostSteps(largest: largest))
    }
    return doubt.map { .cannotSay($0) } ?? .trains
  }

  /// Whether the steps of training add up to the weights of the layer behind the horizon.
  private func isLifted(behind horizon: Int) -> Bool {
    let optimizer = conditions.optimizer
    guard optimizer.method.isScaleFree, let rate = optimizer.learningRate.value, stepFractions.indices.contains(horizon)
    else { return false }
    let weight =
      network.parametrization == .ntk
      ? 1 : (network.layers[horizon].weightVariance / Double(network.fanIns[horizon])).squareRoot()
    let length = Self.sumOfFactors(optimizer.schedule, steps: optimizer.steps)
    return length * rate * network.rateMultiplier(horizon, optimizer) * stepFractions[horizon] >= weight
  }

  /// Σ_t η_t/η.
  private static func sumOfFactors(_ schedule: LearningRateSchedule, steps: Int) -> Double {
    if schedule == LearningRateSchedule() { return Double(steps) }
    // Of very many steps, equally distant ones stand for all.
    let stride = max(1, steps / 100_000)
    let chosen = Swift.stride(from: 0, to: steps, by: stride)
    return chosen.reduce(0) { $0 + schedule.factor(at: $1, of: steps) * Double(min(stride, steps - $1)) }
  }

  /// What strong coupling leaves open.
  private var doubt: TrainabilityVerdict.Doubt? {
    guard typicalFactor < Self.doubtfulFactor else { return nil }
    func frozen(_ fractions: [Double]) -> Int { fractions.filter { $0 < Self.frozenFraction }.count }
    let typical = frozen(Self.stepFractions(gradients, network, conditions, factor: typicalFactor))
    guard !conditions.optimizer.method.isScaleFree || typical > frozen(stepFractions) else { return nil }
    return .stronglyCoupled(factor: typicalFactor, frozen: typical, layers: network.layers.count)
  }

  /// A typical gradient an order of magnitude below the root mean square leaves the verdict in doubt. A convention.
  static let doubtfulFactor = 0.1

  /// A layer that takes less than half of a step counts as frozen: |g| < ε. A convention.
  static let frozenFraction = 0.5

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

extension PerceptronView {
  /// The role of the weights of layer `index` + 1.
  fileprivate func weightRole(_ index: Int) -> ParameterRole {
    index == 0 ? .input : index == layers.count - 1 ? .readout : .hidden
  }

  /// The factor of the learning rate that the weights of layer `index` + 1 have of their own.
  fileprivate func rateMultiplier(_ index: Int, _ optimizer: Optimizer) -> Double {
    optimizer.multipliers.factor(tensor: "W\(index + 1)", role: weightRole(index))
  }
}

extension GradientRecursion {
  init(layers: [Layer]) { self.layers = layers }
}

extension Precision {
  /// The smallest positive number, subnormal ones included.
  var leastSubnormal: Double { leastNormal * 2 * unitRoundoff }
}
