import Foundation

/// Extrapolation of a quantity measured at several sizes to infinite size.
///
/// X(n) = X_∞ + c₁ n^(−p₁) + c₂ n^(−p₂) + …: with as many powers as sizes less one, the powers are removed exactly.
/// For sizes n, 2n and p = 1 it is 2X(2n) − X(n); for n, 2n, 4n and p = 1, 2 it is (X(n) − 6X(2n) + 8X(4n))/3.
public enum Richardson {
  /// The combination Σ wᵢ X(nᵢ) that removes the given powers.
  ///
  /// - Precondition: sizes positive and distinct, one more than there are powers; powers positive and distinct.
  public static func weights(sizes: [Double], powers: [Double]) -> [Double] {
    precondition(sizes.count == powers.count + 1, "\(powers.count) powers are removed with one more size.")
    precondition(Set(sizes).count == sizes.count && sizes.allSatisfy { $0 > 0 }, "Sizes are positive and distinct.")
    precondition(Set(powers).count == powers.count && powers.allSatisfy { $0 > 0 }, "Powers are positive and distinct.")
    let scale = sizes.max()!
    // Σ wᵢ = 1 and Σ wᵢ nᵢ^(−p) = 0 for each power.
    var rows = [[Double](repeating: 1, count: sizes.count) + [1]]
    for power in powers { rows.append(sizes.map { Self.power(scale / $0, power) } + [0]) }
    return solve(rows)
  }

  /// The value at infinite size and its error; measurements are independent.
  public static func extrapolate(
    _ measurements: [Estimate], sizes: [Double], powers: [Double]
  ) -> Estimate {
    precondition(measurements.count == sizes.count, "\(measurements.count) measurements for \(sizes.count) sizes.")
    let weights = weights(sizes: sizes, powers: powers)
    let value = zip(weights, measurements).reduce(0) { $0 + $1.0 * $1.1.value }
    let square = zip(weights, measurements).reduce(0) { $0 + $1.0 * $1.0 * $1.1.error * $1.1.error }
    return Estimate(value: value, error: square.squareRoot())
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double {
    if exponent == exponent.rounded(), exponent < 64 {
      return (0..<Int(exponent)).reduce(1) { product, _ in product * base }
    }
    return pow(base, exponent)
  }

  /// Gaussian elimination with partial pivoting on rows with the right-hand side last.
  private static func solve(_ system: [[Double]]) -> [Double] {
    var rows = system
    let n = rows.count
    for column in 0..<n {
      let pivot = (column..<n).max { rows[$0][column].magnitude < rows[$1][column].magnitude }!
      rows.swapAt(column, pivot)
      for row in 0..<n where row != column {
        let factor = rows[row][column] / rows[column][column]
        for k in column...n { rows[row][k] -= factor * rows[column][k] }
      }
    }
    return (0..<n).map { rows[$0][n] / rows[$0][$0] }
  }
}
