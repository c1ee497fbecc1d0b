import OrreryAnalysis
import OrreryTensors

/// Several predictions of one law beside measurements of the same networks: one statistic, one verdict.
///
/// χ² = dᵀ S⁻¹ d with d = measured − predicted and S = C/(M α) + δδᵀ + diag(ε²): C the covariance of the quantities over the M
/// networks, α = (M − q − 2)/(M − 1) the correction for a covariance that is itself measured (J. Hartlap, P. Simon, P. Schneider
/// 2007, arXiv:astro-ph/0608064), δ the truncation error that is common to all quantities, with its signs, ε what is left open of
/// each. Refuted where a larger χ² has a probability below 10⁻³ if the law holds.
public struct JointConfrontation: Hashable, Codable, Sendable {
  public var chiSquared: Double
  /// The number of modes of S that are told apart, at most that of quantities.
  public var degreesOfFreedom: Int
  public var pValue: Double
  public var networks: Int
  public var verdict: Verdict

  /// The probability below which the law is refuted.
  public static let significance = 1e-3
  /// Networks for each quantity, below which their covariance is not known well enough.
  public static let networksPerQuantity = 10

  /// - Parameters:
  ///   - covariance: of the quantities of one network, (q, q), unbiased.
  ///   - common: δ, with signs.
  ///   - individual: ε.
  public init(
    predicted: [Double], measured: [Double], covariance: Matrix<Double>, networks: Int, common: [Double],
    individual: [Double]
  ) {
    let count = predicted.count
    precondition(
      measured.count == count && covariance.rows == count && common.count == count && individual.count == count,
      "One measurement, one variance and one truncation error for each prediction.")
    self.networks = networks
    let isEnough =
      count > 0 && networks >= Self.networksPerQuantity * count && networks >= Confrontation.fewestNetworks
    (chiSquared, degreesOfFreedom, pValue, verdict) = (.nan, 0, .nan, .cannotTell)
    guard isEnough else { return }
    let correction = Double(networks - count - 2) / Double(networks - 1)
    var total = Matrix<Double>(rows: count, columns: count)
    for i in 0..<count {
      for j in 0..<count {
        total[i, j] = covariance[i, j] / (Double(networks) * correction) + common[i] * common[j]
      }
      total[i, i] += individual[i] * individual[i]
    }
    // In units of each quantity's own error, so that units do not decide which modes count.
    let scales = (0..<count).map { total[$0, $0].squareRoot() }
    guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return }
    for i in 0..<count { for j in 0..<count { total[i, j] /= scales[i] * scales[j] } }
    guard let modes = try? total.symmetricEigendecomposition(), let largest = modes.values.last else { return }
    let pulls = (0..<count).map { (measured[$0] - predicted[$0]) / scales[$0] }
    var (sum, kept) = (0.0, 0)
    for (mode, value) in modes.values.enumerated() where value > 1e-6 * largest {
      let projection = (0..<count).reduce(0.0) { $0 + modes.vectors[mode, $1] * pulls[$1] }
      sum += projection * projection / value
      kept += 1
    }
    guard sum.isFinite else { return }
    (chiSquared, degreesOfFreedom) = (sum, kept)
    pValue = Distributions.chiSquaredSurvival(sum, degreesOfFreedom: kept)
    verdict = pValue < Self.significance ? .refuted : .agrees
  }
}
