import OrreryAnalysis
import OrreryNetworks

/// The 1/n expansion of a residual multilayer perceptron z′ = b + Wσ(z) + γz on one input, equal widths.
///
/// Given Ĝ the neurons are not independent: the skip carries each neuron's own value on, and where σ² is not even a three-point vertex
/// appears, E z_i z_j² = T₃/n for i ≠ j. With m = ⟨σ²⟩, c₂ = ⟨σ⁴⟩ − m², f₁ = ⟨(σ²)′⟩, χ = γ² + C_W m′ (primes of m by K):
///
///     K′ = C_b + C_W m + γ²K,   T₃′ = γ[χT₃ + C_W⟨zσ²⟩]
///     V′ = χ²V + C_W²c₂ + 2γ²C_W(⟨z²σ²⟩ − Km) + 2C_Wf₁χT₃
///
/// with ⟨zσ²⟩ = Kf₁ and ⟨z²σ²⟩ − Km = 2K²m′ by Stein. For a ReLU branch leaving out T₃ misses a third of V within five layers.
///
/// Source: PDLT appendix B; K. Fischer, D. Dahmen, M. Helias, arXiv:2305.07715. Domain: V/n ≪ K²; Gaussian weights; the first layer has
/// no skip.
public struct ResidualFlow: Sendable {
  /// One layer's kernel and vertices.
  public struct Layer: Hashable, Codable, Sendable {
    /// ℓ.
    public var layer: Int
    /// K.
    public var kernel: Double
    /// V: Cov(z_i², z_j²) = V/n, i ≠ j, which without a skip is Var Ĝ.
    public var fourPointVertex: Double
    /// T₃: E z_i z_j² = T₃/n, i ≠ j.
    public var threePointVertex: Double

    fileprivate var isFinite: Bool { kernel.isFinite && fourPointVertex.isFinite && threePointVertex.isFinite }
  }

  /// ℓ = 1, 2, …: L layers, or fewer where the next one's K, V or T₃ does not fit float64.
  public let layers: [Layer]

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
    var layer = Layer(layer: 1, kernel: firstKernel, fourPointVertex: 0, threePointVertex: 0)
    var layers = [layer]
    for index in 1..<count {
      let k = layer.kernel
      let moments = ActivationMoments(activation, kernel: k)
      let square = skip * skip
      let chi = square + weightVariance * moments.slopeOfSecondMoment
      // ⟨(σ²)′⟩ by Stein, which knows jumps too; exactly 0 where σ² is even. At K = 0 it is met only times K and T₃, both 0.
      let tilt =
        activation.parity != .neither || !tiesNeurons || k == 0
        ? 0
        : GaussianExpectation.one(variance: k, kinks: activation.kinks.map(\.location)) { z in
          z * activation(z) * activation(z) / k
        }.value
      let (v, t) = (layer.fourPointVertex, layer.threePointVertex)
      layer.layer = index + 1
      layer.kernel = biasVariance + weightVariance * moments.secondMoment + square * k
      layer.threePointVertex = skip * (chi * t + weightVariance * k * tilt)
      layer.fourPointVertex =
        chi * chi * v + weightVariance * weightVariance * moments.varianceOfSquare
        + 4 * square * weightVariance * k * k * moments.slopeOfSecondMoment + 2 * weightVariance * tilt * chi * t
      guard layer.isFinite else { break }
      layers.append(layer)
    }
    self.layers = layers
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
