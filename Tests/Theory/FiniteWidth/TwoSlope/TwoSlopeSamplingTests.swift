import Foundation
import OrreryTestSupport
import OrreryTheory
import Testing

/// Moments of random covariances against samples of them.
@Suite("Two-slope moments by Monte Carlo")
struct TwoSlopeSamplingTests {
  @Test("Four variables of any covariance", arguments: 0..<6)
  func sampled(_ seed: Int) throws {
    var random = SplitMix(seed: 100 + UInt64(seed))
    let dimension = 3 + seed
    let rows = (0..<4).map { _ in random.normals(dimension) }
    let covariance = rows.flatMap { first in rows.map { second in zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } } }
    let table = try CorrelationTable(covariance: covariance, inputs: 4)
    let activation = TwoSlope.all[seed % 3]
    let predicted = TwoSlopeMomentsTests.moments(try activation.moments(table))
    let count = 100_000
    var sums = [Double](repeating: 0, count: predicted.count)
    var squares = sums
    for _ in 0..<count {
      let u = random.normals(dimension)
      let z = rows.map { row in zip(row, u).reduce(0.0) { $0 + $1.0 * $1.1 } }
      for (place, entry) in predicted.enumerated() {
        let value = (0..<4).reduce(1.0) {
          $0 * (entry.derivative[$1] ? activation.slope(z[$1]) : activation.value(z[$1]))
        }
        sums[place] += value
        squares[place] += value * value
      }
    }
    let means = sums.map { $0 / Double(count) }
    let errors = zip(means, squares).map { (($1 / Double(count) - $0 * $0) / Double(count - 1)).squareRoot() }
    checkMonteCarloAgrees(predicted: predicted.map(\.value), measured: means, standardError: errors, systematic: 1e-12)
  }
}
