import Foundation
import OrreryNetworks

/// One layer of a network of finite width on one input: the kernel, the NTK and what fluctuates, to order 1/n and next.
///
/// Observables carry their powers of 1/n. The tensors of the literature are normalised by the width of the layer before:
/// V = n_(ℓ−1) Var Ĝ, G1 = n_(ℓ−1)(E Ĝ − K), U6 = n_(ℓ−1)² κ₃(Ĝ).
///
/// Behind a layer of orthogonal weights whatever fluctuates is NaN: the expansion is that of independent weights. See
/// ``isFluctuationKnown``.
public struct SingleInputLayer: Hashable, Sendable {
  /// ℓ.
  public var layer: Int
  /// n_(ℓ−1).
  public var fanIn: Int
  public var moments: ActivationMoments
  public var susceptibility: Susceptibility
  /// Θ^(ℓ) at infinite width.
  public var neuralTangentKernel: Double
  /// C_W of the layer's weights.
  public var weightVariance = 0.0
  /// Var Ĝ^(ℓ) to leading order, V/n.
  public var variance = 0.0
  /// E Ĝ^(ℓ) − K^(ℓ) to leading order, G1/n.
  public var shift = 0.0
  /// κ₃(Ĝ^(ℓ)) to leading order, U6/n².
  public var thirdCumulant = 0.0
  /// The next order of Var Ĝ, O(1/n²).
  public var nextVariance = 0.0
  /// The next order of E Ĝ − K, O(1/n²).
  public var nextShift = 0.0
  /// κ₄ of one preactivation from non-Gaussian weights, κ_W C_W²⟨σ⁴⟩/n; in the first layer κ_W C_W² Σx⁴/n₀².
  public var fourthCumulantOfWeights = 0.0
  /// κ₄ of one preactivation from non-Gaussian biases, κ_b C_b².
  public var fourthCumulantOfBiases = 0.0
  /// What non-Gaussian weights and biases add to E Ĝ, to first order in their fourth cumulant.
  public var nonGaussianShift = 0.0
  /// What non-Gaussian weights and biases add to Var Ĝ, to first order in their fourth cumulant.
  public var nonGaussianVariance = 0.0

  /// Whether what fluctuates is known here: not behind a layer whose weights depend on each other.
  public var isFluctuationKnown: Bool { !variance.isNaN }

  /// The size of ``nonGaussianShift`` relative to K.
  public var relativeNonGaussianShift: Double { kernel > 0 ? abs(nonGaussianShift) / kernel : 0 }

  /// κ₄ of one preactivation beside that of its fluctuating kernel, 3 Var Ĝ.
  public var fourthCumulant: Double { fourthCumulantOfWeights + fourthCumulantOfBiases }

  /// K^(ℓ).
  public var kernel: Double { moments.kernel }
  /// V^(ℓ).
  public var fourPointVertex: Double { variance * Double(fanIn) }
  /// G1^(ℓ).
  public var kernelCorrection: Double { shift * Double(fanIn) }
  /// U6^(ℓ).
  public var sixPointVertex: Double { thirdCumulant * Double(fanIn) * Double(fanIn) }
  /// Var Ĝ/K²: what ν ℓ/n estimates. Where K² or Var Ĝ underflows, that of the last layer before, which is less.
  public var relativeVariance = 0.0

  /// The truncation error of predicting E Ĝ = K: the sizes of all orders that are known and left out.
  public var kernelTruncation: Double { abs(shift) + abs(nextShift) + abs(nonGaussianShift) }
  /// The truncation error of predicting E Ĝ = K + G1/n.
  public var correctedKernelTruncation: Double { abs(nextShift) + abs(nonGaussianShift) }
  /// The truncation error of predicting Var Ĝ = V/n.
  public var varianceTruncation: Double { abs(nextVariance) + abs(nonGaussianVariance) }

  /// The excess kurtosis of a preactivation over networks, (3 Var Ĝ + κ₄)/K², to leading order.
  public var excessKurtosis: Double { kernel > 0 ? (3 * variance + fourthCumulant) / (kernel * kernel) : 0 }
  /// The truncation error of ``excessKurtosis``: Var Ĝ's own, and what the shift of the mean does to the ratio.
  public var excessKurtosisTruncation: Double {
    guard kernel > 0 else { return 0 }
    return (3 * varianceTruncation + abs(fourthCumulantOfWeights) * relativeVariance) / (kernel * kernel)
      + 2 * abs(excessKurtosis) * kernelTruncation / kernel
  }
}

/// The 1/n expansion on one input: V, G1, U6 layer by layer for any widths, with the order after.
///
/// Given Ĝ^(ℓ), E Ĝ^(ℓ+1) = f(Ĝ) = C_b + C_W m(Ĝ), Var = C_W²c₂(Ĝ)/n_ℓ, κ₃ = C_W³c₃(Ĝ)/n_ℓ²; the laws of total
/// cumulance, with derivatives in K and g = E Ĝ − K, v = Var Ĝ, κ = κ₃(Ĝ), give
///
///     v′ = C_W²c₂/n + f′²v                g′ = f′g + ½f″v
///     κ′ = C_W³c₃/n² + 3C_W²f′c₂′v/n + f′³κ + 3f′²f″v²
///     v₂′ = C_W²(c₂′g + ½c₂″v)/n + f′²v₂ + 2f′f″gv + f′f″κ + ½f″²v² + f′f‴v²
///     g₂′ = f′g₂ + ½f″(g² + v₂) + ½f‴gv + ⅙f‴κ + ⅛f⁗v²
///
/// The first three are V, G1, U6 (Yaida 2020; PDLT §4); v₂ and g₂ are their next orders, which serve as truncation
/// errors. For homogeneous activations v + v₂ are the first two orders of the exact Π(1 + (3c − 1)/n_ℓ) − 1.
/// Domain: v ≪ K². Weights and biases with excess kurtosis κ_W, κ_b add κ₄(z) = κ_W C_W²⟨σ⁴⟩/n + κ_b C_b². For any g,
/// ⟨g⟩ then changes by κ₄/24 ⟨g⁗⟩ = κ₄/6 d²⟨g⟩/dK², so that E Ĝ′ gains ⅙f″κ₄ and
/// Var Ĝ′ gains ⅙κ₄[C_W²(c₂″ + 2m′²)/n + 2f′f‴v]
/// Both are of first order in κ₄: what is left is of relative order κ₄/K², κ₆/K³.
///
/// Elements of an orthogonal matrix are not independent: given Ĝ, the preactivations of a layer share the exact length of
/// σ(z), so that Var Ĝ′ is not C_W²c₂/n (for tanh at width 32 it is about a third below in the second layer, and does not
/// add up over layers). K, Θ and the susceptibilities are the same at infinite width; the fluctuations behind such a layer
/// are left out, as NaN, which ``GramChain`` refuses for the same reason.
public struct SingleInputFlow: Sendable {
  /// ℓ = 1 … L.
  public var layers: [SingleInputLayer]

  /// - Parameters:
  ///   - layers: C_W and C_b of each dense layer.
  ///   - fanIns: n₀ … n_(L−1).
  ///   - meanSquaredInput: q = |x|²/n₀.
  ///   - meanFourthPowerInput: Σx⁴/n₀, which non-Gaussian weights of the first layer feel; q², its least value, when nil.
  ///   - parametrization: which λ_b and λ_W the NTK has.
  public init(
    _ activation: Activation, layers: [LayerInitialization], fanIns: [Int], meanSquaredInput: Double,
    meanFourthPowerInput: Double? = nil, parametrization: Parametrization = .ntk
  ) {
    self.init(
      activation, layers: layers, fanIns: fanIns, meanSquaredInput: meanSquaredInput,
      meanFourthPowerInput: meanFourthPowerInput,
      learningRates: parametrization.learningRates(layers, fanIns: fanIns))
  }

  public init(_ network: PerceptronView, meanSquaredInput: Double, meanFourthPowerInput: Double? = nil) {
    self.init(
      network.architecture.activation, layers: network.layers, fanIns: network.fanIns,
      meanSquaredInput: meanSquaredInput, meanFourthPowerInput: meanFourthPowerInput,
      parametrization: network.parametrization)
  }

  /// A network on one input of n₀ features.
  public init(_ network: PerceptronView, input: [Double]) {
    let squares = input.map { $0 * $0 }
    let count = Double(max(1, input.count))
    self.init(
      network, meanSquaredInput: squares.reduce(0, +) / count,
      meanFourthPowerInput: squares.reduce(0) { $0 + $1 * $1 } / count)
  }

  /// - Parameter learningRates: λ_b and λ_W of each layer (η λ_b for biases, η λ_W/fan-in for weights).
  public init(
    _ activation: Activation, layers initializations: [LayerInitialization], fanIns: [Int], meanSquaredInput: Double,
    meanFourthPowerInput: Double? = nil, learningRates: [LayerLearningRates]
  ) {
    precondition(fanIns.count == initializations.count && learningRates.count == fanIns.count, "One entry a layer.")
    layers = []
    for (index, initialization) in initializations.enumerated() {
      let following = initializations[min(index + 1, initializations.count - 1)].weightVariance
      let rates = learningRates[index]
      let second = layers.last?.moments.secondMoment ?? meanSquaredInput
      let kernel = initialization.biasVariance + initialization.weightVariance * second
      guard kernel.isFinite else { break }
      let moments = ActivationMoments(activation, kernel: kernel)
      var tangent = rates.bias + rates.weight * second
      if let before = layers.last { tangent += before.susceptibility.perpendicular * before.neuralTangentKernel }
      var layer = SingleInputLayer(
        layer: index + 1, fanIn: fanIns[index], moments: moments,
        susceptibility: Susceptibility(moments, weightVariance: following), neuralTangentKernel: tangent)
      layer.weightVariance = initialization.weightVariance
      if let before = layers.last {
        Self.propagate(from: before, to: &layer, weight: initialization.weightVariance)
        if initializations[index - 1].weightDistribution == .orthogonal { layer.forgetFluctuations() }
      }
      let fourthPower =
        layers.last?.moments.fourthMoment ?? meanFourthPowerInput ?? meanSquaredInput * meanSquaredInput
      layer.fourthCumulantOfWeights =
        initialization.weightDistribution.excessKurtosis * pow(initialization.weightVariance, 2) * fourthPower
        / Double(fanIns[index])
      layer.fourthCumulantOfBiases =
        initialization.biasDistribution.excessKurtosis * pow(initialization.biasVariance, 2)
      layers.append(layer)
    }
  }

  private static func propagate(from x: SingleInputLayer, to y: inout SingleInputLayer, weight: Double) {
    let m = x.moments
    let k = max(m.kernel, Double.leastNormalMagnitude)
    let n = Double(y.fanIn)
    let w2 = weight * weight
    let (v, g, third) = (x.variance, x.shift, x.thirdCumulant)
    let f1 = weight * m.slopeOfSecondMoment
    let f2 = weight * m.curvatureOfSecondMoment
    y.variance = w2 * m.varianceOfSquare / n + f1 * f1 * v
    let square = y.kernel * y.kernel
    y.relativeVariance =
      y.variance.isNaN || square.isNormal && (y.variance.isNormal || x.variance == 0)
      ? y.variance / square : x.relativeVariance
    y.shift = f1 * g + f2 * v / 2
    y.thirdCumulant =
      w2 * weight * m.thirdCumulantOfSquare / (n * n) + 3 * w2 * f1 * m.slopeOfVarianceOfSquare * v / n
      + f1 * f1 * f1 * third + 3 * f1 * f1 * f2 * v * v
    // The next order in units of K, so that no power of a small kernel underflows: v/K², g/K, κ/K³, Kf″, K²f‴, K³f⁗.
    let (rv, rg, r3) = (v / k / k, g / k, third / k / k / k)
    let (rv2, rg2) = (x.nextVariance / k / k, x.nextShift / k)
    let (s2, s3, s4) = (f2 * k, weight * m.scaledThirdDerivative / k, weight * m.scaledFourthDerivative / k)
    y.nextVariance =
      w2 * (m.slopeOfVarianceOfSquare * g + m.scaledCurvatureOfVarianceOfSquare * rv / 2) / n
      + k * k * (f1 * f1 * rv2 + 2 * f1 * s2 * rg * rv + f1 * s2 * r3 + (s2 * s2 / 2 + f1 * s3) * rv * rv)
    y.nextShift =
      k * (f1 * rg2 + s2 * (rg * rg + rv2) / 2 + s3 * (rg * rv / 2 + r3 / 6) + s4 * rv * rv / 8)
    y.nonGaussianShift = f1 * x.nonGaussianShift + f2 * x.fourthCumulant / 6
    // κ₄/K², and C_W² K²(c₂″ + 2m′²)/n.
    let r4 = x.fourthCumulant / k / k
    let ofSquare = w2 * (m.scaledCurvatureOfVarianceOfSquare + 2 * pow(k * m.slopeOfSecondMoment, 2)) / n
    y.nonGaussianVariance = f1 * f1 * x.nonGaussianVariance + r4 / 6 * (ofSquare + 2 * f1 * s3 * k * k * rv)
  }

  /// The relative variance of the output's kernel, Var Ĝ/K² to leading order: ν L/n of this network; NaN where it is not known.
  public var relativeVariance: Double { layers.last?.relativeVariance ?? 0 }
}

extension SingleInputLayer {
  /// Makes everything NaN that the expansion does not know behind weights that depend on each other.
  fileprivate mutating func forgetFluctuations() {
    for path: WritableKeyPath<Self, Double> in [
      \.variance, \.shift, \.thirdCumulant, \.nextVariance, \.nextShift, \.nonGaussianShift, \.nonGaussianVariance,
      \.relativeVariance,
    ] { self[keyPath: path] = .nan }
  }
}

extension PerceptronView {
  /// The first layer whose weights depend on each other (orthogonal ones), counted from 1; nil where all are independent, as the
  /// laws of finite width suppose.
  public var firstDependentLayer: Int? {
    layers.firstIndex { $0.weightDistribution == .orthogonal }.map { $0 + 1 }
  }
}

extension WeightDistribution {
  /// ⟨w⁴⟩/⟨w²⟩² − 3 of one element.
  var excessKurtosis: Double {
    switch self {
    // Elements of orthogonal matrices tend to normal ones. That they know of each other is more than this; see SingleInputFlow.
    case .gaussian, .orthogonal: 0
    case .uniform: -1.2
    // A unit Gaussian cut at ±2 has variance 0.773741 and fourth moment 1.416188.
    case .truncatedGaussian: -0.6344631
    }
  }
}
