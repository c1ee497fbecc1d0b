import Foundation
import OrreryAnalysis
import OrreryTestSupport
import OrreryTheory
import Testing

/// Symmetries of the moments and what is left of them when inputs coincide or vanish.
@Suite("Two-slope moments: identities")
struct TwoSlopeIdentityTests {
  private static let orders: [[Int]] = (0..<256).map { code in (0..<4).map { code >> (2 * $0) & 3 } }
    .filter { Set($0).count == 4 }

  @Test("Moments do not depend on the order of their inputs", arguments: 0..<8)
  func permutations(_ seed: Int) throws {
    var random = SplitMix(seed: 200 + UInt64(seed))
    // Dimensions 2 and 3 give singular covariances.
    let covariance = randomCovariance(4, dimension: 2 + seed / 2, &random)
    let table = try CorrelationTable(covariance: covariance, inputs: 4)
    let moments = try TwoSlope.all[seed % 3].moments(table)
    let scale = (0..<4).reduce(1.0) { $0 * covariance[$1 * 5].squareRoot() }
    let (value, signs) = (moments.moment(0, 1, 2, 3), moments.derivativeMoment(0, 1, 2, 3))
    let derivative = moments.moment(0, 1, derivatives: 2, 3)
    #expect(Self.orders.count == 24)
    for p in Self.orders {
      #expect(abs(moments.moment(p[0], p[1], p[2], p[3]) - value) <= 1e-12 * scale)
      #expect(abs(moments.derivativeMoment(p[0], p[1], p[2], p[3]) - signs) <= 1e-12)
      if Set(p.prefix(2)) == [0, 1] {
        #expect(abs(moments.moment(p[0], p[1], derivatives: p[2], p[3]) - derivative) <= 1e-12 * scale)
      }
    }
  }

  @Test("z → λz scales σ by λ and leaves σ′; z → −z exchanges the slopes")
  func scaling() throws {
    var random = SplitMix(seed: 7)
    let covariance = randomCovariance(4, dimension: 6, &random)
    let factors = [2.5, 0.3, 1e-5, 700]
    let scaled = (0..<16).map { covariance[$0] * factors[$0 / 4] * factors[$0 % 4] }
    let (plain, other) = (
      try TwoSlope.leaky.moments(try CorrelationTable(covariance: covariance, inputs: 4)),
      try TwoSlope.leaky.moments(try CorrelationTable(covariance: scaled, inputs: 4))
    )
    let product = factors.reduce(1, *)
    #expect(relativeError(other.moment(0, 1, 2, 3), product * plain.moment(0, 1, 2, 3)) < 1e-12)
    #expect(
      relativeError(
        other.moment(0, 1, derivatives: 2, 3), factors[0] * factors[1] * plain.moment(0, 1, derivatives: 2, 3)) < 1e-12)
    #expect(relativeError(other.derivativeMoment(0, 1, 2, 3), plain.derivativeMoment(0, 1, 2, 3)) < 1e-12)

    // σ₋(z) = σ(−z) has the slopes −a₋ and −a₊.
    let mirrored = try TwoSlope(positive: -0.2, negative: -1).moments(plain.correlations)
    #expect(relativeError(mirrored.moment(0, 1, 2, 3), plain.moment(0, 1, 2, 3)) < 1e-13)
    #expect(relativeError(mirrored.derivativeMoment(0, 1, 2, 3), plain.derivativeMoment(0, 1, 2, 3)) < 1e-13)
  }

  @Test("Two inputs in four places, x and −2x among them: expectations over two variables")
  func twoInputs() throws {
    let pair = GaussianPair(k11: 1.3, k22: 0.8, oneMinusCorrelation: 1.4)
    // Inputs x, y, −2x, y again: the variables are factors times one of the two.
    let (factors, which) = ([1.0, 1.0, -2.0, 1.0], [0, 1, 0, 1])
    let base = [pair.k11, pair.k12, pair.k12, pair.k22]
    let covariance = (0..<16).map { place in
      let (row, column) = (place / 4, place % 4)
      return factors[row] * factors[column] * base[which[row] * 2 + which[column]]
    }
    let table = try CorrelationTable(covariance: covariance, inputs: 4)
    for activation in [TwoSlope.relu, .leaky, .absolute] {
      let moments = try activation.moments(table)
      for code in 0..<256 {
        let index = (0..<4).map { code >> (2 * $0) & 3 }
        func value(_ place: Int, _ z1: Double, _ z2: Double) -> Double {
          activation.value(factors[index[place]] * (which[index[place]] == 0 ? z1 : z2))
        }
        func slope(_ place: Int, _ z1: Double, _ z2: Double) -> Double {
          activation.slope(factors[index[place]] * (which[index[place]] == 0 ? z1 : z2))
        }
        let exact = GaussianExpectation.two(pair, components: 3, kinks: .init(both: [0])) { z1, z2, results in
          let (v0, v1) = (value(0, z1, z2), value(1, z1, z2))
          let (d2, d3) = (slope(2, z1, z2), slope(3, z1, z2))
          results[0] = v0 * v1 * value(2, z1, z2) * value(3, z1, z2)
          results[1] = v0 * v1 * d2 * d3
          results[2] = slope(0, z1, z2) * slope(1, z1, z2) * d2 * d3
        }
        let found = [
          moments.moment(index[0], index[1], index[2], index[3]),
          moments.moment(index[0], index[1], derivatives: index[2], index[3]),
          moments.derivativeMoment(index[0], index[1], index[2], index[3]),
        ]
        for (value, estimate) in zip(found, exact) {
          #expect(abs(value - estimate.value) <= 1e-12 + 2 * estimate.error, "\(activation) \(index)")
        }
      }
    }
  }

  @Test("An input of variance 0 has σ = 0 and the sign of an infinitesimal variable of its own")
  func zeroVariance() throws {
    // The limit, and inputs 1 and 3 of variance 0.
    let table = try CorrelationTable(
      covariance: [1, 0, 0.3, 0, 0, 0, 0, 0, 0.3, 0, 2, 0, 0, 0, 0, 0], inputs: 4)
    let moments = try TwoSlope.leaky.moments(table)
    #expect(moments.moment(0, 1, 2, 0) == 0)
    #expect(moments.moment(1, 3, derivatives: 0, 2) == 0)
    let small = try CorrelationTable(covariance: [1, 0, 0.3, 0, 1e-20, 0, 0.3, 0, 2], inputs: 3)
    let limit = try TwoSlope.leaky.moments(small)
    #expect(relativeError(moments.moment(0, 2, derivatives: 1, 2), limit.moment(0, 2, derivatives: 1, 2)) < 1e-14)
    #expect(relativeError(moments.moment(0, 2, derivatives: 1, 3), limit.moment(0, 2, derivatives: 1, 1)) < 1e-14)
    #expect(relativeError(moments.derivativeMoment(0, 1, 2, 3), limit.derivativeMoment(0, 1, 2, 1)) < 1e-14)
  }

  @Test("Degenerate covariances of every rank: finite, bounded, independent of order", arguments: 0..<40)
  func degenerate(_ seed: Int) throws {
    var random = SplitMix(seed: 300 + UInt64(seed))
    // Small integers in few dimensions: repeated, opposite, zero and coplanar inputs; some moved by a little.
    let dimension = 1 + seed % 4
    let shift = [0, 1e-15, 1e-9, 1e-4][seed / 4 % 4]
    let rows = (0..<6).map { _ in
      (0..<dimension).map { _ in Double(Int(random.uniform() * 5) - 2) * 0.7 + shift * random.normal() }
    }
    let covariance = rows.flatMap { first in rows.map { second in zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } } }
    let moments = try TwoSlope.relu.moments(try CorrelationTable(covariance: covariance, inputs: 6))
    for _ in 0..<40 {
      let index = (0..<4).map { _ in Int(random.uniform() * 6) }
      let scale = index.reduce(1.0) { $0 * covariance[$1 * 7].squareRoot() }
      let value = moments.moment(index[0], index[1], index[2], index[3])
      // ReLU's moments are at most ½·3 of the deviations' product, σ′ is 0 or 1.
      #expect(value >= -1e-13 * scale && value <= 1.5 * scale * (1 + 1e-12))
      #expect(abs(moments.moment(index[2], index[0], index[3], index[1]) - value) <= 1e-12 * scale)
      let slopes = moments.derivativeMoment(index[0], index[1], index[2], index[3])
      #expect(slopes >= -1e-7 && slopes <= 0.5 + 1e-7)
      let mixed = moments.moment(index[0], index[1], derivatives: index[2], index[3])
      let mixedScale = (covariance[index[0] * 7] * covariance[index[1] * 7]).squareRoot()
      #expect(mixed >= -1e-7 * mixedScale && mixed <= (0.5 + 1e-7) * mixedScale)
    }
  }

  @Test("Bad input is refused with a sentence")
  func errors() throws {
    #expect(throws: TwoSlopeError.badVariance(input: 1, value: -1)) {
      try CorrelationTable(covariance: [1, 0, 0, -1], inputs: 2)
    }
    #expect(throws: TwoSlopeError.nonFiniteCovariance(row: 1, column: 0)) {
      try CorrelationTable(covariance: [1, .nan, .nan, 1], inputs: 2)
    }
    #expect(throws: TwoSlopeError.notSymmetric(row: 1, column: 0)) {
      try CorrelationTable(covariance: [1, 0.1, 0.2, 1], inputs: 2)
    }
    #expect(throws: TwoSlopeError.badCorrelation(row: 1, column: 0, correlation: 2)) {
      try CorrelationTable(covariance: [1, 2, 2, 1], inputs: 2)
    }
    #expect(throws: TwoSlopeError.wrongCount(name: "A covariance matrix", inputs: 2, found: 3)) {
      try CorrelationTable(covariance: [1, 2, 2], inputs: 2)
    }
    #expect(throws: TwoSlopeError.badCorrelation(row: 1, column: 0, correlation: -2)) {
      try CorrelationTable(variances: [1, 1], oneMinusCorrelations: [0, 3, 3, 0])
    }
    let table = try CorrelationTable(covariance: [1], inputs: 1)
    #expect(throws: TwoSlopeError.badSlopes(positive: .infinity, negative: 0)) {
      try TwoSlopeMoments(positive: .infinity, negative: 0, correlations: table)
    }
    #expect("\(TwoSlopeError.badVariance(input: 1, value: -1))".hasSuffix("finite and not negative."))
  }
}
