import Foundation
import OrreryAnalysis
import OrreryTestSupport
import OrreryTheory
import Testing

/// Four-point moments of σ(z) = az + b|z| against integrals that are exact in special families of covariances.
@Suite("Two-slope moments")
struct TwoSlopeMomentsTests {
  static let factorModels: [OneFactor] = [
    OneFactor(gaps: [0.7, 0.5, 0.3, 0.1], signs: [1, 1, -1, 1]),
    OneFactor(gaps: [0.1, 0.1, 0.05, 0.01], signs: [1, 1, 1, 1]),
    OneFactor(gaps: [1, 0.3, 0.3, 0.3], signs: [1, 1, 1, 1]),
    OneFactor(gaps: [1e-3, 2e-3, 1e-3, 3e-3], signs: [1, 1, 1, 1]),
    OneFactor(gaps: [1e-3, 0.4, 2e-3, 0.8], signs: [1, -1, 1, 1]),
    OneFactor(gaps: [1e-6, 1e-6, 1e-6, 1e-6], signs: [1, 1, 1, 1]),
    OneFactor(gaps: [1e-6, 3e-6, 2e-6, 5e-6], signs: [1, -1, -1, 1]),
    OneFactor(gaps: [1e-6, 1e-4, 1e-2, 0.5], signs: [1, 1, -1, -1]),
    OneFactor(gaps: [1e-9, 2e-9, 0.2, 0.3], signs: [1, 1, 1, 1]),
  ]

  static let planarModels: [Planar] = [
    Planar(angles: [0.1, 0.9, 2.2, 4.0]),
    Planar(angles: [0, .pi / 3, 2 * .pi / 3, .pi / 2]),
    Planar(angles: [0.3, 0.3 + .pi / 2, 1.1, 0.2]),
    Planar(angles: [0.1, 0.1001, 0.3, 0.30001]),
    Planar(angles: [0.1, 0.1 + .pi + 1e-4, 0.1002, 2]),
    Planar(angles: [0, 0, 1, 2]),
    Planar(angles: [0, .pi, 1, 1]),
  ]

  /// The three kinds of moments, the places of σ′, and what TwoSlopeMoments says.
  static func moments(_ moments: TwoSlopeMoments) -> [(derivative: [Bool], value: Double)] {
    [
      ([false, false, false, false], moments.moment(0, 1, 2, 3)),
      ([false, false, true, true], moments.moment(0, 1, derivatives: 2, 3)),
      ([true, false, true, false], moments.moment(1, 3, derivatives: 0, 2)),
      ([true, true, false, false], moments.moment(2, 3, derivatives: 0, 1)),
      ([true, true, true, true], moments.derivativeMoment(0, 1, 2, 3)),
    ]
  }

  @Test("Variables with one common factor: one integral over it", arguments: factorModels)
  func oneFactor(_ model: OneFactor) throws {
    let table = try model.table()
    for activation in TwoSlope.all {
      for (derivative, value) in Self.moments(try activation.moments(table)) {
        let exact = model.moment(activation, derivative: derivative)
        #expect(abs(value - exact.value) <= 2e-13 + 2 * exact.error, "\(activation), \(derivative)")
      }
    }
  }

  @Test("Variables in a plane, a covariance of rank 2: an integral over the angle", arguments: planarModels)
  func planar(_ model: Planar) throws {
    let table = try model.table()
    // Rounding of 1 − c, seen by signs as 10⁻¹⁶/√(1 − |c|).
    let closest = (0..<4).flatMap { i in (0..<i).map { table.pair(i, $0).residualDeviation } }.filter { $0 > 0 }.min()!
    for activation in TwoSlope.all {
      for (derivative, value) in Self.moments(try activation.moments(table)) {
        let exact = model.moment(activation, derivative: derivative)
        #expect(abs(value - exact) <= 1e-13 + 4e-16 / closest, "\(activation), \(derivative)")
      }
    }
  }

  @Test("Orthants of equal correlations: P(all > 0) is 1/5 for ρ = ½, and four pairs' product for independent pairs")
  func orthants() throws {
    let half = try CorrelationTable(
      covariance: (0..<16).map { $0 % 5 == 0 ? 1 : 0.5 }, inputs: 4)
    let relu = try TwoSlope.relu.moments(half)
    #expect(abs(relu.derivativeMoment(0, 1, 2, 3) - 0.2) < 1e-14)
    let signs = relu.signs(0, 1, 2, 3)
    #expect(abs(signs.value - 0.2) <= signs.error + 1e-15)
    #expect(signs.error < 1e-14)

    let (c, d) = (0.6, -0.35)
    let pairs = try CorrelationTable(
      covariance: [1, 0, c, 0, 0, 1, 0, d, c, 0, 1, 0, 0, d, 0, 1], inputs: 4)
    #expect(
      abs(try TwoSlope.relu.moments(pairs).signs(0, 1, 2, 3).value - 4 / (.pi * .pi) * asin(c) * asin(d)) < 1e-14)
  }

  @Test("The moment of four signs is within its error, which is small at every correlation")
  func errorEstimate() throws {
    for model in Self.factorModels {
      let signs = try TwoSlope.absolute.moments(try model.table()).signs(0, 1, 2, 3)
      let exact = model.moment(.absolute, derivative: [true, true, true, true])
      #expect(abs(signs.value - exact.value) <= signs.error + exact.error + 1e-15)
      #expect(signs.error < 1e-10)
    }
  }

  @Test("Price's theorem joins the three kinds: ∂⟨σσσσ⟩/∂k₁₂ = ⟨σ′σ′σσ⟩, and again", arguments: 0..<6)
  func priceTheorem(_ seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    let covariance = randomCovariance(4, dimension: 5 + seed, &random)
    let activation = TwoSlope.all[seed % 3]
    func moved(_ row: Int, _ column: Int, to value: Double) throws -> TwoSlopeMoments {
      var matrix = covariance
      matrix[row * 4 + column] = value
      matrix[column * 4 + row] = value
      return try activation.moments(try CorrelationTable(covariance: matrix, inputs: 4))
    }
    let moments = try moved(0, 1, to: covariance[1])
    let step = 0.02 * (covariance[0] * covariance[5]).squareRoot()
    let first = try finiteDifference(at: covariance[1], step: step) { try moved(0, 1, to: $0).moment(0, 1, 2, 3) }
    let exact = moments.moment(2, 3, derivatives: 0, 1)
    #expect(abs(first.value - exact) <= 10 * first.error + 1e-9 * abs(exact))
    let second = try finiteDifference(at: covariance[11], step: step) {
      try moved(2, 3, to: $0).moment(2, 3, derivatives: 0, 1)
    }
    #expect(abs(second.value - moments.derivativeMoment(0, 1, 2, 3)) <= 10 * second.error + 1e-9)
  }
}
