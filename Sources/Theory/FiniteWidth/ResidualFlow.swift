import OrreryAnalysis
import OrreryNetworks

/// Kernel, NTK and order-1/n vertices of a residual perceptron z′ = γz + b + Wσ(N z) on one input, layer by layer.
///
/// At infinite width, with m = ⟨σ²⟩ and ⟨ ⟩ over K, or over 1 behind a normalization N,
///
///     K′ = C_b + C_W m + γ²K,   Θ′ = λ_b + λ_W m + (γ² + C_W⟨σ′²⟩ dN²)Θ,
///
/// dN² = 1 without a normalization and 1/K with one (its projections cost order 1/n); gains learned beside add C_W⟨u²σ′²⟩ to Θ′, shifts
/// C_W⟨σ′²⟩. A branch scale a multiplies C_W, C_b, λ_W and λ_b by a². At order 1/n, without normalization: given Ĝ the neurons are not
/// independent, since the skip carries each neuron's own value on, and where σ² is not even a three-point vertex appears,
/// E z_i z_j² = T₃/n for i ≠ j. With c₂ = ⟨σ⁴⟩ − m², f₁ = ⟨(σ²)′⟩, χ = γ² + C_W m′ (primes of m by K):
///
///     T₃′ = γ[χT₃ + C_W⟨zσ²⟩]
///     V′ = χ²V + C_W²c₂ + 2γ²C_W(⟨z²σ²⟩ − Km) + 2C_Wf₁χT₃
///
/// with ⟨zσ²⟩ = Kf₁ and ⟨z²σ²⟩ − Km = 2K²m′ by Stein. For a ReLU branch leaving out T₃ misses a third of V within five layers.
///
/// Source: PDLT appendix B; K. Fischer, D. Dahmen, M. Helias, arXiv:2305.07715; normalized steps D. Doshi, T. He, A. Gromov,
/// arXiv:2111.12143. Domain: of vertices V/n ≪ K², Gaussian weights, no normalization (it fixes K of each network); the first layer has no
/// skip.
public struct ResidualFlow: Sendable {
  /// One layer's kernel, NTK and vertices.
  public struct Layer: Hashable, Codable, Sendable {
    /// ℓ.
    public var layer: Int
    /// K.
    public var kernel: Double
    /// Θ; nil behind an activation that jumps.
    public var neuralTangentKernel: Double?
    /// χ_∥: the next layer's dK′/dK, γ² + C_W m′, γ² where it normalizes; nil in the last layer.
    public var parallelSusceptibility: Double?
    /// χ_⊥: the mean squared Jacobian of the step to the next layer, γ² + C_W⟨σ′²⟩dN²; nil in the last layer.
    public var perpendicularSusceptibility: Double?
    /// V: Cov(z_i², z_j²) = V/n, i ≠ j, which without a skip is Var Ĝ; nil where it is not covered.
    public var fourPointVertex: Double?
    /// T₃: E z_i z_j² = T₃/n, i ≠ j; nil likewise.
    public var threePointVertex: Double?

    fileprivate var isFinite: Bool {
      kernel.isFinite
        && [neuralTangentKernel, fourPointVertex, threePointVertex].allSatisfy { $0?.isFinite ?? true }
    }
  }

  /// ℓ = 1, 2, …: L layers, or fewer where the next one's numbers do not fit float64.
  public let layers: [Layer]
  /// Why the last layers have no vertices, as a clause; nil where all have them.
  public let vertexExclusion: String?

  /// - Parameters:
  ///   - network: with its widths, that of every step n.
  ///   - meanSquaredInput: ∣x∣²/n_0.
  public init(_ network: ResidualView, meanSquaredInput: Double) {
    let rates = network.parametrization.learningRates(network.initializations, fanIns: network.fanIns)
    let first = network.first
    self.init(
      Layer(
        layer: 1, kernel: first.biasVariance + first.weightVariance * meanSquaredInput,
        neuralTangentKernel: rates[0].bias + rates[0].weight * meanSquaredInput, fourPointVertex: 0,
        threePointVertex: 0), first: first, steps: network.steps, rates: Array(rates.dropFirst()), tiesNeurons: true)
  }

  /// Equal steps without normalization, in the NTK parametrization.
  ///
  /// - Parameters:
  ///   - skip: γ.
  ///   - weightVariance: C_W of the branches.
  ///   - biasVariance: C_b of the branches.
  ///   - firstKernel: K^(1).
  ///   - count: L.
  ///   - tiesNeurons: false leaves T₃ out, as if a layer's neurons were independent: what plain networks' recursion would say.
  /// - Precondition: numbers are finite, variances and K^(1) not negative, and L ≥ 1.
  public init(
    _ activation: Activation, skip: Double, weightVariance: Double, biasVariance: Double, firstKernel: Double,
    count: Int, tiesNeurons: Bool = true
  ) {
    for (name, value) in [("C_W", weightVariance), ("C_b", biasVariance), ("K", firstKernel)] {
      precondition(value >= 0 && value.isFinite, "\(name) must be finite and not negative, and is \(value).")
    }
    precondition(skip.isFinite, "The skip's factor must be finite, and is \(skip).")
    precondition(count >= 1, "A network has at least one layer; asked for were \(count).")
    let branch = LayerInitialization(weightVariance: weightVariance, biasVariance: biasVariance)
    let step = ResidualView.Step(skip: skip, activation: activation, initialization: branch, units: 1)
    self.init(
      Layer(layer: 1, kernel: firstKernel, neuralTangentKernel: firstKernel, fourPointVertex: 0, threePointVertex: 0),
      first: branch, steps: Array(repeating: step, count: count - 1),
      rates: Array(repeating: LayerLearningRates(bias: biasVariance, weight: weightVariance), count: count - 1),
      tiesNeurons: tiesNeurons)
  }

  private init(
    _ start: Layer, first: LayerInitialization, steps: [ResidualView.Step], rates: [LayerLearningRates],
    tiesNeurons: Bool
  ) {
    var layer = start
    var exclusion = Self.exclusion(first, layer: 1)
    if exclusion != nil { (layer.fourPointVertex, layer.threePointVertex) = (nil, nil) }
    var layers = layer.isFinite ? [layer] : []
    for (step, rate) in zip(steps, rates) where !layers.isEmpty {
      if exclusion == nil {
        exclusion =
          step.norm == nil
          ? Self.exclusion(step.initialization, layer: layer.layer + 1)
          : "the normalization before layer \(layer.layer + 1) fixes the kernel of each network"
      }
      let next = layer.next(step, rate, hasVertices: exclusion == nil, tiesNeurons: tiesNeurons)
      guard next.layer.isFinite else { break }
      layers[layers.count - 1].parallelSusceptibility = next.parallel
      layers[layers.count - 1].perpendicularSusceptibility = next.perpendicular
      layer = next.layer
      layers.append(layer)
    }
    self.layers = layers
    vertexExclusion = exclusion
  }

  private static func exclusion(_ initialization: LayerInitialization, layer: Int) -> String? {
    let weights = initialization.weightDistribution
    let biases = initialization.biasDistribution
    if weights != .gaussian {
      return "the weights of layer \(layer) are \(weights.rawValue), and vertices are known for Gaussian ones"
    }
    if biases != .gaussian, initialization.biasVariance > 0 {
      return "the biases of layer \(layer) are \(biases.rawValue), and vertices are known for Gaussian ones"
    }
    return nil
  }

  /// ν of V/K² → νℓ at criticality, C_W = (1 − γ²)/A₂ and C_b = 0, for a two-slope branch with slopes a₊, a₋.
  ///
  /// ν = (1 − γ²)[(3c − 1)(1 − γ²) + 4γ² + (4/π)d²γ(1 + γ)], A₂ = ½(a₊² + a₋²), c = ½(a₊⁴ + a₋⁴)/A₂², d = (a₊² − a₋²)/A₂: the
  /// stationary T₃ in the recursion.
  ///
  /// - Returns: nil for other activations, or γ outside 0 ≤ γ < 1.
  public static func criticalSlope(_ activation: Activation, skip: Double) -> Double? {
    guard let slopes = activation.slopes, skip >= 0, skip < 1 else { return nil }
    let (p, q) = (slopes.positive * slopes.positive, slopes.negative * slopes.negative)
    let a2 = (p + q) / 2
    guard a2 > 0 else { return nil }
    let (c, d) = ((p * p + q * q) / 2 / (a2 * a2), (p - q) / a2)
    let square = skip * skip
    return (1 - square) * ((3 * c - 1) * (1 - square) + 4 * square + 4 / Double.pi * d * d * skip * (1 + skip))
  }
}

extension ResidualFlow.Layer {
  fileprivate func next(
    _ step: ResidualView.Step, _ rates: LayerLearningRates, hasVertices: Bool, tiesNeurons: Bool
  ) -> (layer: Self, parallel: Double, perpendicular: Double) {
    let activation = step.activation
    // A kernel of 0 stays so behind a normalization: its ε keeps it from dividing.
    let variance = step.norm == nil || kernel == 0 ? kernel : 1
    let moments = ActivationMoments(activation, kernel: variance)
    let (share, square) = (step.scale * step.scale, step.skip * step.skip)
    let weights = share * step.initialization.weightVariance
    var next = self
    next.layer = layer + 1
    next.kernel = share * step.initialization.biasVariance + weights * moments.secondMoment + square * kernel
    let slope = weights * moments.squaredSlope
    let chi = square + (step.norm == nil ? weights * moments.slopeOfSecondMoment : 0)
    let jacobian = square + (step.norm == nil || kernel == 0 ? slope : slope / kernel)
    if let theta = neuralTangentKernel, moments.squaredSlope.isFinite {
      var own = share * (rates.bias + rates.weight * moments.secondMoment)
      if let norm = step.norm, norm.learned {
        let gains = GaussianExpectation.one(variance: variance, kinks: activation.kinks.map(\.location)) { z in
          let slope = z * activation.derivative(1, at: z)
          return slope * slope
        }.value
        own += weights * gains + (norm.centres ? slope : 0)
      }
      next.neuralTangentKernel = own + jacobian * theta
    } else {
      next.neuralTangentKernel = nil
    }
    guard hasVertices, let v = fourPointVertex, let t = threePointVertex else {
      (next.fourPointVertex, next.threePointVertex) = (nil, nil)
      return (next, chi, jacobian)
    }
    // ⟨(σ²)′⟩ by Stein, which knows jumps too; exactly 0 where σ² is even. At K = 0 it is met only times K and T₃, both 0.
    let tilt =
      activation.parity != .neither || !tiesNeurons || kernel == 0
      ? 0
      : GaussianExpectation.one(variance: kernel, kinks: activation.kinks.map(\.location)) { z in
        z * activation(z) * activation(z) / kernel
      }.value
    next.threePointVertex = step.skip * (chi * t + weights * kernel * tilt)
    next.fourPointVertex =
      chi * chi * v + weights * weights * moments.varianceOfSquare
      + 4 * square * weights * kernel * kernel * moments.slopeOfSecondMoment + 2 * weights * tilt * chi * t
    return (next, chi, jacobian)
  }
}
