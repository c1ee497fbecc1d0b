import Foundation
import OrreryTensors
import OrreryTestSupport
import Testing

/// Uniform numbers, integers, permutations and truncated normals.
@Suite struct UniformTests {
  let stream = RandomStream(seed: 31, purpose: .test, layer: 9)

  @Test func momentsAreTheUniforms() {
    let count = 1 << 21
    let u = stream.uniforms(count: count)
    let means: [Double] = (1...4).map { (k: Int) -> Double in
      let powers = u.map { pow($0, Double(k)) }
      return powers.reduce(0, +) / Double(count)
    }
    let predicted: [Double] = (1...4).map { 1 / Double($0 + 1) }
    let variances: [Double] = (1...4).map { (k: Int) -> Double in
      let mean = predicted[k - 1]
      return 1 / Double(2 * k + 1) - mean * mean
    }
    checkMonteCarloAgrees(
      predicted: predicted, measured: means, standardError: variances.map { ($0 / Double(count)).squareRoot() })
    #expect(u.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(stream.floatUniforms(count: count).allSatisfy { $0 >= 0 && $0 < 1 })
  }

  @Test(arguments: [1, 2, 7, 1000])
  func integersFillTheirRange(_ bound: Int) {
    let count = 20_000
    var counts = [Double](repeating: 0, count: bound)
    for index in 0..<count { counts[stream.integer(below: bound, at: index)] += 1 }
    let p = 1 / Double(bound)
    checkMonteCarloAgrees(
      predicted: counts.map { _ in p }, measured: counts.map { $0 / Double(count) },
      standardError: counts.map { _ in max((p * (1 - p) / Double(count)).squareRoot(), 1e-12) })
  }

  @Test func permutationsArePermutations() {
    for count in [0, 1, 2, 10, 1000] {
      #expect(stream.permutation(count: count).sorted() == Array(0..<count))
    }
    let letters = ["a", "b", "c", "d"]
    #expect(stream.shuffled(letters) == stream.permutation(count: 4).map { letters[$0] })
    #expect(stream.permutation(count: 100) != stream.permutation(count: 100, from: 100))
  }

  /// Every order of three comes up one time in six.
  @Test func permutationsAreUniform() {
    let trials = 12_000
    var counts: [[Int]: Double] = [:]
    for trial in 0..<trials { counts[stream.permutation(count: 3, from: 3 * trial), default: 0] += 1 }
    let p = 1.0 / 6
    checkMonteCarloAgrees(
      predicted: [Double](repeating: p, count: 6), measured: counts.values.map { $0 / Double(trials) },
      standardError: [Double](repeating: (p * (1 - p) / Double(trials)).squareRoot(), count: 6))
  }

  /// The variance is 1 − 2 b φ(b)/(2 Φ(b) − 1), the error of the measured one from the measured fourth moment.
  @Test(arguments: [0.5, 1, 2, 4])
  func truncatedNormalsHaveTheirVariance(_ bound: Double) {
    let count = 200_000
    let x = stream.truncatedNormals(count: count, bound: bound)
    #expect(x.allSatisfy { abs($0) <= bound })
    var mean = 0.0
    var second = 0.0
    var fourth = 0.0
    for x in x {
      mean += x / Double(count)
      second += x * x / Double(count)
      fourth += x * x * x * x / Double(count)
    }
    let variances = [second, fourth - second * second]
    checkMonteCarloAgrees(
      predicted: [0, RandomStream.truncatedNormalVariance(bound: bound)], measured: [mean, second],
      standardError: variances.map { ($0 / Double(count)).squareRoot() })
  }

  /// Φ of the draw is the uniform it came from.
  @Test func truncatedNormalsInvertTheDistribution() {
    let bound = 3.0
    let lowest = 0.5 * erfc(bound * 0.5.squareRoot())
    let u = stream.uniforms(count: 2000)
    for (x, u) in zip(stream.truncatedNormals(count: 2000, bound: bound), u) {
      let distribution: Double = 0.5 * erfc(-x * 0.5.squareRoot())
      let probability: Double = (distribution - lowest) / (1 - 2 * lowest)
      #expect(abs(probability - u) < 1e-14)
    }
    // The known variance at two standard deviations, by which Keras and Flax divide: 0.87962566103423978².
    #expect(abs(RandomStream.truncatedNormalVariance(bound: 2) - 0.773_741_303_5) < 1e-9)
    #expect(
      stream.truncatedNormals(count: 5, bound: 2, from: 3) == Array(stream.truncatedNormals(count: 8, bound: 2)[3...]))
  }
}
