import Foundation
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("The loss's gradient at the output")
struct OutputGradientTests {
  private func crossEntropy(_ kernel: Double, _ correlation: Double, _ outputs: Int) -> OutputGradient {
    OutputGradient(loss: .crossEntropy, kernel: kernel, correlation: correlation, outputs: outputs)
  }

  @Test("A uniform softmax over m classes: (m − 1)/m²", arguments: [2, 3, 10, 100])
  func uniform(_ m: Int) {
    let gradient = crossEntropy(0, 0.5, m)
    #expect(relativeError(gradient.sameSample, Double(m - 1) / Double(m * m)) < 1e-14)
    #expect(gradient.twoSamples == 0)
  }

  @Test("Small logits: E p² = (1 + K(1 − 1/m))/m² to first order", arguments: [2, 5, 10])
  func smallKernel(_ m: Int) {
    let classes = Double(m)
    for kernel in [1e-4, 1e-3] {
      let gradient = crossEntropy(kernel, 1, m)
      let expected = kernel * (1 - 1 / classes) / (classes * classes)
      // The difference of E p² and 1/m² keeps 1e-12/K of its digits; the next order is O(K).
      #expect(abs(gradient.twoSamples / expected - 1) < 10 * kernel + 1e-11 / kernel)
    }
  }

  @Test("Two classes: p is a logistic function of one Gaussian of variance 2K", arguments: [0.1, 1.0, 3.56, 20])
  func twoClasses(_ kernel: Double) {
    // ∫ N(u) / (1 + e^(−√(2K)u))² du by the trapezoid rule.
    var square = 0.0
    let h = 0.01
    for i in -1200...1200 {
      let u = Double(i) * h
      let p = 1 / (1 + exp(-(2 * kernel).squareRoot() * u))
      square += h * exp(-u * u / 2) / (2 * Double.pi).squareRoot() * p * p
    }
    #expect(abs(crossEntropy(kernel, 1, 2).twoSamples - (square - 0.25)) < 1e-9)
  }

  @Test("Ten classes against sampled logits", arguments: [0.5, 3.5616])
  func sampled(_ kernel: Double) {
    var generator = SplitMix(seed: 7)
    let count = 40_000
    var (sum, squares) = (0.0, 0.0)
    for _ in 0..<count {
      // Two normals from two uniforms (Box and Muller).
      let logits = (0..<10).map { _ -> Double in
        let radius = (-2 * log(Double.random(in: Double.leastNormalMagnitude..<1, using: &generator))).squareRoot()
        return kernel.squareRoot() * radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
      }
      let weights = logits.map { exp($0) }
      let total = weights.reduce(0, +)
      let mean = weights.reduce(0) { $0 + $1 * $1 } / (10 * total * total)
      sum += mean
      squares += mean * mean
    }
    let mean = sum / Double(count)
    let error = ((squares / Double(count) - mean * mean) / Double(count)).squareRoot()
    // Six standard errors: a false alarm in 5e8 runs; the seed is fixed besides.
    #expect(abs(crossEntropy(kernel, 1, 10).twoSamples - (mean - 0.01)) < 6 * error)
  }

  @Test("Squared error with and without its half")
  func squaredError() {
    let half = OutputGradient(
      loss: .meanSquaredError(reduction: .mean, half: true), kernel: 2, correlation: 0.5, outputs: 1)
    #expect(half.sameSample == 3 && half.twoSamples == 1)
    let full = OutputGradient(
      loss: .meanSquaredError(reduction: .mean, half: false), kernel: 2, correlation: 0.5, outputs: 1)
    #expect(full.sameSample == 12 && full.twoSamples == 4)
  }
}
