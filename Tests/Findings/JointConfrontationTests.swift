import OrreryAnalysis
import OrreryFindings
import OrreryTensors
import OrreryTestSupport
import Testing

/// The joint statistic on correlated Gaussians: calibrated where the law holds, and refuted where it does not.
@Suite(.tags(.statistical)) struct JointConfrontationTests {
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
    _ samples: Matrix<Double>, truncation: ((Int, Int) -> Double)? = nil
  ) -> JointConfrontation {
    JointConfrontation(
      predicted: (0..<count).map(Double.init), measured: Statistics.means(samples).map(\.value),
      covariance: Statistics.covariance(samples), networks: samples.rows,
      truncation: truncation.map { error in
        Matrix(
          rows: count, columns: count,
          elements: (0..<count).flatMap { row in (0..<count).map { error(row, $0) } })
      })
  }

  /// Where the law holds p is uniform, in the tail that decides too: with few networks χ² would refute three times as often.
  @Test func calibrated() {
    var random = SplitMix(seed: 8)
    let draws = 20_000
    let values = (0..<draws).map { _ in Self.confront(Self.draw(&random)).pValue }
    for level in [0.5, 0.1, 0.01, 0.001] {
      checkMonteCarloAgrees(
        predicted: level, measured: Double(values.count { $0 < level }) / Double(draws),
        standardError: (level * (1 - level) / Double(draws)).squareRoot())
    }
  }

  /// A shift of all quantities is refuted, unless a truncation error that is common to them explains it.
  @Test func shifted() {
    var random = SplitMix(seed: 9)
    let samples = Self.draw(&random, shift: 1.5)
    #expect(Self.confront(samples).verdict == .refuted)
    #expect(Self.confront(samples) { _, _ in 1.5 * 1.5 }.verdict == .agrees)
    #expect(Self.confront(samples) { $0 == $1 ? 1.5 * 1.5 : 0 }.verdict == .agrees)
    #expect(Self.confront(samples) { _, _ in 0.015 * 0.015 }.verdict == .refuted)
    // What is left open in one direction does not excuse another.
    #expect(Self.confront(samples) { (1 - 2 * Double($0 % 2)) * (1 - 2 * Double($1 % 2)) }.verdict == .refuted)
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
