/// What follows from the coefficients of ⟨σ₁σ₂⟩ = Σ_j a_j b_j c^j, without cancellation for nearly equal inputs.
package enum HermitePairSum {
  /// The share of ⟨σ²⟩ that counts as rounding, not as a tail.
  package static let negligibleTail = 0x1p-48

  /// Σ a_j².
  package static func norm(_ a: [Double]) -> Double { a.reduce(0) { $0 + $1 * $1 } }

  /// T = (⟨σ²⟩ − Σ a_j²)/⟨σ²⟩: the share of the terms left out; 0 where rounding hides it.
  package static func tail(_ a: [Double], second: Double) -> Double {
    guard second > 0 else { return 0 }
    let share = 1 - norm(a) / second
    return share < negligibleTail ? 0 : share
  }

  /// v = 1 − ⟨σ₁σ₂⟩/√(⟨σ₁²⟩⟨σ₂²⟩) = ½Σ(â_j − b̂_j)² + ½(T₁ + T₂) + Σ â_j b̂_j (1 − c^j), with â = a/√⟨σ₁²⟩.
  ///
  /// 1 − c^j is built up as w_{j+1} = w_j + c^j u. The terms left out change v by at most |c|^J √(T₁T₂).
  package static func oneMinusCorrelation(
    _ a: [Double], _ b: [Double], second1: Double, second2: Double, before u: Double
  ) -> Double {
    guard second1 > 0, second2 > 0 else { return 1 }
    let (scale1, scale2) = (1 / second1.squareRoot(), 1 / second2.squareRoot())
    var (radial, angular, power, defect) = (0.0, 0.0, 1.0, 0.0)
    for j in 0..<a.count {
      let (x, y) = (a[j] * scale1, b[j] * scale2)
      radial += (x - y) * (x - y)
      angular += x * y * defect
      defect += power * u
      power *= 1 - u
    }
    return 0.5 * (radial + tail(a, second: second1) + tail(b, second: second2)) + angular
  }
}
