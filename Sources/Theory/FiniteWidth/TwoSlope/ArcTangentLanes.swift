/// The angle of (x, y) in four lanes, for x > 0: atan(y/x) within (−π/2, π/2), error about 2·10⁻¹⁶.
///
/// The smaller of |y| and x over the larger, then by tan(α − π/4) = (tan α − 1)/(tan α + 1) into |w| ≤ tan(π/8), where
/// atan w = w P(w²) with the minimax polynomial of degree 11 (its own error 1.3·10⁻¹⁸). One division in all.
@inline(__always)
func arcTangent(_ y: SIMD4<Double>, over x: SIMD4<Double>) -> SIMD4<Double> {
  let negative = y .< 0
  let height = y.replacing(with: -y, where: negative)
  let steep = height .> x
  let larger = x.replacing(with: height, where: steep)
  let smaller = height.replacing(with: x, where: steep)
  let wide = smaller .> 0.41421356237309503 * larger
  let numerator = smaller.replacing(with: smaller - larger, where: wide)
  let denominator = larger.replacing(with: larger + smaller, where: wide)
  let w = numerator / denominator
  let s = w * w
  // Estrin's scheme: the chain of twelve dependent steps would cost more than the division.
  let s2 = s * s
  let s4 = s2 * s2
  let p01 = 1.0 - 0.3333333333333312 * s
  let p23 = 0.19999999999940893 - 0.14285714279250245 * s
  let p45 = 0.11111110744919658 - 0.09090896809064027 * s
  let p67 = 0.07692045330902225 - 0.06662951813629191 * s
  let p89 = 0.05846878297330872 - 0.05035102456601552 * s
  let pab = 0.03796525745386593 - 0.017805397205419446 * s
  let low = (p01 + p23 * s2) + (p45 + p67 * s2) * s4
  let high = p89 + pab * s2
  var angle = w * (low + high * (s4 * s4))
  angle = angle.replacing(with: angle + .pi / 4, where: wide)
  angle = angle.replacing(with: .pi / 2 - angle, where: steep)
  return angle.replacing(with: -angle, where: negative)
}
