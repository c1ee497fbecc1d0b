import Foundation

/// A function of one standard normal variable by its orthonormal Hermite coefficients f_n = ⟨f He_n⟩/√n!.
///
/// What `HermiteSeries` is to pair kernels this is to expectations of four factors: it keeps no more coefficients than a tolerance asks for,
/// since planes contract with them, and its bounds are the remainders alone, of coefficients that ``HermiteGrid`` makes exact to rounding.
struct LineFunction: Sendable {
  /// f_0 … f_D.
  let coefficients: [Double]
  /// ‖f‖ = √⟨f²⟩.
  let norm: Double
  /// √Σ_(n>D) f_n²: what the coefficients leave out, as far as rounding lets it be seen.
  let tail: Double
  /// A bound on √Σ f_n² over the degrees of which no coefficient was computed: what is seen of it, or what rounding may hide.
  let unresolved: Double
  /// The lowest degree of which no coefficient was computed.
  let end: Int

  /// Σ f_n² and ⟨f²⟩ agree to this part of them for a series that is complete: their difference is rounding below it, so that
  /// 3e-7 of a norm may hide there. Bounds contain it.
  static let hidden = 1e-13

  /// - Parameters:
  ///   - tolerance: coefficients whose tail is below it, relative to the norm, are dropped.
  init(coefficients all: [Double], squaredNorm: Double, tolerance: Double) {
    norm = squaredNorm.squareRoot()
    var kept = all.count
    // What is beyond all of them, by difference; then from the end while it stays small.
    let beyond = max(0, squaredNorm - all.reduce(0) { $0 + $1 * $1 })
    var rest = beyond > Self.hidden * squaredNorm ? beyond : 0
    unresolved = max(beyond, Self.hidden * squaredNorm).squareRoot()
    end = all.count
    let allowed = pow(tolerance * norm, 2)
    while kept > 1, rest + all[kept - 1] * all[kept - 1] <= allowed {
      rest += all[kept - 1] * all[kept - 1]
      kept -= 1
    }
    coefficients = Array(all[..<kept])
    tail = rest.squareRoot()
  }

  /// ⟨f(u)g(v)⟩ of two standard normal variables with ⟨uv⟩ = ρ: Σ ρⁿ f_n g_n (Mehler), and a bound on what is left out.
  func expectation(_ other: LineFunction, correlation rho: Double) -> (value: Double, bound: Double) {
    let count = min(coefficients.count, other.coefficients.count)
    var sum = 0.0
    for n in stride(from: count - 1, through: 0, by: -1) { sum = sum * rho + coefficients[n] * other.coefficients[n] }
    // Behind the shorter series only its own tail meets the other's coefficients.
    let power = pow(min(1, abs(rho)), Double(count))
    let left =
      coefficients.count <= other.coefficients.count
      ? tail * other.remainder(from: count) : other.tail * remainder(from: count)
    // Degrees beyond both computed series, where each may hide something.
    let hidden = pow(min(1, abs(rho)), Double(min(end, other.end))) * unresolved * other.unresolved
    return (sum, power * left + hidden)
  }

  /// √Σ_(m≥n) f_m², left-out ones included.
  func remainder(from n: Int) -> Double {
    var sum = tail * tail
    for m in n..<max(n, coefficients.count) { sum += coefficients[m] * coefficients[m] }
    return sum.squareRoot()
  }
}
