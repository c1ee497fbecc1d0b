import Foundation

/// A function of two independent standard normal variables by its orthonormal Hermite coefficients in the circular basis.
struct PlaneFunction: Sendable {
  /// Degrees 0 … D, each with its d + 1 coefficients as ``CircularHermiteBasis`` lays them out.
  let coefficients: [Double]
  let degree: Int
  /// ‖f‖ = √⟨f²⟩.
  let norm: Double
  /// √(squared coefficients of degrees ≥ d), what is beyond D included; d = 0 … D + 1.
  let remainders: [Double]
  /// A bound on the same over degrees of which no coefficient was computed, no less than what rounding may hide.
  let unresolved: Double
  /// The lowest degree of which no coefficient was computed.
  let end: Int

  /// - Parameters:
  ///   - cartesian: f_mn at m · stride + n for m + n ≤ degree.
  ///   - squaredNorm: ⟨f²⟩.
  ///   - tolerance: degrees whose remainder is below it, relative to the norm, are dropped.
  init(cartesian: [Double], stride: Int, degree highest: Int, squaredNorm: Double, tolerance: Double) {
    norm = squaredNorm.squareRoot()
    let squares = (0...highest).map { d in
      (0...d).reduce(0.0) { $0 + pow(cartesian[(d - $1) * stride + $1], 2) }
    }
    let beyond = max(0, squaredNorm - squares.reduce(0, +))
    var rest = beyond > LineFunction.hidden * squaredNorm ? beyond : 0
    unresolved = max(beyond, LineFunction.hidden * squaredNorm).squareRoot()
    end = highest + 1
    var last = highest
    let allowed = pow(tolerance * norm, 2)
    while last > 0, rest + squares[last] <= allowed {
      rest += squares[last]
      last -= 1
    }
    degree = last
    var remainders = [Double](repeating: 0, count: last + 2)
    remainders[last + 1] = rest
    for d in Swift.stride(from: last, through: 0, by: -1) { remainders[d] = remainders[d + 1] + squares[d] }
    self.remainders = remainders.map { $0.squareRoot() }
    var circular: [Double] = []
    circular.reserveCapacity(CircularHermiteBasis.start(last + 1))
    for d in 0...last {
      circular += CircularHermiteBasis.shared.circular(
        (0...d).map { cartesian[(d - $0) * stride + $0] }, degree: d)
    }
    coefficients = circular
  }

  /// √(squared coefficients of degrees ≥ d).
  @inline(__always)
  func remainder(from d: Int) -> Double { remainders[min(d, degree + 1)] }
}

extension PlaneFunction {
  /// ⟨f(x, y)g(v)⟩ where v is a standard normal variable with ⟨xv⟩ = a, ⟨yv⟩ = b, and a bound on what is left out.
  ///
  /// In the frame whose first axis is (a, b)/s, s = √(a² + b²), this is Σ_d s^d f_(d,0) g_d.
  func expectation(_ other: LineFunction, _ a: Double, _ b: Double, tolerance: Double) -> (value: Double, bound: Double)
  {
    let s = min(1, (a * a + b * b).squareRoot())
    let angle = atan2(b, a)
    let (turn, twist) = (cos(2 * angle), sin(2 * angle))
    let last = min(degree, other.coefficients.count - 1)
    let allowed = tolerance * norm * other.norm
    var (sum, power) = (0.0, 1.0)
    var d = 0
    while d <= last {
      if power * remainder(from: d) * other.norm <= allowed { break }
      let c = CircularHermiteBasis.cosines(d)
      let start = CircularHermiteBasis.start(d)
      let amplitude = CircularHermiteBasis.shared.withRows(d) { row in
        coefficients.withUnsafeBufferPointer { f in
          // k = d, d − 2, …: cos kφ and sin kφ by turning back by 2φ.
          var (cosine, sine) = (cos(Double(d) * angle), sin(Double(d) * angle))
          var sum = 0.0
          for k in 0..<c {
            sum += row[k] * f[start + k] * cosine
            if 2 * k < d { sum += row[k] * f[start + c + k] * sine }
            (cosine, sine) = (cosine * turn + sine * twist, sine * turn - cosine * twist)
          }
          return sum
        }
      }
      sum += power * amplitude * other.coefficients[d]
      power *= s
      d += 1
    }
    let hidden = pow(s, Double(end)) * unresolved * (other.remainder(from: end) + other.unresolved)
    return (sum, power * remainder(from: d) * other.norm + hidden)
  }

  /// ⟨f(x, y)g(v, w)⟩ of two planes with cross covariance `m` = (⟨xv⟩, ⟨xw⟩, ⟨yv⟩, ⟨yw⟩), and a bound on what is left out.
  ///
  /// In canonical variables (H. Hotelling 1936), m = R(φ) diag(s₁, s₂) R(ψ)ᵀ, Mehler's formula holds on each axis:
  /// Σ_mn s₁^m s₂^n f_mn g_mn. What is dropped is bounded by Cauchy and Schwarz with the remainders of f and g.
  func expectation(
    _ other: PlaneFunction, _ m: (Double, Double, Double, Double), tolerance: Double
  ) -> (value: Double, bound: Double) {
    let (e, f) = ((m.0 + m.3) / 2, (m.0 - m.3) / 2)
    let (g, h) = ((m.2 + m.1) / 2, (m.2 - m.1) / 2)
    let (q, r) = ((e * e + h * h).squareRoot(), (f * f + g * g).squareRoot())
    let (sum, difference) = (atan2(g, f), atan2(h, e))
    let (phi, psi) = ((sum + difference) / 2, (sum - difference) / 2)
    let s1 = min(1, q + r)
    let s2 = max(-s1, min(s1, q - r))
    let last = min(degree, other.degree)
    let allowed = tolerance * norm * other.norm
    var total = 0.0
    var bound = pow(s1, Double(min(end, other.end))) * unresolved * other.unresolved
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * (last + 2)) { scratch in
      let (left, right) = (scratch.baseAddress!, scratch.baseAddress! + last + 2)
      var power = 1.0
      for d in 0...last {
        let rest = power * remainder(from: d) * other.remainder(from: d)
        if rest <= allowed {
          bound += rest
          return
        }
        turn(d, phi, into: left)
        other.turn(d, psi, into: right)
        total += diagonalSum(d, s1, s2, power, left, right, smallest: allowed / Double(last + 1), bound: &bound)
        power *= s1
      }
      bound += power * remainder(from: last + 1) * other.remainder(from: last + 1)
    }
    return (total, bound)
  }

  /// The circular coefficients of degree d in axes turned by `angle`.
  @inline(__always)
  private func turn(_ d: Int, _ angle: Double, into output: UnsafeMutablePointer<Double>) {
    let c = CircularHermiteBasis.cosines(d)
    let start = CircularHermiteBasis.start(d)
    var (cosine, sine) = (cos(Double(d) * angle), sin(Double(d) * angle))
    let (turn, twist) = (cos(2 * angle), sin(2 * angle))
    coefficients.withUnsafeBufferPointer { f in
      for k in 0..<c {
        if 2 * k < d {
          let (even, odd) = (f[start + k], f[start + c + k])
          output[k] = even * cosine + odd * sine
          output[c + k] = odd * cosine - even * sine
        } else {
          output[k] = f[start + k]
        }
        (cosine, sine) = (cosine * turn + sine * twist, sine * turn - cosine * twist)
      }
    }
  }

  /// Σ_n s₁^(d−n) s₂^n f_(d−n,n) g_(d−n,n) with coefficients turned to canonical axes, `power` = s₁^d.
  @inline(__always)
  private func diagonalSum(
    _ d: Int, _ s1: Double, _ s2: Double, _ power: Double, _ left: UnsafePointer<Double>,
    _ right: UnsafePointer<Double>, smallest: Double, bound: inout Double
  ) -> Double {
    let ratio = s1 > 0 ? s2 / s1 : 0
    let (c, s) = (CircularHermiteBasis.cosines(d), CircularHermiteBasis.sines(d))
    // The norms of the degree's own parts bound every term.
    var (squareLeft, squareRight) = (0.0, 0.0)
    for k in 0...d {
      squareLeft += left[k] * left[k]
      squareRight += right[k] * right[k]
    }
    let size = (squareLeft * squareRight).squareRoot()
    return CircularHermiteBasis.shared.withRows(d) { rows in
      var (sum, factor) = (0.0, power)
      for n in 0...d {
        if abs(factor) * size <= smallest {
          bound += abs(factor) * size
          break
        }
        let (row, offset, count) =
          n % 2 == 0 ? (rows + (n / 2) * c, 0, c) : (rows + c * c + (n / 2) * s, c, s)
        sum += factor * Self.twoDots(row, left + offset, right + offset, count)
        factor *= ratio
      }
      return sum
    }
  }

  /// (row·x)(row·y).
  @inline(__always)
  private static func twoDots(
    _ row: UnsafePointer<Double>, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    var (first, second) = (SIMD4<Double>(), SIMD4<Double>())
    var k = 0
    while k + 4 <= count {
      let r = UnsafeRawPointer(row + k).loadUnaligned(as: SIMD4<Double>.self)
      first += r * UnsafeRawPointer(x + k).loadUnaligned(as: SIMD4<Double>.self)
      second += r * UnsafeRawPointer(y + k).loadUnaligned(as: SIMD4<Double>.self)
      k += 4
    }
    var (a, b) = (first.sum(), second.sum())
    while k < count {
      a += row[k] * x[k]
      b += row[k] * y[k]
      k += 1
    }
    return a * b
  }
}
