import Foundation
import OrreryAnalysis
import OrreryTensors

/// How a quantity scales with depth, from its values layer by layer: X ~ ℓ^p, or X ~ e^(γℓ).
///
/// Both are fitted by least squares to ln|X| over the deeper half of the layers, the power with its first correction,
/// ln|X| = a + p ln ℓ + c/ℓ. The one whose residuals are smaller is taken. A deterministic recursion has no statistical error: the
/// error is systematic, what p or γ changes when the correction is left out or only the deepest quarter is used, whichever is
/// more.
public struct DepthScaling: Hashable, Codable, Sendable {
  public enum Form: String, Codable, Sendable {
    /// ℓ^p.
    case power
    /// e^(γℓ).
    case exponential
  }

  public var form: Form
  /// p, or γ for each layer.
  public var exponent: Estimate
  /// The number of layers fitted.
  public var layers: Int

  /// Relevant couplings grow with depth, irrelevant ones die out, marginal ones do neither (PDLT §5.4 and the renormalization
  /// group's own words).
  public enum Relevance: String, Codable, Sendable, CaseIterable {
    case relevant, marginal, irrelevant
  }

  /// By the exponent and its error: marginal where it is 0 within the error and below 0.1 for a power, 0.01 a layer for an
  /// exponential; nil where the error leaves it open.
  public var relevance: Relevance? {
    let (value, error) = (exponent.value, exponent.error)
    if value > 2 * error { return .relevant }
    if value < -2 * error { return .irrelevant }
    return abs(value) + 2 * error < (form == .power ? 0.1 : 0.01) ? .marginal : nil
  }

  /// - Parameters:
  ///   - values: X at ℓ = 1, 2, …
  /// - Returns: nil below eight usable layers in the deeper half, or where X changes its sign there.
  public init?(_ values: [Double]) {
    let first = values.count / 2
    let points = (first..<values.count).filter { values[$0] != 0 && values[$0].isFinite }
    guard points.count >= 8, points.count == values.count - first else { return nil }
    guard Set(points.map { values[$0] > 0 }).count == 1 else { return nil }
    let x = points.map { Double($0 + 1) }
    let y = points.map { log(abs(values[$0])) }
    let deepest = points.count / 2
    func fit(_ from: Int, _ basis: [(Double) -> Double]) -> (slope: Double, residual: Double)? {
      let design = Matrix<Double>(x[from...].map { x in basis.map { $0(x) } })
      guard let fit = try? LinearFit(design: design, values: Array(y[from...])) else { return nil }
      return (fit.parameters[1].value, fit.chiSquared)
    }
    let one: (Double) -> Double = { _ in 1 }
    let inverse: (Double) -> Double = { 1 / $0 }
    guard let plain = fit(0, [one, log]), let corrected = fit(0, [one, log, inverse]),
      let deeper = fit(deepest, [one, log]), let rate = fit(0, [one, { $0 }]),
      let deeperRate = fit(deepest, [one, { $0 }])
    else { return nil }
    layers = points.count
    // Rates below a thousandth over all layers fit a constant as well: a power of nearly 0 is the simpler word.
    if rate.residual < plain.residual, abs(rate.slope) * Double(points.count) > 0.1 {
      form = .exponential
      exponent = Estimate(value: deeperRate.slope, error: abs(deeperRate.slope - rate.slope))
    } else {
      form = .power
      exponent = Estimate(
        value: corrected.slope, error: max(abs(corrected.slope - plain.slope), abs(corrected.slope - deeper.slope)))
    }
  }
}
