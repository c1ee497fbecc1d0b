import OrreryStudies
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite struct InputStatisticsTests {
  func statistics(_ rows: [[Double]]) -> InputStatistics {
    InputStatistics(Matrix(rows: rows.count, columns: rows[0].count, elements: rows.flatMap { $0 }))
  }

  /// |x|²/n_0 = 12.5, 0.5, 1; cosines 0.6, 0.6·√½ + 0.8·√½ and √½, whose median is √½.
  @Test func threeVectorsInThePlane() {
    let found = statistics([[3, 4], [1, 0], [1, 1]])
    #expect(found.features == 2)
    #expect(found.samples == 3)
    #expect(relativeError(found.meanSquare, 14.0 / 3) < 1e-15)
    #expect(found.smallestSquare == 0.5)
    #expect(found.largestSquare == 12.5)
    #expect(relativeError(found.typicalCorrelation, 0.5.squareRoot()) < 1e-15)
  }

  @Test func lengthsScaleAndCorrelationsDoNot() {
    var random = SplitMix(seed: 5)
    let rows = (0..<20).map { _ in random.normals(7) }
    let (one, three) = (statistics(rows), statistics(rows.map { $0.map { 3 * $0 } }))
    #expect(relativeError(three.meanSquare, 9 * one.meanSquare) < 1e-14)
    #expect(relativeError(three.typicalCorrelation, one.typicalCorrelation) < 1e-12)
    let permuted = statistics(rows.reversed())
    #expect(relativeError(permuted.typicalCorrelation, one.typicalCorrelation) < 1e-12)
  }

  @Test func oneSampleOrNoLengthHasNoCorrelation() {
    #expect(statistics([[1, 2]]).typicalCorrelation == 0)
    let withZero = statistics([[0, 0], [1, 0], [2, 0]])
    #expect(withZero.typicalCorrelation == 1)
    #expect(withZero.smallestSquare == 0)
  }
}
