import Foundation
import OrreryAnalysis
import OrreryTestSupport
import Testing

@Suite struct CumulantsTests {
  @Test func unbiasedByEnumeration() {
    // Over all samples of five from {0, 1} with P(1) = p, the mean of k_r is κ_r of the Bernoulli law exactly.
    let p = 0.3
    let exact = [p, p * (1 - p), p * (1 - p) * (1 - 2 * p), p * (1 - p) * (1 - 6 * p * (1 - p))]
    var means = [Double](repeating: 0, count: 4)
    var joint = [Double](repeating: 0, count: 3)
    for bits in 0..<64 {
      let sample = (0..<6).map { Double((bits >> $0) & 1) }
      let ones = sample.reduce(0, +)
      let probability = pow(p, ones) * pow(1 - p, 6 - ones)
      let cumulants = Cumulants(sample)
      let values = [cumulants.first, cumulants.second, cumulants.third, cumulants.fourth].map(\.value)
      for r in 0..<4 { means[r] += probability * values[r] }
      for r in 0..<3 { joint[r] += probability * Cumulants.joint(Array(repeating: sample, count: r + 2)).value }
    }
    #expect(relativeError(means, exact) < 1e-13)
    #expect(relativeError(joint, Array(exact.dropFirst())) < 1e-13)
  }

  @Test func jackknifeErrorsAreTheBruteForceOnes() {
    var generator = SplitMix(seed: 4)
    let sample = (0..<30).map { _ in exp(0.4 * generator.normal()) + 10 }
    let cumulants = Cumulants(sample)
    let all = [cumulants.first, cumulants.second, cumulants.third, cumulants.fourth]
    let left = sample.indices.map { skipped in
      let rest = sample.indices.filter { $0 != skipped }.map { sample[$0] }
      let c = Cumulants(rest)
      return [c.first.value, c.second.value, c.third.value, c.fourth.value]
    }
    for r in 0..<4 {
      let moments = StreamingMoments(left.map { $0[r] })
      let error = (29.0 / 30 * moments.centralSum2).squareRoot()
      #expect(relativeError(all[r].error, error) < 1e-8)
    }
    for order in 2...4 {
      let joint = Cumulants.joint(Array(repeating: sample, count: order))
      #expect(relativeError(joint.value, all[order - 1].value) < 1e-9)
      #expect(relativeError(joint.error, all[order - 1].error) < 1e-7)
    }
  }

  @Test func cumulantsOfKnownLaws() {
    var generator = SplitMix(seed: 6)
    // Exponential: κ_r = (r − 1)!.
    let exponential = Cumulants((0..<200_000).map { _ in -log(generator.uniform()) })
    let estimates = [exponential.first, exponential.second, exponential.third, exponential.fourth]
    checkMonteCarloAgrees(
      predicted: [1, 1, 2, 6], measured: estimates.map(\.value), standardError: estimates.map(\.error))
    // z_i z_j with a common random variance: ⟨z₁²z₂²⟩ connected is the variance of the variance.
    let rows = (0..<100_000).map { _ -> (Double, Double) in
      let scale = (0.5 + generator.uniform()).squareRoot()
      return (scale * generator.normal(), scale * generator.normal())
    }
    let joint = Cumulants.joint([rows.map(\.0), rows.map(\.0), rows.map(\.1), rows.map(\.1)])
    checkMonteCarloAgrees(predicted: 1.0 / 12, measured: joint.value, standardError: joint.error)
  }

  @Test func varianceErrorsAreCalibrated() {
    var generator = SplitMix(seed: 12)
    let pulls = (0..<2000).map { _ in
      let estimate = StreamingMoments(generator.normals(200)).varianceEstimate
      return (estimate.value - 1) / estimate.error
    }
    let moments = StreamingMoments(pulls)
    // Skewness of s² at 200 numbers makes pulls a few per cent wider than 1.
    #expect(abs(moments.variance - 1) < 0.05 + 6 * (2.0 / 2000).squareRoot())
  }
}
