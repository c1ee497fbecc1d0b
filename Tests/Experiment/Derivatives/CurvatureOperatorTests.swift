import Foundation
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Products with Hessians, Gauss–Newton and Fisher matrices against explicit ones.
@Suite struct CurvatureOperatorTests {
  static let losses: [Loss] = [
    .meanSquaredError(reduction: .sum, half: true), .meanSquaredError(reduction: .mean, half: false), .crossEntropy,
    .logistic,
  ]

  static func targets(_ loss: Loss, samples: Int, outputs: Int) -> Matrix<Double> {
    var targets = Matrix<Double>(rows: samples, columns: outputs)
    for sample in 0..<samples {
      for o in 0..<outputs {
        let isClass = sample % outputs == o
        targets[sample, o] = loss.needsSigns ? (isClass ? 1 : -1) : (isClass ? 1 : 0)
      }
    }
    return targets
  }

  static func product(
    _ kind: CurvatureKind, _ plain: PlainNetwork, _ loss: Loss, _ data: TrainingData.Part, _ v: [Double],
    preconditioner: [Double]? = nil
  ) throws -> [Double] {
    let curvature = CurvatureOperator<Double>(
      try .init(kind, of: plain.network, loss: loss, samples: data.samples, isParallel: true))
    plain.parameters.withUnsafeBufferPointer {
      curvature.move(to: $0.baseAddress!, on: TrainingArrays(data), preconditioner: preconditioner)
    }
    var result = [Double](repeating: 0, count: v.count)
    v.withUnsafeBufferPointer { v in
      result.withUnsafeMutableBufferPointer { curvature.apply(v.baseAddress!, into: $0.baseAddress!) }
    }
    return result
  }

  /// ∇ℓ and ∇²ℓ of one sample's loss in its outputs, by hand.
  static func slopes(_ loss: Loss, _ z: [Double], _ y: [Double]) -> (slope: [Double], curvature: [[Double]]) {
    var curvature = z.map { _ in z.map { _ in 0.0 } }
    switch loss {
    case .meanSquaredError(_, let half):
      for o in z.indices { curvature[o][o] = half ? 1 : 2 }
      return (zip(z, y).map { (half ? 1 : 2) * ($0 - $1) }, curvature)
    case .crossEntropy:
      let total = z.map { exp($0) }.reduce(0, +)
      let p = z.map { exp($0) / total }
      for o in z.indices { for q in z.indices { curvature[o][q] = (o == q ? p[o] : 0) - p[o] * p[q] } }
      return (zip(p, y).map { $0 - $1 }, curvature)
    case .logistic, .hinge:
      for o in z.indices { curvature[o][o] = 1 / (2 + exp(z[o]) + exp(-z[o])) }
      return (zip(z, y).map { -$1 / (1 + exp($1 * $0)) }, curvature)
    }
  }

  /// G v, F v and the empirical F v from Jacobians written down; H v from differences of gradients that are sums over them.
  @Test(arguments: losses, [Parametrization.ntk, .standard])
  func productsAgreeWithExplicitMatrices(loss: Loss, parametrization: Parametrization) throws {
    let plain = try PlainNetwork(.tanh, widths: [4, 3], outputs: 3, parametrization: parametrization)
    let inputs = ExperimentNetworks.inputs(5)
    let data = try TrainingData.Part(inputs: inputs, targets: Self.targets(loss, samples: 5, outputs: 3))
    var random = SplitMix(seed: 12)
    let v = random.normals(plain.layout.count)
    let c = loss.isMean ? 0.2 : 1.0
    func gradient(at parameters: [Double]) throws -> [Double] {
      var moved = plain
      moved.parameters = parameters
      var sum = v.map { _ in 0.0 }
      for sample in 0..<5 {
        let rows = try moved.programJacobian(inputs.row(sample))
        let slope = Self.slopes(loss, moved.outputs(inputs.row(sample)), data.targets.row(sample)).slope
        for (o, row) in rows.enumerated() { for k in v.indices { sum[k] += c * slope[o] * row[k] } }
      }
      return sum
    }
    var (gaussNewton, empirical) = (v.map { _ in 0.0 }, v.map { _ in 0.0 })
    for sample in 0..<5 {
      let rows = try plain.programJacobian(inputs.row(sample))
      let (slope, curvature) = Self.slopes(loss, plain.outputs(inputs.row(sample)), data.targets.row(sample))
      let tangent = rows.map { dot($0, v) }
      let curved = curvature.map { dot($0, tangent) }
      for k in v.indices {
        for o in rows.indices {
          gaussNewton[k] += c * rows[o][k] * curved[o]
          empirical[k] += c * rows[o][k] * slope[o] * dot(slope, tangent)
        }
      }
    }
    func check(_ found: [Double], _ expected: [Double], _ tolerance: Double) {
      let size = expected.reduce(0) { max($0, abs($1)) }
      for (x, y) in zip(found, expected) { #expect(abs(x - y) <= tolerance * size) }
    }
    check(try Self.product(.gaussNewton, plain, loss, data, v), gaussNewton, 1e-12)
    check(try Self.product(.fisher, plain, loss, data, v), gaussNewton, 1e-12)
    check(try Self.product(.empiricalFisher, plain, loss, data, v), empirical, 1e-12)
    let step = 1e-5
    let (above, below) = (
      try gradient(at: plain.parameters.indices.map { plain.parameters[$0] + step * plain.units[$0] * v[$0] }),
      try gradient(at: plain.parameters.indices.map { plain.parameters[$0] - step * plain.units[$0] * v[$0] })
    )
    let differences = zip(above, below).map { ($0 - $1) / (2 * step) }
    check(try Self.product(.hessian, plain, loss, data, v), differences, 1e-7)
    // D^(−½) G D^(−½).
    let d = v.indices.map { 0.5 + Double($0 % 7) }
    let scaled = try Self.product(.gaussNewton, plain, loss, data, zip(v, d).map { $0 / $1.squareRoot() })
    check(
      try Self.product(.gaussNewton, plain, loss, data, v, preconditioner: d),
      zip(scaled, d).map { $0 / $1.squareRoot() }, 1e-12)
  }

  /// More samples than go through at once: the weighted sum of the parts.
  @Test func chunksAddUp() throws {
    let plain = try PlainNetwork(.gelu, widths: [6], outputs: 2)
    let loss = Loss.meanSquaredError(reduction: .mean, half: true)
    let (inputs, targets) = (ExperimentNetworks.inputs(600), Self.targets(loss, samples: 600, outputs: 2))
    let data = try TrainingData.Part(inputs: inputs, targets: targets)
    var random = SplitMix(seed: 2)
    let v = random.normals(plain.layout.count)
    let whole = try Self.product(.hessian, plain, loss, data, v)
    var sum = v.map { _ in 0.0 }
    for first in stride(from: 0, to: 600, by: 200) {
      let rows = Array(first..<(first + 200))
      let part = try TrainingData.Part(inputs: inputs.selectingRows(rows), targets: targets.selectingRows(rows))
      for (k, x) in try Self.product(.hessian, plain, loss, part, v).enumerated() { sum[k] += x / 3 }
    }
    for (x, y) in zip(whole, sum) { #expect(abs(x - y) < 1e-13) }
  }

  @Test func aHingeLossHasNoFisherMatrix() throws {
    let plain = try PlainNetwork(.tanh, widths: [3])
    #expect(throws: ExperimentError.self) {
      _ = try CurvatureOperator<Float>.Programs(
        .fisher, of: plain.network, loss: .hinge, samples: 4, isParallel: false)
    }
  }

  /// Products of a real Hessian against all eigenvalues of the matrix that they make up.
  @Test func largestEigenvaluesOfAHessian() throws {
    let plain = try PlainNetwork(.tanh, widths: [4, 3], parametrization: .standard)
    let loss = Loss.meanSquaredError(reduction: .mean, half: true)
    let data = try TrainingData.Part(
      inputs: ExperimentNetworks.inputs(6),
      targets: Self.targets(loss, samples: 6, outputs: 2))
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
