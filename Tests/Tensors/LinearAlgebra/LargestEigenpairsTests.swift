import Foundation
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite struct LargestEigenpairsTests {
  @Test func largestEigenvaluesOfADenseMatrix() throws {
    let values = (0..<80).map { exp(-0.1 * Double($0)) - 0.3 }
    let a = try DenseOperator(eigenvalues: values)
    let result = LargestEigenpairs(a, seed: 1).run(6, tolerance: 1e-9, mostSteps: 80)
    for (place, value) in result.values.enumerated() {
      #expect(abs(value - values[place]) <= result.residuals[place] + 1e-14)
      #expect(result.residuals[place] < 1e-8)
    }
    #expect(a.products == result.products)
  }

  /// Residuals are honest: each interval of that size around λ holds an eigenvalue, however early the process ends.
  @Test(arguments: [3, 5, 8, 12]) func residualsAreBounds(steps: Int) throws {
    let values = (0..<60).map { 1 / Double($0 + 1) }
    let a = try DenseOperator(eigenvalues: values)
    let result = LargestEigenpairs(a, seed: 2).run(3, tolerance: 0, mostSteps: steps)
    for (value, residual) in zip(result.values, result.residuals) {
      #expect(values.contains { abs($0 - value) <= residual + 1e-14 })
    }
  }

  @Test func multipleEigenvaluesAndSmallSpaces() throws {
    let values = [2.0, 2, 2, 1, 1, -1, 0, 0]
    let a = try DenseOperator(eigenvalues: values)
    let result = LargestEigenpairs(a, seed: 3).run(5, tolerance: 1e-12, mostSteps: 50)
    #expect(zip(result.values, values).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(result.residuals.allSatisfy { $0 < 1e-12 })
    let all = LargestEigenpairs(a, seed: 3).run(20, mostSteps: 50)
    #expect(all.values.count == 8)
    let zero = LargestEigenpairs(DenseOperator(Matrix<Double>(rows: 4, columns: 4)), seed: 3).run(2, mostSteps: 9)
    #expect(zero.values == [0, 0])
  }

  @Test func singlePrecisionAndNumbersThatAreNone() throws {
    let values = (0..<50).map { 3 * exp(-0.2 * Double($0)) }
    let single = try DenseOperator(eigenvalues: values, as: Float.self)
    let result = LargestEigenpairs(single, seed: 1).run(3, tolerance: 1e-4, mostSteps: 50)
    for (place, value) in result.values.enumerated() {
      #expect(abs(value - values[place]) <= result.residuals[place] + 1e-6)
      #expect(result.residuals[place] < 1e-3)
    }
    let broken = DenseOperator(Matrix<Double>(rows: 3, columns: 3, repeating: .nan))
    #expect(LargestEigenpairs(broken, seed: 1).run(1, mostSteps: 3).values[0].isNaN)
  }
}
