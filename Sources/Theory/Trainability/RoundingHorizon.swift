import OrreryNetworks

/// The depth to which two typical inputs stay apart by more than rounding.
///
/// The preactivations of two inputs of the same norm differ by Δ_ℓ = |z − z′|/|z| = √(2(1 − c_ℓ)). Each layer rounds the
/// matrix product, the sum with the bias and the activation; a rounding is uniform in ±½ unit in the last place, which
/// for logarithmically distributed values has a relative root mean square of 0.425 u (u the unit roundoff:
/// 2u √(E m⁻²/12), E m⁻² = 3/(8 ln 2)). Two inputs and three roundings make r = 0.425 √6 u = 1.04 u a layer, and like any
/// difference this one is carried on by χ_⊥: N²_(ℓ+1) = χ_⊥(K_ℓ/K_(ℓ+1))N²_ℓ + r². While Δ_ℓ ≥ N_ℓ the layer tells the
/// inputs apart; where Δ < N what differs is rounding, not input. In the ordered phase Δ falls to N, in the chaotic phase
/// N grows to Δ.
///
/// Well below, at n Δ ≲ 2u, not one of n neurons rounds differently for the two inputs: they coincide.
///
/// Domain: infinite-width kernels; sums whose own rounding error is about one rounding of the result (blocked or fused
/// summation; a plain running sum of n terms has up to √n times as much in its product).
public struct RoundingHorizon: Hashable, Sendable {
  /// The last layer ℓ at which Δ_ℓ ≥ N_ℓ; nil if that holds for all layers looked at.
  public var depth: Int?
  /// The first layer at which the inputs coincide to the last bit in all n neurons; nil if none was looked at.
  public var coincidence: Int?
  /// How many layers were looked at.
  public var searched: Int
  /// Δ_ℓ.
  public var differences: [Double]
  /// N_ℓ.
  public var noise: [Double]

  /// √(6 · 2²/12 · 3/(8 ln 2)) = 1.0402: the rounding of one layer in two inputs, in units of u.
  static let roundingPerLayer = 1.040_2

  /// - Parameters:
  ///   - trajectory: the kernels with a pair of inputs.
  ///   - width: n, of the hidden layers.
  public init(_ trajectory: KernelTrajectory, precision: Precision, width: Int) {
    let source = Self.roundingPerLayer * precision.unitRoundoff
    var square = 0.0
    var before: KernelTrajectory.Entry?
    differences = []
    noise = []
    depth = nil
    coincidence = nil
    searched = trajectory.entries.count
    for entry in trajectory.entries {
      if let before {
        square *= before.susceptibility.perpendicular * before.kernel / max(entry.kernel, .leastNormalMagnitude)
      }
      square += source * source
      let difference = entry.pair.map { (2 * $0.oneMinusCorrelation).squareRoot() } ?? 0
      differences.append(difference)
      noise.append(square.squareRoot())
      if depth == nil, difference < square.squareRoot() { depth = entry.layer - 1 }
      if coincidence == nil, Double(width) * difference < 2 * precision.unitRoundoff { coincidence = entry.layer }
      before = entry
    }
  }

  /// Looks beyond a network's own depth, by repeating its last hidden layer up to `limit` layers in all.
  public init(
    _ network: PerceptronView, meanSquaredInput: Double, oneMinusCorrelation: Double, precision: Precision,
    searching limit: Int = 64, integrator: (any PairIntegrator)? = nil
  ) {
    let hidden = Array(network.layers.prefix(max(network.architecture.depth, 1)))
    let tail = network.architecture.depth >= 2 ? hidden[hidden.count - 1] : network.layers[network.layers.count - 1]
    let layers = hidden + Array(repeating: tail, count: max(0, limit - hidden.count))
    let trajectory = KernelTrajectory(
      network.architecture.activation, layers: layers, meanSquaredInput: meanSquaredInput,
      oneMinusCorrelation: oneMinusCorrelation, integrator: integrator)
    self.init(trajectory, precision: precision, width: network.architecture.widths.min() ?? 1)
  }
}
