import Foundation
import OrreryTensors
import OrreryTestSupport
import Testing

/// The law checkers accept what obeys the law and reject what does not.
@Suite struct LawCheckerTests {
  private var inputs: Matrix<Double> {
    var generator = SplitMix(seed: 3)
    return Matrix(rows: 7, columns: 4, elements: generator.normals(28))
  }

  private func gram(_ x: Matrix<Double>) -> Matrix<Double> {
    Matrix(
      (0..<x.rows).map { i in
        (0..<x.rows).map { j in zip(x.row(i), x.row(j)).reduce(0) { $0 + $1.0 * $1.1 } }
      })
  }

  @Test func positiveSemidefinite() {
    checkKernelIsPositiveSemidefinite(gram(inputs), tolerance: 1e-14)
    checkKernelIsPositiveSemidefinite(Matrix<Float>([[1, 1], [1, 1]]), tolerance: 1e-7)
    withKnownIssue { checkKernelIsPositiveSemidefinite(Matrix([[1.0, 1.1], [1.1, 1]]), tolerance: 1e-10) }
    withKnownIssue { checkKernelIsPositiveSemidefinite(Matrix([[1.0, 0.1], [0.2, 1]]), tolerance: 1e-10) }
    withKnownIssue { checkKernelIsPositiveSemidefinite(Matrix([[Double.nan]]), tolerance: 1e-10) }
  }

  @Test func permutation() {
    checkPermutationEquivariance(inputs: inputs, tolerance: 1e-15, kernel: gram)
    withKnownIssue {
      checkPermutationEquivariance(inputs: inputs, tolerance: 1e-15) { x in
        var kernel = gram(x)
        kernel[0, 1] *= 1.01
        return kernel
      }
    }
  }

  @Test func rotation() {
    checkRotationInvariance(inputs: inputs, tolerance: 1e-14, kernel: gram)
    withKnownIssue {
      checkRotationInvariance(inputs: inputs, tolerance: 1e-14) { x in
        gram(Matrix((0..<x.rows).map { x.row($0).map { $0 * $0 } }))
      }
    }
  }

  @Test func monteCarlo() {
    checkMonteCarloAgrees(predicted: 1, measured: 1.04, standardError: 0.01)
    checkMonteCarloAgrees(predicted: 1, measured: 1.06, standardError: 0.01, systematic: 0.02)
    checkMonteCarloAgrees(predicted: 0, measured: 0, standardError: 0)
    withKnownIssue { checkMonteCarloAgrees(predicted: 1, measured: 1.05, standardError: 0.01) }
    withKnownIssue { checkMonteCarloAgrees(predicted: 0, measured: 1e-9, standardError: 0) }
    withKnownIssue { checkMonteCarloAgrees(predicted: 0, measured: .nan, standardError: 1) }
    withKnownIssue { checkMonteCarloAgrees(predicted: [1, 2], measured: [1], standardError: [1, 1]) }
  }

  @Test func gradient() {
    let point = [0.3, -1.2]
    let right = [cos(0.3) * exp(-1.2), sin(0.3) * exp(-1.2)]
    checkGradientMatchesFiniteDifference(at: point, gradient: right) { sin($0[0]) * exp($0[1]) }
    withKnownIssue {
      checkGradientMatchesFiniteDifference(at: point, gradient: [right[0], right[1] * (1 + 1e-6)]) {
        sin($0[0]) * exp($0[1])
      }
    }
  }

  @Test func finiteDifferenceStatesItsError() {
    let (value, error) = finiteDifference(at: 0.7, tanh)
    let exact = 1 - tanh(0.7) * tanh(0.7)
    #expect(abs(value - exact) <= 10 * error)
    #expect(error < 1e-10)
  }

  @Test func convergenceOrder() {
    let sizes = [8.0, 16, 32, 64]
    checkConvergenceOrder(sizes: sizes, errors: sizes.map { 3 / ($0 * $0) }, order: 2, tolerance: 1e-10)
    checkConvergenceOrder(
      sizes: sizes, errors: sizes.map { 3 / ($0 * $0) + 1e-30 }, order: 2, tolerance: 1e-10, floor: 1e-20)
    withKnownIssue { checkConvergenceOrder(sizes: sizes, errors: sizes.map { 1 / $0 }, order: 2, tolerance: 0.1) }
    withKnownIssue {
      checkConvergenceOrder(sizes: sizes, errors: [1, 1e-20, 0, 0], order: 2, tolerance: 0.1, floor: 1e-15)
    }
  }

  @Test func relativeErrors() {
    #expect(relativeError(1.5, 1) == 0.5)
    #expect(relativeError(0.5, 0) == 0.5)
    #expect(relativeError(.infinity, .infinity) == 0)
    #expect(relativeError(.nan, 1).isNaN)
    #expect(relativeError([1, 3], [1, 2]) == 0.5)
    #expect(elementwiseRelativeError([2, 100], [1, 100]) == 1)
    #expect(relativeError([1], [1, 2]) == .infinity)
  }
}
