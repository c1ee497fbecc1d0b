import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// A symmetric matrix as an operator.
final class DenseOperator<Scalar: TrainingScalar>: SymmetricOperator {
  let matrix: Matrix<Double>
  var count: Int { matrix.rows }
  private(set) var products = 0

  init(_ matrix: Matrix<Double>, as type: Scalar.Type = Double.self) { self.matrix = matrix }

  /// With these eigenvalues, in a random basis.
  convenience init(eigenvalues: [Double], seed: UInt64 = 4, as type: Scalar.Type = Double.self) throws {
    var random = SplitMix(seed: seed)
    let n = eigenvalues.count
    let basis = try Matrix(rows: n, columns: n, elements: random.normals(n * n)).gram().symmetricEigendecomposition()
    var scaled = basis.vectors
    for i in 0..<n { for j in 0..<n { scaled[i, j] *= eigenvalues[i] } }
    self.init(basis.vectors.product(scaled, transposingLeft: true), as: type)
  }

  func apply(_ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>) {
    products += 1
    for i in 0..<count { y[i] = Scalar((0..<count).reduce(0) { $0 + matrix[i, $1] * Double(x[$1]) }) }
  }
}

@Suite struct LanczosTests {
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

  /// Products of a real Hessian against all eigenvalues of the matrix that they make up.
  @Test func hessianOfANetwork() throws {
    let plain = try PlainNetwork(.tanh, widths: [4, 3], parametrization: .standard)
    let loss = Loss.meanSquaredError(reduction: .mean, half: true)
    let data = try TrainingData.Part(
      inputs: ExperimentNetworks.inputs(6),
      targets: CurvatureOperatorTests.targets(loss, samples: 6, outputs: 2))
    let curvature = CurvatureOperator<Double>(
      try .init(.hessian, of: plain.network, loss: loss, samples: 6, isParallel: false))
    plain.parameters.withUnsafeBufferPointer { curvature.move(to: $0.baseAddress!, on: TrainingArrays(data)) }
    let count = plain.layout.count
    let columns = (0..<count).map { k in
      var (unit, column) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
      unit[k] = 1
      unit.withUnsafeBufferPointer { unit in
        column.withUnsafeMutableBufferPointer { curvature.apply(unit.baseAddress!, into: $0.baseAddress!) }
      }
      return column
    }
    let dense = Matrix(columns)
    for i in 0..<count { for j in 0..<i { #expect(abs(dense[i, j] - dense[j, i]) < 1e-14) } }
    let values = try dense.symmetricEigenvalues()
    let found = LargestEigenpairs(curvature, seed: 5).run(4, tolerance: 1e-10, mostSteps: 100)
    for place in 0..<4 { #expect(abs(found.values[place] - values[count - 1 - place]) < 1e-11) }
    let trace = TraceEstimate(of: curvature, probes: 400, seed: 5)
    let exact = values.reduce(0, +)
    #expect(abs(trace.value - exact) < 4 * trace.standardError)
    // Var zᵀAz = 2 Σ_(i≠j) A_ij².
    let spread = (0..<count).reduce(0.0) { sum, i in
      sum + (0..<count).reduce(0) { i == $1 ? $0 : $0 + dense[i, $1] * dense[i, $1] }
    }
    #expect(abs(trace.standardError / (2 * spread / 400).squareRoot() - 1) < 0.25)
  }
}

@Suite struct SpectralDensityTests {
  /// Gauss quadrature: moments of one probe are zᵀA^p z exactly up to 2m − 1.
  @Test func momentsOfAProbeAreExact() throws {
    let a = try DenseOperator(eigenvalues: (0..<30).map { cos(Double($0)) })
    let density = SpectralDensity(of: a, probes: 1, steps: 5, seed: 9)
    #expect(density.nodes[0].count == 5 && abs(density.weights[0].reduce(0, +) - 1) < 1e-12)
    // The whole space with the same probe.
    let complete = SpectralDensity(of: a, probes: 1, steps: 30, seed: 9)
    for power in 0...9 { #expect(abs(density.moment(power).value - complete.moment(power).value) < 1e-12) }
    #expect(abs(density.moment(12).value - complete.moment(12).value) > 1e-9)
  }

  /// Traces of powers within the standard error over probes, and a density that integrates to 1.
  @Test func densityOfADenseMatrix() throws {
    let values = (0..<60).map { sin(0.7 * Double($0)) + ($0 == 0 ? 4 : 0) }
    let a = try DenseOperator(eigenvalues: values)
    let density = SpectralDensity(of: a, probes: 60, steps: 25, seed: 3)
    for power in 1...3 {
      let exact = values.reduce(0) { $0 + pow($1, Double(power)) } / 60
      let moment = density.moment(power)
      #expect(abs(moment.value - exact) < 4 * moment.error)
    }
    let (grid, width) = density.grid(points: 2000)
    let (height, _) = density.density(on: grid, width: width)
    let cell = grid[1] - grid[0]
    #expect(abs(height.reduce(0, +) * cell - 1) < 1e-2)
    // In the whole space the quadrature is exact for every function, and only the probes are random: against the same smoothing of the
    // eigenvalues themselves, 21 points of which one lies 5 standard errors off in 10⁵ times.
    let complete = SpectralDensity(of: a, probes: 60, steps: 60, seed: 3)
    let (smooth, smoothError) = complete.density(on: grid, width: width)
    for place in stride(from: 0, to: 2000, by: 97) {
      let exact = values.reduce(0.0) { sum, value in
        let u = (grid[place] - value) / width
        return sum + exp(-0.5 * u * u) / (width * (2 * Double.pi).squareRoot()) / 60
      }
      #expect(abs(smooth[place] - exact) < 5 * smoothError[place] + 1e-10)
    }
  }
}

extension SpectralDensity {
  /// tr A^p / P, over probes.
  fileprivate func moment(_ power: Int) -> Estimate {
    Statistics.mean(
      zip(nodes, weights).map { nodes, weights in
        zip(nodes, weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(power)) }
      })
  }
}
