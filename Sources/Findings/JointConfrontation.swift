import OrreryAnalysis
import OrreryTensors

/// Several predictions of one law beside measurements of the same networks: one statistic, one verdict.
///
/// Hotelling's T² = dᵀ (C/M + T)⁻¹ d with d = measured − predicted, C the measured covariance of the q quantities over M networks
/// and T the covariance of the predictions' truncation errors. Where T = 0 and the law holds, (M − q)/(q(M − 1)) T² follows Fisher's F
/// with q and M − q degrees of freedom, exactly for Gaussian quantities: the covariance's own error is in it (H. Hotelling 1931,
/// doi:10.1214/aoms/1177732979). With T the same law is used; its tail is then too heavy by what T takes of the total, so that it
/// refutes less often than it says. A departure d of the predictions makes F noncentral, with λ = dᵀ (C/M + T)⁻¹ d, which gives the
/// ``ResolvingPower-swift.struct``. Refuted where a larger T² has a probability below 10⁻³ if the law holds.
public struct JointConfrontation: Hashable, Codable, Sendable {
  /// T².
  public var statistic: Double
  /// The number of modes of C/M + T that are told apart, at most that of quantities.
  public var degreesOfFreedom: Int
  public var pValue: Double
  public var networks: Int
  public var verdict: Verdict
  /// The departure of one quantity alone that is refuted with probability ``power``; nil without smallest effects.
  public var resolvingPower: ResolvingPower?

  /// How small a departure can be refuted.
  public struct ResolvingPower: Hashable, Codable, Sendable {
    /// The quantity for which it is largest.
    public var quantity: Int
    /// The departure, in units of that quantity's smallest effect of interest.
    public var effects: Double
  }

  /// The probability of refuting what ``ResolvingPower`` says.
  public static let power = 0.9
  /// The probability below which the law is refuted.
  public static let significance = 1e-3
  /// Networks for each quantity, below which their covariance is not known well enough.
  public static let networksPerQuantity = 10

  /// - Parameters:
  ///   - covariance: of the quantities of one network, (q, q), unbiased.
  ///   - truncation: of the predictions' truncation errors, (q, q); nil for none.
  ///   - smallestEffects: of interest, of each quantity; nil where every one is.
  public init(
    predicted: [Double], measured: [Double], covariance: Matrix<Double>, networks: Int,
    truncation: Matrix<Double>? = nil, smallestEffects: [Double?] = []
  ) {
    let count = predicted.count
    precondition(
      measured.count == count && covariance.rows == count && (truncation?.rows ?? count) == count,
      "One measurement, one variance and one truncation error for each prediction.")
    self.networks = networks
    let isEnough =
      count > 0 && networks >= Self.networksPerQuantity * count && networks >= Confrontation.fewestNetworks
    (statistic, degreesOfFreedom, pValue, verdict) = (.nan, 0, .nan, .cannotTell)
    guard isEnough else { return }
    var total = Matrix<Double>(rows: count, columns: count)
    for i in 0..<count {
      for j in 0..<count { total[i, j] = covariance[i, j] / Double(networks) + (truncation?[i, j] ?? 0) }
    }
    // In units of each quantity's own error, so that units do not decide which modes count.
    let scales = (0..<count).map { total[$0, $0].squareRoot() }
    guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return }
    for i in 0..<count { for j in 0..<count { total[i, j] /= scales[i] * scales[j] } }
    guard let modes = try? total.symmetricEigendecomposition(), let largest = modes.values.last else { return }
    let pulls = (0..<count).map { (measured[$0] - predicted[$0]) / scales[$0] }
    var (sum, kept) = (0.0, 0)
    // The diagonal of the inverse: what a unit of each quantity alone, in its own error, adds to T².
    var inverse = [Double](repeating: 0, count: count)
    for (mode, value) in modes.values.enumerated() where value > 1e-6 * largest {
      let projection = (0..<count).reduce(0.0) { $0 + modes.vectors[mode, $1] * pulls[$1] }
      sum += projection * projection / value
      for quantity in 0..<count {
        inverse[quantity] += modes.vectors[mode, quantity] * modes.vectors[mode, quantity] / value
      }
      kept += 1
    }
    guard sum.isFinite else { return }
    (statistic, degreesOfFreedom) = (sum, kept)
    pValue = Distributions.fisherSurvival(
      sum * Double(networks - kept) / Double(kept * (networks - 1)), kept, networks - kept)
    verdict = pValue < Self.significance ? .refuted : .agrees
    let needed = Distributions.noncentrality(
      ofPower: Self.power, significance: Self.significance, kept, networks - kept)
    resolvingPower = smallestEffects.enumerated().compactMap { quantity, effect in
      effect.flatMap { effect in
        effect > 0 && inverse[quantity] > 0
          ? ResolvingPower(
            quantity: quantity, effects: (needed / inverse[quantity]).squareRoot() * scales[quantity] / effect) : nil
      }
    }.max { $0.effects < $1.effects }
  }
}
