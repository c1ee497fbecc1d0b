import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite struct ConstantLossTests {
  /// Three samples of class 0, one of class 1.
  private let classes = Matrix<Double>([[1, 0], [1, 0], [0, 1], [1, 0]])
  private let signs = Matrix<Double>([[1], [-1], [1], [1]])

  @Test func squaredErrorLeavesTheVariance() {
    let sum = Loss.meanSquaredError(reduction: .sum, half: false).ofBestConstant(targets: signs)
    // The mean is ½: 3 · ¼ + 9/4.
    #expect(abs(sum - 3) < 1e-14)
    #expect(abs(Loss.meanSquaredError(reduction: .mean, half: true).ofBestConstant(targets: signs) - 3.0 / 8) < 1e-14)
  }

  @Test func crossEntropyLeavesTheEntropyOfTheClasses() {
    let expected = -0.75 * log(0.75) - 0.25 * log(0.25)
    #expect(abs(Loss.crossEntropy.ofBestConstant(targets: classes) - expected) < 1e-14)
    #expect(abs(Loss.logistic.ofBestConstant(targets: signs) - expected) < 1e-14)
  }

  /// No constant is better: a scan of them.
  @Test(arguments: [Loss.hinge, .logistic, .meanSquaredError(reduction: .mean, half: false)])
  func noConstantIsBetter(_ loss: Loss) {
    func value(_ z: Double) -> Double {
      [1.0, -1, 1, 1].reduce(0) { sum, y in
        switch loss {
        case .hinge: sum + max(0, 1 - y * z) / 4
        case .logistic: sum + log1p(exp(-y * z)) / 4
        default: sum + (z - y) * (z - y) / 4
        }
      }
    }
    let best = stride(from: -2.0, through: 2, by: 1e-3).map(value).min()!
    #expect(abs(loss.ofBestConstant(targets: signs) - best) < 1e-6)
  }
}
