import Foundation
import OrreryTensors
import Testing

@Suite struct EigendecompositionTests {
  /// The second-difference matrix of n points has eigenvalues 2 − 2 cos(kπ/(n + 1)).
  private func secondDifference(_ size: Int) -> Matrix<Double> {
    var a = Matrix<Double>(rows: size, columns: size)
    for i in 0..<size {
      a[i, i] = 2
      if i > 0 { a[i, i - 1] = -1 }  // the lower triangle is all that is read
    }
    return a
  }

  @Test(arguments: [1, 2, 5, 80])
  func eigenvaluesOfTheSecondDifference(_ size: Int) throws {
    let expected: [Double] = (1...size).map { 2 - 2 * cos(Double($0) * .pi / Double(size + 1)) }
    let values = try secondDifference(size).symmetricEigenvalues()
    for (value, exact) in zip(values, expected) {
      #expect(abs(value - exact) <= 40 * Double(size) * Double.unitRoundoff)
    }
    let single = try singlePrecision(secondDifference(size)).symmetricEigenvalues()
    for (value, exact) in zip(single, expected) {
      #expect(abs(Double(value) - exact) <= 40 * Double(size) * Double(Float.unitRoundoff))
    }
  }

  @Test(arguments: [1, 3, 40])
  func vectorsDiagonalise(_ size: Int) throws {
    let a = randomMatrix(size, size + 3).gram()
    let decomposition = try a.symmetricEigendecomposition()
    #expect(decomposition.values == decomposition.values.sorted())
    #expect(largestDifference(decomposition.vectors.gram(), identity(size)) < 1e-13 * Double(size + 10))
    for (row, value) in decomposition.values.enumerated() {
      let vector = decomposition.vectors.row(row)
      for (image, element) in zip(a.product(vector), vector) {
        #expect(abs(image - value * element) < 1e-13 * Double(size + 10) * decomposition.values.last!)
      }
    }
    #expect(
      largestDifference(decomposition.applying { $0 }, a) < 1e-13 * Double(size + 10) * decomposition.values.last!)
  }

  /// A covariance of coinciding points has rank below its size: Cholesky fails, the square root does not.
  @Test func squareRootOfASingularCovariance() throws {
    let points = randomMatrix(3, 10)
    let repeated = points.selectingRows([0, 1, 2, 0, 1, 2, 2])
    let covariance = repeated.gram()
    let root = try covariance.semidefiniteSquareRoot()
    #expect(root == root.transposed)
    let scale: Double = (0..<7).reduce(0) { max($0, covariance[$1, $1]) }
    #expect(largestDifference(root.product(root), covariance) < 1e-14 * 7 * 10 * scale)
    let single = try singlePrecision(covariance).semidefiniteSquareRoot()
    #expect(largestDifference(single.product(single), singlePrecision(covariance)) < 6e-8 * 7 * 10 * scale)
  }

  @Test func indefiniteMatricesHaveNoSquareRoot() throws {
    let a = Matrix<Double>([[1, 0], [0, -0.25]])
    let error = try #require(throws: LinearAlgebraError.self) { try a.semidefiniteSquareRoot() }
    guard case .notPositiveSemidefinite(0, let eigenvalue, _) = error else {
      Issue.record("The error is \(error).")
      return
    }
    #expect(abs(eigenvalue + 0.25) < 1e-15)
    #expect(try a.semidefiniteSquareRoot(tolerance: 0.3)[1, 1] == 0)
    #expect(try Matrix<Double>(rows: 0, columns: 0).symmetricEigenvalues().isEmpty)
  }
}
