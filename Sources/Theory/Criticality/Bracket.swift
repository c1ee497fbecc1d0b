/// A root of `f` between two places where its sign differs, by Brent's method (Brent 1973, chapter 4): to the last
/// digits of x, at most 200 evaluations.
func bracketedRoot(from low: Double, to high: Double, _ f: (Double) -> Double) -> Double {
  var (a, b) = (low, high)
  var (fa, fb) = (f(a), f(b))
  if fa == 0 { return a }
  if fb == 0 { return b }
  precondition((fa < 0) != (fb < 0), "The signs at the two ends of a bracket differ.")
  var (c, fc) = (a, fa)
  var (step, before) = (b - a, b - a)
  for _ in 0..<200 {
    if (fb < 0) == (fc < 0) {
      (c, fc) = (a, fa)
      step = b - a
      before = step
    }
    if abs(fc) < abs(fb) {
      (a, b, c) = (b, c, b)
      (fa, fb, fc) = (fb, fc, fb)
    }
    let tolerance = 2 * Double.ulpOfOne * abs(b)
    let middle = (c - b) / 2
    if abs(middle) <= tolerance || fb == 0 { return b }
    if abs(before) >= tolerance, abs(fa) > abs(fb) {
      let s = fb / fa
      var (p, q): (Double, Double)
      if a == c {
        (p, q) = (2 * middle * s, 1 - s)
      } else {
        let (u, r) = (fa / fc, fb / fc)
        p = s * (2 * middle * u * (u - r) - (b - a) * (r - 1))
        q = (u - 1) * (r - 1) * (s - 1)
      }
      if p > 0 { q = -q } else { p = -p }
      if 2 * p < min(3 * middle * q - abs(tolerance * q), abs(before * q)) {
        before = step
        step = p / q
      } else {
        (step, before) = (middle, middle)
      }
    } else {
      (step, before) = (middle, middle)
    }
    (a, fa) = (b, fb)
    b += abs(step) > tolerance ? step : (middle > 0 ? tolerance : -tolerance)
    fb = f(b)
  }
  return b
}
