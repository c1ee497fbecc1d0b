import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite struct KernelSimilarityTests {
  static func features(_ samples: Int, _ count: Int, seed: UInt64) -> Matrix<Double> {
    var random = SplitMix(seed: seed)
    return Matrix(rows: samples, columns: count, elements: random.normals(samples * count))
  }

  /// tr KHLH by definition, from centred features: ‖YᵀX‖² / (‖XᵀX‖ ‖YᵀY‖).
  @Test func centredAlignmentOfLinearKernels() {
    var (x, y) = (Self.features(9, 4, seed: 1), Self.features(9, 3, seed: 2))
    let similarity = KernelSimilarity.centredAlignment(x.gram(), y.gram())
    for j in 0..<4 {
      let mean = (0..<9).reduce(0) { $0 + x[$1, j] } / 9
      for i in 0..<9 { x[i, j] -= mean }
    }
    for j in 0..<3 {
      let mean = (0..<9).reduce(0) { $0 + y[$1, j] } / 9
      for i in 0..<9 { y[i, j] -= mean }
    }
    func norm(_ m: Matrix<Double>) -> Double { KernelSimilarity.product(m, m).squareRoot() }
    let cross = norm(y.product(x, transposingLeft: true))
    let expected =
      cross * cross / (norm(x.product(x, transposingLeft: true)) * norm(y.product(y, transposingLeft: true)))
    #expect(abs(similarity - expected) < 1e-14)
    #expect(abs(KernelSimilarity.centredAlignment(x.gram(), x.gram()) - 1) < 1e-14)
  }

  /// Independent features: the unbiased criterion has mean 0, the biased alignment does not.
  @Test func unbiasedCriterionHasNoBias() {
    var values: [Double] = []
    for draw in 0..<400 {
      let first = Self.features(8, 5, seed: UInt64(2 * draw + 1)).gram()
      let second = Self.features(8, 5, seed: UInt64(2 * draw + 2)).gram()
      values.append(KernelSimilarity.independence(first, second))
    }
    let estimate = Statistics.mean(values)
    let (mean, error) = (estimate.value, estimate.error)
    #expect(abs(mean) < 4 * error)
    let biased = KernelSimilarity.centredAlignment(
      Self.features(8, 50, seed: 5).gram(), Self.features(8, 50, seed: 6).gram())
    let unbiased = KernelSimilarity.unbiasedCentredAlignment(
      Self.features(8, 50, seed: 5).gram(), Self.features(8, 50, seed: 6).gram())
    #expect(biased > 0.8 && abs(unbiased) < 0.5)
  }

  /// HSIC₁ by its definition as a mean over all quadruples of different samples.
  @Test func unbiasedCriterionByQuadruples() {
    let (k, l) = (Self.features(6, 3, seed: 3).gram(), Self.features(6, 2, seed: 4).gram())
    var (pairs, quadruples, triples) = ([Double](), [Double](), [Double]())
    for i in 0..<6 {
      for j in 0..<6 where j != i {
        pairs.append(k[i, j] * l[i, j])
        for q in 0..<6 where q != i && q != j {
          triples.append(k[i, j] * l[i, q])
          for r in 0..<6 where ![i, j, q].contains(r) { quadruples.append(k[i, j] * l[q, r]) }
        }
      }
    }
    func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
    let expected = mean(pairs) + mean(quadruples) - 2 * mean(triples)
    #expect(abs(KernelSimilarity.independence(k, l) - expected) < 1e-12)
  }

  @Test func effectiveRanks() {
    #expect(abs(KernelSimilarity.entropyRank([3, 3, 3, 0]) - 3) < 1e-12)
    #expect(abs(KernelSimilarity.participationRatio([3, 3, 3, 0]) - 3) < 1e-12)
    #expect(KernelSimilarity.entropyRank([5, 0]) == 1 && KernelSimilarity.participationRatio([5, 0]) == 1)
    let values = [4.0, 2, 1, 1]
    #expect(abs(KernelSimilarity.entropyRank(values) - pow(2, 1.75)) < 1e-12)
    #expect(abs(KernelSimilarity.participationRatio(values) - 64.0 / 22) < 1e-12)
  }
}

@Suite struct GradientNoiseTests {
  /// Gradients G + noise with known |G|² and tr Σ: unbiased, with honest errors.
  @Test func estimatesAreUnbiased() {
    var random = SplitMix(seed: 17)
    let (dimension, batch, batches) = (6, 4, 12)
    let signal = (0..<dimension).map { 0.4 * Double($0) }
    let deviation = (0..<dimension).map { 1 + 0.3 * Double($0) }
    let (size, trace) = (dot(signal, signal), dot(deviation, deviation))
    var (signals, noises, claimed) = ([Double](), [Double](), [Double]())
    for _ in 0..<400 {
      let gradients = (0..<batches).map { _ in
        (0..<dimension).map { signal[$0] + deviation[$0] * random.normal() / Double(batch).squareRoot() }
      }
      let sum = (0..<dimension).map { k in gradients.reduce(0) { $0 + $1[k] } }
      let noise = GradientNoise(
        squares: gradients.map { dot($0, $0) }, overlaps: gradients.map { dot($0, sum) }, batch: batch)
      signals.append(noise.signal)
      noises.append(noise.noise)
      claimed.append(noise.noiseError)
    }
    func check(_ values: [Double], _ exact: Double) -> Double {
      let mean = values.reduce(0, +) / 400
      let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
      #expect(abs(mean - exact) < 4 * spread / 20)
      return spread
    }
    _ = check(signals, size)
    let spread = check(noises, trace)
    #expect(abs(claimed.reduce(0, +) / 400 / spread - 1) < 0.15)
  }
}
