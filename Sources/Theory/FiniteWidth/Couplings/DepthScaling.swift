import Foundation
import OrreryAnalysis
import OrreryTensors

/// How a quantity scales with depth, from its values layer by layer: X ~ ℓ^p, X ~ ln ℓ, or X ~ e^(γℓ).
///
/// Fitted by least squares over the deeper half of the layers, with relative residuals: ln|X| = a + p ln ℓ + c/ℓ, X = a + b ln ℓ + c/ℓ,
/// and ln|X| = a + γℓ (+ p ln ℓ). An exponential is taken where it is closer than a power that has one parameter more, or, with a power
/// before it, ten times closer; a logarithm where it is twice as close as a power. A deterministic recursion has no statistical
/// error: the error is systematic, what the exponent changes when the correction is left out or only the deepest quarter is
/// used, whichever is more. Powers with logarithms (ln²ℓ/ℓ) have no exponent at any finite depth: they are given the one that they have
/// over these layers.
public struct DepthScaling: Hashable, Codable, Sendable {
  public enum Form: String, Codable, Sendable {
    /// ℓ^p.
    case power
    /// a + b ln ℓ: neither grows nor dies as a power.
    case logarithm
    /// e^(γℓ).
    case exponential
  }

  public var form: Form
  /// p; γ for each layer; of a logarithm d ln|X|/d ln ℓ at the last layer, which falls as 1/ln ℓ.
  public var exponent: Estimate
  /// The number of layers fitted.
  public var layers: Int

  /// Relevant couplings grow with depth, irrelevant ones die out, marginal ones do neither (PDLT §5.4 and the renormalization
  /// group's own words).
  public enum Relevance: String, Codable, Sendable, CaseIterable {
    case relevant, marginal, irrelevant
  }

  /// By the exponent and its error: marginal where it is 0 within the error and below 0.1 for a power, 0.01 a layer for an
  /// exponential, and for a logarithm; nil where the error leaves it open.
  public var relevance: Relevance? {
    if form == .logarithm { return .marginal }
    let (value, error) = (exponent.value, exponent.error)
    if value > 2 * error { return .relevant }
    if value < -2 * error { return .irrelevant }
    return abs(value) + 2 * error < (form == .power ? 0.1 : 0.01) ? .marginal : nil
  }

  /// - Parameters:
  ///   - values: X of one layer after the other.
  ///   - firstLayer: ℓ of the first of them.
  /// - Returns: nil below eight usable layers in the deeper half, or where X changes its sign there.
  public init?(_ values: [Double], firstLayer: Int = 1) {
    let first = values.count / 2
    let points = (first..<values.count).filter { values[$0] != 0 && values[$0].isFinite }
    guard points.count >= 8, points.count == values.count - first else { return nil }
    guard Set(points.map { values[$0] > 0 }).count == 1 else { return nil }
    let x = points.map { Double($0 + firstLayer) }
    let sizes = points.map { abs(values[$0]) }
    let logarithms = sizes.map { log($0) }
    func fit(_ basis: [(Double) -> Double], _ y: [Double], errors: [Double]? = nil, from: Int = 0) -> LinearFit? {
      let design = Matrix<Double>(x[from...].map { x in basis.map { $0(x) } })
      return try? LinearFit(design: design, values: Array(y[from...]), errors: errors.map { Array($0[from...]) })
    }
    let one: (Double) -> Double = { _ in 1 }
    let inverse: (Double) -> Double = { 1 / $0 }
    let depth: (Double) -> Double = { $0 }
    guard let plain = fit([one, log], logarithms), let power = fit([one, log, inverse], logarithms),
      let deeper = fit([one, log], logarithms, from: points.count / 2),
      let logarithm = fit([one, log, inverse], sizes, errors: sizes), let rate = fit([one, depth], logarithms),
      let deeperRate = fit([one, depth], logarithms, from: points.count / 2),
      let rateAndPower = fit([one, depth, log], logarithms)
    else { return nil }
    layers = points.count
    func slope(_ fit: LinearFit) -> Double { fit.parameters[1].value }
    // Rates below a thousandth over all layers fit a constant as well: a power of nearly 0 is the simpler word.
    let isFast = { (rate: Double) in abs(rate) * Double(points.count) > 0.1 }
    let isRate = rate.chiSquared < power.chiSquared && isFast(slope(rate))
    let isRateAndPower =
      rateAndPower.chiSquared < power.chiSquared / 100 && isFast(slope(rateAndPower) / 10)
    if isRate || isRateAndPower {
      form = .exponential
      let isPlain = isRate && rateAndPower.chiSquared > rate.chiSquared / 100
      exponent =
        isPlain
        ? Estimate(value: slope(deeperRate), error: abs(slope(deeperRate) - slope(rate)))
        : Estimate(value: slope(rateAndPower), error: abs(slope(deeperRate) - slope(rateAndPower)))
    } else if logarithm.chiSquared < power.chiSquared / 4 {
      let local = slope(logarithm) / sizes[points.count - 1]
      // Without a slope it is a constant with a correction.
      form = local > 0.01 ? .logarithm : .power
      exponent = Estimate(value: local, error: abs(local))
    } else {
      form = .power
      exponent = Estimate(
        value: slope(power), error: max(abs(slope(power) - slope(plain)), abs(slope(power) - slope(deeper))))
    }
  }
}
