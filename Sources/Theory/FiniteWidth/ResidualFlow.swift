import OrreryAnalysis
import OrreryNetworks

/// Kernel, NTK and order-1/n vertices of a residual perceptron z′ = γz + b + Wσ(N z) on one input, layer by layer.
///
/// At infinite width, with m = ⟨σ²⟩ and ⟨ ⟩ over K, or over 1 behind a normalization N,
///
///     K′ = C_b + C_W m + γ²K,   Θ′ = λ_b + λ_W m + (γ² + C_W⟨σ′²⟩ dN²)Θ,
///
/// dN² = 1 without a normalization, and with one of the small number ε, behind which the kernel is K/(K + ε), 1/(K + ε) (its projections
/// cost order 1/n); gains learned beside add C_W⟨u²σ′²⟩ to Θ′, shifts C_W⟨σ′²⟩. A branch scale a multiplies C_W, C_b, λ_W and λ_b by a².
///
/// At order 1/n, without normalization: given z the branches are independent Gaussians of variance Ĝ = C_b + (C_W/n)Σσ²(z_k), and the skip
/// carries each neuron's own value on, which Ĝ contains too. So two neurons' values are correlated in every order of σ². With normalized
/// Hermite polynomials h_q of u = z/√K, a_q = ⟨σ²h_q⟩, ρ = γ√(K/K′) and v_q = n Cov(h₂(u_i), h_q(u_j)), i ≠ j,
///
///     v_q′ = ρ^(q+2) v_q + ρ^q C_W(a_q + a₂v_q)/(√2K′),   q ≠ 2,
///     v₂′ = ρ⁴v₂ + √2ρ²C_W(a₂ + Σ_p a_pv_p)/K′ + C_W²[c₂ + 2a₂Σ_(p≠2) a_pv_p + a₂²v₂]/(2K′²),   c₂ = ⟨σ⁴⟩ − ⟨σ²⟩²;
///
/// covariances of h_p and h_q with neither p nor q = 2 are of order 1/n². The four-point vertex is V = 2K²v₂, and v₁ is the three-point
/// vertex, T₃ = √2 K^(3/2) v₁, E z_i z_j² = T₃/n. Orders up to 2 alone are the closed form of the literature, T₃′ = γ[χT₃ + C_W⟨zσ²⟩] and
/// V′ = χ²V + C_W²c₂ + 4γ²C_WK²m′ + 2C_W⟨(σ²)′⟩χT₃ with χ = γ² + C_Wm′ (primes of m by K): it misses some hundredths of V for GELU and
/// ReLU, and a quarter for sin(z) at K = 2 within five layers.
///
/// Source: PDLT appendix B; K. Fischer, D. Dahmen, M. Helias, arXiv:2305.07715, for orders up to 2; the others are derived as above;
/// normalized steps D. Doshi, T. He, A. Gromov, arXiv:2111.12143. Domain: of vertices V/n ≪ K², Gaussian weights, no normalization (it
/// fixes K of each network); the first layer has no skip.
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

  /// Orders q of σ² that are taken in: of a two-slope branch, whose a_q fall slowest among continuous ones, the rest is below 1e-5 of V.
  public static let mostOrders = 48

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
        threePointVertex: 0), first: first, steps: network.steps, rates: Array(rates.dropFirst()),
      orders: Self.mostOrders)
  }

  /// Equal steps without normalization, in the NTK parametrization.
  ///
  /// - Parameters:
  ///   - skip: γ.
  ///   - weightVariance: C_W of the branches.
  ///   - biasVariance: C_b of the branches.
  ///   - firstKernel: K^(1).
  ///   - count: L.
  ///   - orders: the largest q that is taken in. 2 is the literature's closed form; with 0 a layer's neurons are independent but for their
  ///     squares, what plain networks' recursion would say.
  /// - Precondition: numbers are finite, variances and K^(1) not negative, and L ≥ 1.
  public init(
    _ activation: Activation, skip: Double, weightVariance: Double, biasVariance: Double, firstKernel: Double,
    count: Int, orders: Int = ResidualFlow.mostOrders
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
      orders: orders)
  }

  private init(
    _ start: Layer, first: LayerInitialization, steps: [ResidualView.Step], rates: [LayerLearningRates],
    orders: Int
  ) {
    var pairs = PairCovariances(orders: orders)
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
      let next = layer.next(step, rate, pairs: exclusion == nil ? pairs : nil)
      guard next.layer.isFinite else { break }
      layers[layers.count - 1].parallelSusceptibility = next.parallel
      layers[layers.count - 1].perpendicularSusceptibility = next.perpendicular
      if let next = next.pairs { pairs = next }
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
  /// ν = (1 − γ²)[(3c − 1)(1 − γ²) + 4γ²] + ½d²(1 − γ²)² Σ_q b_q² γ^q/(1 − γ^q) over odd q, from the stationary v_q in the recursion, with
  /// A₂ = ½(a₊² + a₋²), c = ½(a₊⁴ + a₋⁴)/A₂², d = (a₊² − a₋²)/A₂ and b_q = ⟨u∣u∣h_q⟩: b₁² = 8/π, b_q² = (8/π) ((q − 4)!!)²/q! from q = 3.
  ///
  /// - Returns: nil for other activations, or γ outside 0 ≤ γ < 1.
  public static func criticalSlope(_ activation: Activation, skip: Double) -> Double? {
    guard let slopes = activation.slopes, skip >= 0, skip < 1 else { return nil }
    let (p, q) = (slopes.positive * slopes.positive, slopes.negative * slopes.negative)
    let a2 = (p + q) / 2
    guard a2 > 0 else { return nil }
    let (c, d) = ((p * p + q * q) / 2 / (a2 * a2), (p - q) / a2)
    let square = skip * skip
    // b₃² = (8/π)/6; b_(q+2)²/b_q² = (q − 2)²/((q + 1)(q + 2)).
    var (sum, b, power, order) = (8 / Double.pi * skip / (1 - skip), 8 / Double.pi / 6, skip * square, 3.0)
    while order <= Double(mostOrders) {
      sum += b * power / (1 - power)
      b *= (order - 2) * (order - 2) / ((order + 1) * (order + 2))
      (power, order) = (power * square, order + 2)
    }
    let rest = 1 - square
    return rest * ((3 * c - 1) * rest + 4 * square) + d * d * rest * rest / 2 * sum
  }
}

/// v_q = n Cov(h₂(u_i), h_q(u_j)) of two neurons of a layer.
private struct PairCovariances {
  /// v_0 … v_Q, with v_0 = 0.
  var values: [Double]

  /// The largest q that is taken in beside 2.
  private let limit: Int

  init(orders: Int) {
    values = Array(repeating: 0, count: max(orders, 2) + 1)
    limit = orders
  }

  /// After a step from the kernel K to K′ by C_W, γ.
  func next(_ activation: Activation, kernel: Double, after: Double, weights: Double, skip: Double, spread: Double)
    -> Self
  {
    let a = coefficients(activation, kernel: kernel)
    let rho = skip * (kernel / after).squareRoot()
    let others = a.indices.reduce(0) { $0 + ($1 == 2 ? 0 : a[$1] * values[$1]) }
    var next = self
    var power = 1.0
    for q in values.indices {
      defer { power *= rho }
      if q == 2 {
        let tied = 2.squareRoot() * power * weights * (a[2] + others + a[2] * values[2]) / after
        let own = spread + 2 * a[2] * others + a[2] * a[2] * values[2]
        next.values[2] = power * power * values[2] + tied + weights * weights * own / (2 * after * after)
      } else if q > 0 {
        let own = weights * (a[q] + a[2] * values[q]) / (2.squareRoot() * after)
        next.values[q] = power * rho * rho * values[q] + power * own
      }
    }
    return next
  }

  /// a_q = ⟨σ²h_q⟩; 0 beyond the orders that are taken in, and where σ² is even for odd q.
  private func coefficients(_ activation: Activation, kernel: Double) -> [Double] {
    let count = values.count
    let root = kernel.squareRoot()
    var a = GaussianExpectation.one(
      variance: kernel, components: count, kinks: activation.kinks.map(\.location)
    ) { (nodes: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>) in
      for i in 0..<nodes.count {
        let value = activation(nodes[i])
        let (square, u) = (value * value, nodes[i] / root)
        var (before, own) = (0.0, square)
        for q in 0..<count {
          values[q * nodes.count + i] = own
          let following = (u * own - Double(q).squareRoot() * before) / Double(q + 1).squareRoot()
          (before, own) = (own, following)
        }
      }
    }.map(\.value)
    let isEven = activation.parity != .neither
    for q in a.indices where (q > limit && q != 2) || (isEven && !q.isMultiple(of: 2)) { a[q] = 0 }
    return a
  }
}

extension ResidualFlow.Layer {
  /// - Parameter pairs: of this layer's neurons; nil where the next layer has no vertices.
  fileprivate func next(
    _ step: ResidualView.Step, _ rates: LayerLearningRates, pairs: PairCovariances?
  ) -> (layer: Self, pairs: PairCovariances?, parallel: Double, perpendicular: Double) {
    let activation = step.activation
    // K/(K + ε), and what a difference is multiplied by, squared.
    let (variance, gain) = step.norm.map { (kernel / (kernel + $0.epsilon), 1 / (kernel + $0.epsilon)) } ?? (kernel, 1)
    let moments = ActivationMoments(activation, kernel: variance)
    let (share, square) = (step.scale * step.scale, step.skip * step.skip)
    let weights = share * step.initialization.weightVariance
    var next = self
    next.layer = layer + 1
    (next.parallelSusceptibility, next.perpendicularSusceptibility) = (nil, nil)
    next.kernel = share * step.initialization.biasVariance + weights * moments.secondMoment + square * kernel
    let slope = weights * moments.squaredSlope
    let response = step.norm.map { $0.epsilon * gain * gain } ?? 1
    let chi = square + (response == 0 ? 0 : weights * moments.slopeOfSecondMoment * response)
    let jacobian = square + slope * gain
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
    guard let pairs, fourPointVertex != nil else {
      (next.fourPointVertex, next.threePointVertex) = (nil, nil)
      return (next, nil, chi, jacobian)
    }
    // Without a signal nothing fluctuates.
    guard kernel > 0, next.kernel > 0 else {
      (next.fourPointVertex, next.threePointVertex) = (0, 0)
      return (next, pairs, chi, jacobian)
    }
    let after = pairs.next(
      activation, kernel: kernel, after: next.kernel, weights: weights, skip: step.skip,
      spread: moments.varianceOfSquare)
    next.fourPointVertex = 2 * next.kernel * next.kernel * after.values[2]
    next.threePointVertex = 2.squareRoot() * next.kernel * next.kernel.squareRoot() * after.values[1]
    return (next, after, chi, jacobian)
  }
}
