import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite struct MuonTests {
  /// One step from 0 with η = 1 and no momentum: −s O(G).
  private func step<Scalar: TensorScalar>(
    _ gradient: [Scalar], rows: Int, columns: Int, scale: OptimizerMethod.Muon.Scale = .spectral
  ) throws -> [Scalar] {
    let layout = try ParameterLayout([.init("W2", role: .hidden, shape: [rows, columns])])
    let optimizer = Optimizer(
      .muon(.init(momentum: 0, scale: scale)), learningRate: .value(1), steps: 1, loss: UpdateCases.loss)
    return try UpdateCases.run(
      optimizer, from: [Scalar](repeating: 0, count: rows * columns), gradients: [gradient], layout: layout)
  }

  /// diag(3, 1): each singular value by the published polynomial, five times from s/√10, in decimal arithmetic.
  @Test func diagonalMatricesFollowThePolynomial() throws {
    let found = try step([3.0, 0, 0, 1], rows: 2, columns: 2)
    let expected = [0.753033453566277736, 1.13370622823492418]
    #expect(elementwiseRelativeError([found[0], found[3]], expected.map { -$0 }) < 1e-13)
    #expect(found[1] == 0 && found[2] == 0)
  }

  /// Singular vectors stay, singular values come near 1, whatever the shape.
  @Test(arguments: [(6, 6), (12, 5), (5, 12), (1, 7), (7, 1)])
  func singularValuesComeNearOne(rows: Int, columns: Int) throws {
    let gradient = UpdateCases.normals(rows * columns, seed: 4, as: Double.self)
    let found = try step(gradient, rows: rows, columns: columns, scale: .rootMeanSquare)
    let scale = 0.2 * Double(max(rows, columns)).squareRoot()
    let moved = Matrix(rows: rows, columns: columns, elements: found.map { -$0 / scale })
    let small = rows <= columns ? moved.gram() : moved.product(moved, transposingLeft: true)
    let values = try small.symmetricEigenvalues()
    #expect(values.allSatisfy { (0.68 * 0.68...1.21 * 1.21).contains($0) }, "\(values)")
    // O(U)ᵀ U is symmetric: the singular vectors are U's.
    let product = moved.product(
      Matrix(rows: rows, columns: columns, elements: gradient), transposingLeft: true)
    for i in 0..<columns { for j in 0..<i { #expect(abs(product[i, j] - product[j, i]) < 1e-12) } }
  }

  @Test func scalesFollowShapes() throws {
    let gradient = UpdateCases.normals(8, seed: 3, as: Double.self)
    let tall = try step(gradient, rows: 8, columns: 1)
    let wide = try step(gradient, rows: 1, columns: 8)
    let moderate = try step(gradient, rows: 1, columns: 8, scale: .rootMeanSquare)
    // A vector's one singular value is 1 from the start: p⁵(1).
    var value = 1.0
    for _ in 0..<5 {
      value = 3.4445 * value - 4.775 * value * value * value + 2.0315 * value * value * value * value * value
    }
    func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    #expect(relativeError(norm(wide), value) < 1e-13)
    #expect(relativeError(norm(tall), value * 8.0.squareRoot()) < 1e-13)
    #expect(relativeError(norm(moderate), value * 0.2 * 8.0.squareRoot()) < 1e-13)
  }

  /// Scale-free, down to the smallest numbers; and 0 stays 0.
  @Test func gradientsHaveNoScale() throws {
    let gradient = UpdateCases.normals(12, seed: 5, as: Float.self)
    let one = try step(gradient, rows: 3, columns: 4)
    for factor: Float in [0x1p-100, 0x1p-120, 0x1p-60, 0x1p120] {
      let other = try step(gradient.map { $0 * factor }, rows: 3, columns: 4)
      #expect(zip(one, other).allSatisfy { abs($0 - $1) < 1e-5 }, "\(factor)")
    }
    #expect(try step([Float.leastNonzeroMagnitude, 0, 0, 0], rows: 2, columns: 2).allSatisfy(\.isFinite))
    #expect(try step([Float](repeating: 0, count: 12), rows: 3, columns: 4).allSatisfy { $0 == 0 })
  }

  /// Biases, and the first and last layers, follow the other method.
  @Test func onlyHiddenMatricesAreOrthogonalized() throws {
    let layout = try UpdateCases.network(alignment: 1)
    let gradient = UpdateCases.normals(layout.count, seed: 8, as: Double.self)
    func run(_ matrices: OptimizerMethod.Muon.Matrices) throws -> [Double] {
      let muon = OptimizerMethod.Muon(matrices: matrices, others: .init(.sgd(.none), learningRate: 2))
      return try UpdateCases.run(
        Optimizer(.muon(muon), learningRate: .value(1), steps: 1, loss: UpdateCases.loss),
        from: [Double](repeating: 0, count: layout.count), gradients: [gradient], layout: layout)
    }
    for (matrices, orthogonal) in [
      (OptimizerMethod.Muon.Matrices.hidden, ["W2"]), (.all, ["W1", "W2", "W3"]),
    ] {
      let found = try run(matrices)
      for tensor in layout.tensors {
        let isPlain = tensor.range.allSatisfy { found[$0] == -2 * gradient[$0] }
        #expect(isPlain == !orthogonal.contains(tensor.name), "\(tensor.name)")
      }
    }
  }
}
