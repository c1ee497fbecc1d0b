import OrreryAnalysis
import OrreryFindings
import OrreryTensors
import OrreryTestSupport
import Testing

/// The joint statistic on correlated Gaussians: calibrated where the law holds, and refuted where it does not.
@Suite struct JointConfrontationTests {
  static let count = 5
  static let networks = 60

  /// Networks whose quantities share a part, so that they are strongly correlated.
  static func draw(_ random: inout SplitMix, shift: Double = 0) -> Matrix<Double> {
    Matrix(
      rows: networks, columns: count,
      elements: (0..<networks).flatMap { _ in
        let common = random.normal()
        return (0..<count).map { Double($0) + shift + common + 0.3 * random.normal() }
      })
  }

  static func confront(
    _ samples: Matrix<Double>, common: [Double]? = nil, individual: [Double]? = nil
  ) -> JointConfrontation {
    let none = [Double](repeating: 0, count: count)
    return JointConfrontation(
      predicted: (0..<count).map(Double.init), measured: Statistics.means(samples).map(\.value),
      covariance: Statistics.covariance(samples), networks: samples.rows, common: common ?? none,
      individual: individual ?? none)
  }

  /// The mean of χ² over many ensembles is the number of quantities: that is what the correction is for. It makes
  /// the mean of Hotelling's T² exactly q.
  @Test func calibrated() {
    var random = SplitMix(seed: 8)
    let statistics = (0..<2000).map { _ in Self.confront(Self.draw(&random)).chiSquared }
    let mean = Statistics.mean(statistics)
    checkMonteCarloAgrees(predicted: Double(Self.count), measured: mean.value, standardError: mean.error)
    let refuted = (0..<200).count { _ in Self.confront(Self.draw(&random)).verdict == .refuted }
    #expect(refuted <= 5)
  }

  /// A shift of all quantities is refuted, unless a truncation error that is common to them explains it.
  @Test func shifted() {
    var random = SplitMix(seed: 9)
    let samples = Self.draw(&random, shift: 1.5)
    #expect(Self.confront(samples).verdict == .refuted)
    let open = [Double](repeating: 1.5, count: Self.count)
    #expect(Self.confront(samples, common: open).verdict == .agrees)
    #expect(Self.confront(samples, individual: open).verdict == .agrees)
    #expect(Self.confront(samples, common: open.map { $0 / 100 }).verdict == .refuted)
  }

  /// Too few networks, and numbers that are missing, decide nothing.
  @Test func undecided() {
    var random = SplitMix(seed: 10)
    let few = Self.draw(&random).selectingRows(Array(0..<49))
    #expect(Self.confront(few).verdict == .cannotTell)
    var broken = Self.draw(&random)
    broken[0, 0] = .nan
    #expect(Self.confront(broken).verdict == .cannotTell)
  }
}
