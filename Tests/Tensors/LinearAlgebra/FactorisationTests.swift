import Foundation
import OrreryTensors
import Testing

@Suite struct FactorisationTests {
  /// A covariance of normals, well conditioned: half again as many columns as rows, and a little of the identity.
  private func positiveDefinite(_ size: Int) -> Matrix<Double> {
    var a = randomMatrix(size, size + size / 2 + 1).gram()
    for i in 0..<size { a[i, i] += 0.5 }
    return a
  }

  @Test(arguments: [1, 2, 7, 60])
  func choleskyFactorGivesTheMatrixBack(_ size: Int) throws {
    let a = positiveDefinite(size)
    let factor = try a.choleskyFactor()
    for i in 0..<size { for j in (i + 1)..<max(size, i + 1) { #expect(factor[i, j] == 0) } }
    // Backward error of Cholesky: n u times the diagonal (Higham, Accuracy and Stability, theorem 10.3).
    let diagonal: Double = (0..<size).reduce(0) { max($0, a[$1, $1]) }
    #expect(largestDifference(factor.gram(), a) <= 4 * Double(size + 2) * Double.unitRoundoff * diagonal)
    let single = try singlePrecision(a).choleskyFactor()
    #expect(
      largestDifference(single.gram(), singlePrecision(a)) <= 4 * Double(size + 2) * Double(Float.unitRoundoff)
        * diagonal)
  }

  @Test func choleskySaysWhereItFails() {
    var a = identity(5) as Matrix<Double>
    a[3, 3] = -1
    #expect(throws: LinearAlgebraError.notPositiveDefinite(index: 3, size: 5)) { try a.choleskyFactor() }
    #expect(throws: LinearAlgebraError.notPositiveDefinite(index: 3, size: 5)) { try a.solvePositiveDefinite(a) }
    a[2, 4] = .nan
    #expect(throws: LinearAlgebraError.notFinite(row: 2, column: 4)) { try a.choleskyFactor() }
    #expect(throws: LinearAlgebraError.notFinite(row: 2, column: 4)) { try a.symmetricEigenvalues() }
    #expect(throws: LinearAlgebraError.notFinite(row: 2, column: 4)) { try a.solve(a) }
  }

  @Test(arguments: [1, 3, 50])
  func solutionsSatisfyTheirEquations(_ size: Int) throws {
    let a = positiveDefinite(size)
    let b = randomMatrix(size, 4, seed: 9)
    let diagonal: Double = (0..<size).reduce(0) { max($0, a[$1, $1]) }
    let scale: Double = diagonal * Double(size) * 40
    for x in [try a.solve(b), try a.solvePositiveDefinite(b)] {
      #expect(largestDifference(a.product(x), b) <= scale * Double.unitRoundoff * Double(size))
    }
    let general = randomMatrix(size, size, seed: 4)
    let x = try general.solve(general)
    #expect(largestDifference(x, identity(size)) < 1e-9)
    let single = try singlePrecision(a).solve(singlePrecision(b))
    #expect(largestDifference(singlePrecision(a).product(single), singlePrecision(b)) <= scale * Double(size) * 6e-8)
  }

  @Test func singularSystemsSayWhere() throws {
    let a = Matrix<Double>([[1, 2, 0], [2, 4, 0], [0, 0, 1]])
    let error = try #require(throws: LinearAlgebraError.self) { try a.solve([1, 1, 1]) }
    #expect(error == .singular(index: 2, size: 3) || error == .singular(index: 1, size: 3))
    #expect(try a.logDeterminant().sign == 0)
    #expect(error.description.contains("singular"))
  }

  @Test func determinantsOfKnownMatrices() throws {
    #expect(abs(try Matrix<Double>([[1, 2], [3, 4]]).determinant() + 2) < 1e-14)
    #expect(abs(try Matrix<Double>([[0, 1, 0], [0, 0, 1], [1, 0, 0]]).determinant() - 1) < 1e-14)
    #expect(abs(try Matrix<Double>([[0, 1], [1, 0]]).determinant() + 1) < 1e-14)
    // A Vandermonde determinant: the product of all differences.
    let nodes = [0.5, 1, 2, 3.5]
    let vandermonde = Matrix(nodes.map { node in (0..<4).map { pow(node, Double($0)) } })
    var expected = 1.0
    for j in 0..<4 { for i in 0..<j { expected *= nodes[j] - nodes[i] } }
    #expect(abs(try vandermonde.determinant() / expected - 1) < 1e-13)
    let a = positiveDefinite(30)
    let general = try a.logDeterminant()
    #expect(general.sign == 1)
    #expect(abs(general.logMagnitude - (try a.logDeterminantOfPositiveDefinite())) < 1e-11)
    #expect(try Matrix<Double>(rows: 0, columns: 0).determinant() == 1)
  }
}
