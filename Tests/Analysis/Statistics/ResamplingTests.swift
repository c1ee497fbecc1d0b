import Foundation
import OrreryAnalysis
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite struct ResamplingTests {
  private let sample: [Double] = {
    var generator = SplitMix(seed: 21)
    return (0..<400).map { _ in exp(0.5 * generator.normal()) }
  }()

  @Test func bootstrapOfAMean() {
    let sample = sample
    let result = Resampling.bootstrap(networks: 400, replicates: 2000, seed: 1) { members in
      [members.reduce(0) { $0 + sample[$1] } / 400]
    }
    let direct = Statistics.mean(sample)
    #expect(relativeError(result.estimates[0].value, direct.value) < 1e-14)
    // The plain bootstrap's variance is (n−1)/n of s²/n; its own error is 1/√(2R) relative.
    let expected = direct.error * (399.0 / 400).squareRoot()
    #expect(abs(result.estimates[0].error - expected) < 5 * expected / 4000.0.squareRoot())
    let interval = result.interval(0)
    #expect(interval.contains(direct.value))
    #expect(abs((interval.upperBound - interval.lowerBound) / (2 * 1.96 * expected) - 1) < 0.2)
    #expect(abs(result.biases[0]) < 5 * expected / 2000.0.squareRoot())
  }

  @Test func replicatesDependOnSeedAlone() {
    let sample = sample
    let statistic: @Sendable ([Int]) -> [Double] = { members in
      let moments = StreamingMoments(members.map { sample[$0] })
      return [moments.mean, moments.variance]
    }
    Parallel.setThreads(1)
    let one = Resampling.bootstrap(networks: 400, replicates: 50, seed: 3, statistic: statistic)
    Parallel.setThreads(4)
    let four = Resampling.bootstrap(networks: 400, replicates: 50, seed: 3, statistic: statistic)
    // The first replicates are the same in a longer run.
    let longer = Resampling.bootstrap(networks: 400, replicates: 80, seed: 3, statistic: statistic)
    Parallel.setThreads(0)
    let other = Resampling.bootstrap(networks: 400, replicates: 50, seed: 4, statistic: statistic)
    #expect(one == four)
    #expect(one.replicates.row(49) == longer.replicates.row(49))
    #expect(one.replicates.row(0) != other.replicates.row(0))
    #expect(one.covariance[0, 1] > 0)
  }

  @Test func drawsAreUniform() {
    let result = Resampling.bootstrap(networks: 10, replicates: 5000, seed: 9) { members in
      (0..<10).map { index in Double(members.filter { $0 == index }.count) }
    }
    // Each network's mean multiplicity is 1 with variance 0.9 per replicate.
    let means = Statistics.means(result.replicates)
    checkMonteCarloAgrees(
      predicted: Array(repeating: 1, count: 10), measured: means.map(\.value),
      standardError: Array(repeating: (0.9 / 5000).squareRoot(), count: 10))
  }

  @Test func jackknifeRemovesBias() {
    let sample = sample
    // The biased variance, divided by n: the jackknife makes it the unbiased one exactly.
    let result = Resampling.jackknife(networks: 400, blocks: 400) { members in
      let moments = StreamingMoments(members.map { sample[$0] })
      return [moments.centralSum2 / Double(members.count), moments.mean]
    }
    #expect(relativeError(result[0].value, StreamingMoments(sample).variance) < 1e-10)
    let direct = Statistics.mean(sample)
    #expect(relativeError(result[1].value, direct.value) < 1e-12)
    #expect(relativeError(result[1].error, direct.error) < 1e-10)
    #expect(relativeError(result[0].error, Cumulants(sample).second.error) < 0.01)
  }

  @Test func jackknifeInBlocks() {
    let sample = sample
    let result = Resampling.jackknife(networks: 400, blocks: 40) { members in
      [members.reduce(0) { $0 + sample[$1] } / Double(members.count)]
    }
    let direct = Statistics.mean(sample)
    #expect(relativeError(result[0].value, direct.value) < 1e-12)
    // 40 blocks know the error to 1/√78.
    #expect(abs(result[0].error / direct.error - 1) < 5 / 78.0.squareRoot())
  }
}
