import Foundation
import OrreryAnalysis
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite struct MomentsTests {
  private let sample: [Double] = {
    var generator = SplitMix(seed: 5)
    return (0..<1000).map { _ in pow(generator.normal(), 2) + 1e3 }
  }()

  private func centralSum(_ values: [Double], _ power: Double) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + pow($1 - mean, power) }
  }

  @Test func streamingIsTwoPass() {
    let moments = StreamingMoments(sample)
    #expect(moments.count == 1000)
    #expect(relativeError(moments.mean, sample.reduce(0, +) / 1000) < 1e-14)
    #expect(relativeError(moments.centralSum2, centralSum(sample, 2)) < 1e-11)
    #expect(relativeError(moments.centralSum3, centralSum(sample, 3)) < 1e-10)
    #expect(relativeError(moments.centralSum4, centralSum(sample, 4)) < 1e-10)
  }

  @Test(arguments: [0, 1, 2, 500, 999, 1000])
  func mergingIsAssociative(_ cut: Int) {
    var merged = StreamingMoments(sample[..<cut])
    merged.merge(StreamingMoments(sample[cut...]))
    let whole = StreamingMoments(sample)
    #expect(merged.count == whole.count)
    #expect(relativeError(merged.mean, whole.mean) < 1e-14)
    #expect(relativeError(merged.centralSum2, whole.centralSum2) < 1e-11)
    #expect(relativeError(merged.centralSum3, whole.centralSum3) < 1e-10)
    #expect(relativeError(merged.centralSum4, whole.centralSum4) < 1e-10)
  }

  @Test func smallSamplesSayWhatTheyCannotKnow() {
    #expect(StreamingMoments().estimate.value.isNaN)
    #expect(StreamingMoments([3]).estimate == Estimate(value: 3, error: .infinity))
    #expect(StreamingMoments([1, 3]).estimate == Estimate(value: 2, error: 1))
    #expect(StreamingMoments([1, 3]).varianceEstimate.error == .infinity)
  }

  @Test func covariancesOfVectors() {
    var generator = SplitMix(seed: 8)
    let rows = (0..<10_000).map { _ in
      let (a, b) = (generator.normal(), generator.normal())
      return [a, 0.6 * a + 0.8 * b, 5]
    }
    let samples = Matrix(rows)
    let covariance = Statistics.covariance(samples)
    #expect(covariance[0, 1] == covariance[1, 0])
    #expect(covariance[2, 2] == 0)
    // Var of a sample covariance of normals: (σ²τ² + cov²)/M.
    checkMonteCarloAgrees(
      predicted: [1, 0.6, 1], measured: [covariance[0, 0], covariance[0, 1], covariance[1, 1]],
      standardError: [2, 1.36, 2].map { ($0 / 10_000).squareRoot() })
    checkKernelIsPositiveSemidefinite(covariance, tolerance: 1e-12)
    let means = Statistics.means(samples)
    checkMonteCarloAgrees(predicted: 0, measured: means[1].value, standardError: means[1].error)
    var half = StreamingCovariance(variables: 3)
    for row in rows[..<3000] { half.add(row) }
    var other = StreamingCovariance(variables: 3)
    for row in rows[3000...] { other.add(row) }
    half.merge(other)
    #expect(relativeError(half.covariance.tensor.elements, covariance.tensor.elements) < 1e-12)
    #expect(relativeError(half.covarianceOfMeans[0, 0], means[0].error * means[0].error) < 1e-12)
  }

  @Test func threadsDoNotMatter() {
    var generator = SplitMix(seed: 9)
    let samples = Matrix(rows: 20_000, columns: 2, elements: generator.normals(40_000))
    Parallel.setThreads(1)
    let one = Statistics.covariance(samples)
    Parallel.setThreads(3)
    let three = Statistics.covariance(samples)
    Parallel.setThreads(0)
    #expect(one == three)
  }

  @Test func weightedMeans() {
    let mean = Statistics.weightedMean([Estimate(value: 1, error: 0.1), Estimate(value: 2, error: 0.2)])
    #expect(relativeError(mean.estimate.value, 1.2) < 1e-15)
    #expect(relativeError(mean.estimate.error, 0.1 / 1.25.squareRoot()) < 1e-15)
    #expect(relativeError(mean.chiSquared, 4 + 16) < 1e-14)
    #expect(mean.degreesOfFreedom == 1)
    #expect(relativeError(mean.pValue, erfc(10.0.squareRoot())) < 1e-12)
  }

  @Test func quantiles() {
    let values = [4.0, 1, 3, 2, 5]
    #expect(Statistics.quantiles([0, 0.25, 0.5, 0.9, 1], of: values) == [1, 2, 3, 4.6, 5])
    #expect(Statistics.quantile(0.3, of: [7]) == 7)
  }

  @Test func histograms() {
    var histogram = Histogram(bins: 4, in: 0...2)
    histogram.add([-1, 0, 0.49, 0.5, 1.99, 2, 2.01, .nan])
    #expect(histogram.counts == [2, 1, 0, 2])
    #expect(histogram.below == 1 && histogram.above == 1 && histogram.undefined == 1)
    #expect(histogram.total == 8)
    #expect(histogram.centers == [0.25, 0.75, 1.25, 1.75])
    #expect(histogram.density[0].value == 0.5)
    var copy = histogram
    copy.merge(histogram)
    #expect(copy.counts == [4, 2, 0, 4] && copy.total == 16)
    var generator = SplitMix(seed: 2)
    var normal = Histogram(bins: 40, in: -4...4)
    normal.add(generator.normals(50_000))
    let exact = normal.centers.map {
      (Distributions.normalCumulative($0 + 0.1) - Distributions.normalCumulative($0 - 0.1)) / 0.2
    }
    // Poisson tails in the outermost bins are wider than a normal's: test those with 100 counts and more.
    let filled = normal.counts.indices.filter { normal.counts[$0] >= 100 }
    checkMonteCarloAgrees(
      predicted: filled.map { exact[$0] }, measured: filled.map { normal.density[$0].value },
      standardError: filled.map { normal.density[$0].error })
  }
}
