/// The minimum of a function of one variable in an interval.
///
/// R. P. Brent, *Algorithms for Minimization Without Derivatives* (1973), ch. 5: parabolas where they help, golden
/// sections where they do not. The position of a smooth minimum can be known to √ε only: 10⁻⁸ relative.
public struct Minimum: Hashable, Codable, Sendable {
  public var position: Double
  public var value: Double
  /// The width within which the position is known.
  public var error: Double

  /// The minimum in an interval; a local one, if there are several.
  public static func bracketed(
    in interval: ClosedRange<Double>, relativeTolerance: Double = 1.5e-8, _ function: (Double) throws -> Double
  ) rethrows -> Minimum {
    let golden = 0.5 * (3 - 5.0.squareRoot())
    var (lower, upper) = (interval.lowerBound, interval.upperBound)
    var x = lower + golden * (upper - lower)
    var w = x
    var v = x
    var fx = try function(x)
    var (fw, fv) = (fx, fx)
    var step = 0.0
    var previousStep = 0.0
    var tolerance = 0.0
    for _ in 0..<200 {
      let middle = 0.5 * (lower + upper)
      tolerance = relativeTolerance * x.magnitude + 1e-12 * (interval.upperBound - interval.lowerBound)
      if (x - middle).magnitude <= 2 * tolerance - 0.5 * (upper - lower) { break }
      let parabola = Self.parabola((x, fx), (w, fw), (v, fv))
      if previousStep.magnitude > tolerance, let parabola, parabola.magnitude < 0.5 * previousStep.magnitude,
        x + parabola > lower, x + parabola < upper
      {
        previousStep = step
        step = parabola
        let next = x + step
        if next - lower < 2 * tolerance || upper - next < 2 * tolerance { step = x < middle ? tolerance : -tolerance }
      } else {
        previousStep = x < middle ? upper - x : lower - x
        step = golden * previousStep
      }
      let u = x + (step.magnitude >= tolerance ? step : (step > 0 ? tolerance : -tolerance))
      let fu = try function(u)
      if fu <= fx {
        if u < x { upper = x } else { lower = x }
        (v, fv, w, fw, x, fx) = (w, fw, x, fx, u, fu)
      } else {
        if u < x { lower = u } else { upper = u }
        if fu <= fw || w == x {
          (v, fv, w, fw) = (w, fw, u, fu)
        } else if fu <= fv || v == x || v == w {
          (v, fv) = (u, fu)
        }
      }
    }
    return Minimum(position: x, value: fx, error: max(2 * tolerance, 0.5 * (upper - lower)))
  }

  /// The step from x to the vertex of the parabola through three points, if it has one.
  private static func parabola(
    _ x: (Double, Double), _ w: (Double, Double), _ v: (Double, Double)
  ) -> Double? {
    let r = (x.0 - w.0) * (x.1 - v.1)
    let q = (x.0 - v.0) * (x.1 - w.1)
    let denominator = 2 * (q - r)
    guard denominator != 0 else { return nil }
    let step = ((x.0 - w.0) * r - (x.0 - v.0) * q) / denominator
    return step.isFinite ? step : nil
  }
}
