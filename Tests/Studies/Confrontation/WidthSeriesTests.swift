import OrreryAnalysis
import OrreryNetworks
import OrreryStudies
import OrreryTestSupport
import Testing

/// The output kernel against width.
@Suite(.tags(.statistical)) struct WidthSeriesTests {
  static let finding = Result {
    try StudyConfrontation(
      LoadedStudy(SmallStudies.synthetic(.tanh, networks: 1000, widths: [16, 32, 64, 128])), hasTraining: false
    ).run()
  }

  /// At order 1/n the variance falls as n⁻¹ exactly, the mean's deviation too.
  @Test func orderOneOverNIsAPowerLaw() throws {
    let points = try Self.finding.get().widths.points
    for point in points {
      #expect(relativeError(point.relativeVariance * Double(point.width), points[0].relativeVariance * 16) < 1e-12)
      #expect(relativeError(point.meanDeviation * Double(point.width), points[0].meanDeviation * 16) < 1e-12)
    }
    #expect(points[0].meanDeviation < 0, "tanh saturates: fluctuations lower the mean.")
  }

  /// The fitted slopes; −1 up to the next order, which a fit from width 16 on sees at the level of a tenth.
  @Test func slopesAreMinusOne() throws {
    let widths = try Self.finding.get().widths
    for slope in [try #require(widths.chainSlope), try #require(widths.measuredSlope)] {
      #expect(slope.error > 0)
      #expect(abs(slope.value + 1) < 0.1 + 4 * slope.error, "\(slope)")
    }
  }

  /// Chain and real networks measure one law.
  @Test func chainAndNetworksAgree() throws {
    for point in try Self.finding.get().widths.points {
      checkMonteCarloAgrees(
        predicted: point.chainVariance.value, measured: point.measuredVariance.value,
        standardError: (point.chainVariance.error * point.chainVariance.error
          + point.measuredVariance.error * point.measuredVariance.error).squareRoot())
    }
  }

  /// A histogram's fractions, its tails left out, sum to nearly one for all three laws.
  @Test func histogramsAreDensities() throws {
    let histogram = try #require(try Self.finding.get().histogram)
    let widths = zip(histogram.edges.dropFirst(), histogram.edges).map { $0 - $1 }
    #expect(histogram.density.count == widths.count)
    for density in [histogram.density.map(\.value), histogram.gaussian, histogram.chain] {
      let total = zip(density, widths).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(total > 0.98 && total <= 1 + 1e-12)
    }
    // N(0, 1) within three deviations.
    let gaussian = zip(histogram.gaussian, widths).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(relativeError(gaussian, 0.9973002039367398) < 1e-12)
    #expect(histogram.chainChiSquared.pValue > 1e-5)
  }
}
