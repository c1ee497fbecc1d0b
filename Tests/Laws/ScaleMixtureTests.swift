import Foundation
import OrreryAnalysis
import OrreryLaws
import Testing

@Suite("Outputs as a scale mixture of Gaussians")
struct ScaleMixtureTests {
  /// I = m²[v²/8 − v³(20 + 6m)/48 + O(v⁴)], PDLT appendix A.
  @Test("Information begins as its series", arguments: [1, 2, 5])
  func series(_ group: Int) {
    let square = Double(group * group)
    let variances = [0.002, 0.004, 0.008]
    let reduced = variances.map { v in
      ScaleMixture(logVariance: log(1 + v)).information(ofTwiceEach: [group])[0] / (square * v * v)
    }
    // Two orders removed: what is left is of order v³, with coefficients that grow as powers of m.
    let limit = Richardson.extrapolate(
      reduced.map { Estimate(value: $0, error: 0) }, sizes: variances.map { 1 / $0 }, powers: [1, 2]
    ).value
    #expect(abs(limit - 1.0 / 8) < 2e-6 * square)
    let slope = (5 * (reduced[1] - reduced[0]) - (reduced[2] - reduced[0])) / (2 * variances[0])
    #expect(abs(slope + Double(20 + 6 * group) / 48) < 2e-3 * square)
  }

  @Test("One value of the variance shares nothing")
  func gaussian() {
    let mixture = ScaleMixture(sorted: [3, 3, 3, 3])
    for information in mixture.information(ofTwiceEach: [1, 5]) { #expect(abs(information) < 1e-12) }
  }

  /// Quantiles of the log-normal law as a sample.
  @Test("Runs of a sample stand for it")
  func sample() {
    let logVariance = 0.6
    let count = 20_000
    let sorted = (0..<count).map { place in
      exp(
        logVariance.squareRoot() * Distributions.normalQuantile((Double(place) + 0.5) / Double(count)) - logVariance / 2
      )
    }
    let (runs, exact) = (ScaleMixture(sorted: sorted), ScaleMixture(logVariance: logVariance))
    #expect(abs(runs.mean - 1) < 1e-3)
    for (found, expected) in zip(runs.information(ofTwiceEach: [1, 5]), exact.information(ofTwiceEach: [1, 5])) {
      #expect(abs(found / expected - 1) < 3e-3)
    }
  }
}

@Suite("Counting couplings")
struct SparseDescriptionTests {
  /// The number of orbits of index tuples under swaps within a pair and permutations of pairs.
  func orbits(inputs: Int, pairs: Int) -> Int {
    let all = (0..<inputs).flatMap { a in (0...a).map { a * inputs + $0 } }
    var tuples: Set<[Int]> = [[]]
    for _ in 0..<pairs { tuples = Set(tuples.flatMap { tuple in all.map { (tuple + [$0]).sorted() } }) }
    return tuples.count
  }

  @Test("Couplings are the orbits of their indices", arguments: 1...4)
  func couplings(_ inputs: Int) {
    let counts = SparseDescription.couplings(inputs: inputs)
    let (one, two, three) = (
      orbits(inputs: inputs, pairs: 1), orbits(inputs: inputs, pairs: 2), orbits(inputs: inputs, pairs: 3)
    )
    #expect(counts.infinite == one)
    #expect(counts.first == two + one)
    #expect(counts.second == three + two + one)
  }

  @Test("Moments to order six")
  func moments() {
    #expect(SparseDescription.moments(variables: 1) == 6)
    // 2 + 3 + 4 + 5 + 6 + 7.
    #expect(SparseDescription.moments(variables: 2) == 27)
  }
}
