import Foundation
import OrreryAnalysis
import OrreryTensors
import OrreryTestSupport
import Testing

/// Three and four variables.
@Suite struct SeveralVariablesTests {
  private let covariance = Matrix([
    [1.2, 0.3, -0.2, 0.5], [0.3, 0.9, 0.1, 0.2], [-0.2, 0.1, 0.7, -0.1], [0.5, 0.2, -0.1, 1.1],
  ])

  private func block(_ indices: [Int]) -> Matrix<Double> {
    Matrix(indices.map { i in indices.map { j in covariance[i, j] } })
  }

  /// ⟨cos z₁ … cos z_d⟩ = 2^(−d) Σ_signs e^(−sᵀKs/2).
  private func cosines(_ k: Matrix<Double>) -> Double {
    let d = k.rows
    var total = 0.0
    for signs in 0..<(1 << d) {
      let s = (0..<d).map { signs & (1 << $0) == 0 ? 1.0 : -1.0 }
      var form = 0.0
      for i in 0..<d { for j in 0..<d { form += s[i] * k[i, j] * s[j] } }
      total += exp(-form / 2)
    }
    return total / Double(1 << d)
  }

  @Test func productsOfCosines() throws {
    for indices in [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3], [0, 1, 0, 1], [2, 2, 2]] {
      let k = block(indices)
      let estimate = try GaussianExpectation.several(covariance: k) { z in z.reduce(1) { $0 * cos($1) } }
      #expect(relativeError(estimate.value, cosines(k)) < 1e-10)
      #expect(abs(estimate.value - cosines(k)) <= 3 * estimate.error)
    }
  }

  @Test func wick() throws {
    let k = covariance
    let estimate = try GaussianExpectation.several(covariance: k) { $0[0] * $0[1] * $0[2] * $0[3] }
    let exact = k[0, 1] * k[2, 3] + k[0, 2] * k[1, 3] + k[0, 3] * k[1, 2]
    #expect(relativeError(estimate.value, exact) < 1e-8)
    #expect(abs(estimate.value - exact) <= 3 * estimate.error + 1e-11)
  }

  /// The four-point vertex of the second layer is C_W² (⟨σσσσ⟩ − ⟨σσ⟩⟨σσ⟩): an independent published number.
  @Test func vertexOfTheSecondLayer() throws {
    let reference = try Fixtures.json("effective_theory")["two_input"][0]
    #expect(try reference["act"].string == "tanh")
    let k = try reference["layers"][0]["K"].rows
    let vertex = reference["layers"][1]["V"]
    let factor = pow(try reference["C_W"].double, 2)
    for (a, b, c, d) in [(0, 0, 1, 1), (0, 1, 0, 1), (0, 1, 1, 1)] {
      let indices = [a, b, c, d]
      let block = Matrix(indices.map { i in indices.map { j in k[i][j] } })
      let four = try GaussianExpectation.several(covariance: block) { $0.reduce(1) { $0 * tanh($1) } }
      func pair(_ i: Int, _ j: Int) -> Double {
        GaussianExpectation.two(GaussianPair(k11: k[i][i], k22: k[j][j], k12: k[i][j])) { tanh($0) * tanh($1) }.value
      }
      let value = factor * (four.value - pair(a, b) * pair(c, d))
      #expect(relativeError(value, try vertex[a][b][c][d].double) < 1e-9)
    }
  }

  @Test func impossibleCovariances() {
    #expect(throws: GaussianExpectationError.notACovariance(index: 1)) {
      try GaussianExpectation.several(covariance: Matrix([[1, 2], [2, 1]])) { $0[0] }
    }
    #expect(throws: GaussianExpectationError.notACovariance(index: 1)) {
      try GaussianExpectation.several(covariance: Matrix([[1, 0.2], [0.3, 1]])) { $0[0] }
    }
    #expect(throws: GaussianExpectationError.unsupportedShape(rows: 5, columns: 5)) {
      try GaussianExpectation.several(covariance: Matrix(rows: 5, columns: 5)) { $0[0] }
    }
    #expect("\(GaussianExpectationError.notACovariance(index: 1))".contains("variable 1"))
  }
}
