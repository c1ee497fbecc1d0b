import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Differentials of the tangent kernel against tensors of second and third derivatives, element by element.
@Suite struct TangentDifferentialTests {
  /// ∂²z/∂ω∂ω and ∂³z/∂ω∂ω∂ω of every slot by differences of Jacobians.
  struct Brute {
    let gradients: [[Double]]
    let hessians: [[[Double]]]
    let plain: PlainNetwork
    let inputs: Matrix<Double>

    init(_ plain: PlainNetwork, _ inputs: Matrix<Double>) throws {
      self.plain = plain
      self.inputs = inputs
      gradients = try Self.gradients(plain, inputs)
      hessians = try Self.hessians(plain, inputs)
    }

    static func gradients(_ plain: PlainNetwork, _ inputs: Matrix<Double>) throws -> [[Double]] {
      try (0..<inputs.rows).flatMap { try plain.programJacobian(inputs.row($0)) }
    }

    static func moved(_ plain: PlainNetwork, _ k: Int, _ step: Double) -> PlainNetwork {
      var moved = plain
      moved.parameters[k] += step * plain.units[k]
      return moved
    }

    static func hessians(_ plain: PlainNetwork, _ inputs: Matrix<Double>) throws -> [[[Double]]] {
      let (count, step) = (plain.layout.count, 2e-3)
      var result = [[[Double]]](repeating: [], count: inputs.rows * plain.outputs)
      for k in 0..<count {
        // Of sixth order.
        let points = try [1, 2, 3].map { factor in
          let (above, below) = (
            try gradients(moved(plain, k, Double(factor) * step), inputs),
            try gradients(moved(plain, k, -Double(factor) * step), inputs)
          )
          return zip(above, below).map { zip($0, $1).map { ($0 - $1) / (2 * step * Double(factor)) } }
        }
        for slot in result.indices {
          result[slot].append(
            (0..<count).map { 1.5 * points[0][slot][$0] - 0.6 * points[1][slot][$0] + 0.1 * points[2][slot][$0] })
        }
      }
      return result
    }

    func second(_ slot: Int, _ v: [Double], _ w: [Double]) -> Double { dot(hessians[slot].map { dot($0, w) }, v) }

    /// D³z[u, v, w] as differences of D²z[v, w] along u.
    func third(_ slot: Int, _ u: [Double], _ v: [Double], _ w: [Double]) throws -> Double {
      let step = 2e-3
      let values = try [1.0, -1, 2, -2].map { factor in
        var moved = plain
        for k in u.indices { moved.parameters[k] += factor * step * plain.units[k] * u[k] }
        let hessian = try Self.hessians(moved, inputs)[slot]
        return dot(hessian.map { dot($0, w) }, v)
      }
      return 4.0 / 3 * (values[0] - values[1]) / (2 * step) - 1.0 / 3 * (values[2] - values[3]) / (4 * step)
    }
  }

  @Test func differentialsAgreeWithDerivativesElementByElement() throws {
    let plain = try PlainNetwork(.tanh, widths: [3], inputs: 2)
    let inputs = ExperimentNetworks.inputs(2, features: 2)
    let brute = try Brute(plain, inputs)
    let differentials = try plain.parameters.withUnsafeBufferPointer { w in
      try inputs.withUnsafeBuffer { x in
        TangentDifferentials<Double>(
          try .init(plain.network, samples: 2), parameters: w.baseAddress!, inputs: x.baseAddress!)
      }
    }
    let g = brute.gradients
    #expect(differentials.slots == 4)
    for a in 0..<4 {
      let curved = differentials.curvedGradients(a)
      for b in 0..<4 {
        let found = differentials.differential(a, b)
        for slot in 0..<4 {
          let expected = brute.second(slot, g[a], g[b])
          #expect(abs(found[slot] - expected) < 1e-9 * (1 + abs(expected)))
          let vector = brute.hessians[slot].map { dot($0, g[a]) }
          #expect(zip(curved[slot], vector).allSatisfy { abs($0 - $1) < 1e-9 })
        }
      }
    }
    for (a, b, c) in [(0, 1, 2), (3, 3, 1), (2, 0, 0)] {
      let found = differentials.secondDifferential(a, b, c)
      for slot in 0..<4 {
        let expected = try brute.third(slot, g[a], g[b], g[c])
        #expect(abs(found[slot] - expected) < 1e-6 * (1 + abs(expected)))
      }
    }
  }

  /// d/dt Ĥ_01 along g_2 is dĤ_012 + dĤ_102; the contractions carry the right outputs and samples.
  @Test func contractions() throws {
    let plain = try PlainNetwork(.tanh, widths: [3], inputs: 2)
    let inputs = ExperimentNetworks.inputs(2, features: 2)
    let brute = try Brute(plain, inputs)
    let z = (0..<2).flatMap { plain.outputs(inputs.row($0)) }
    let differentials = try plain.parameters.withUnsafeBufferPointer { w in
      try inputs.withUnsafeBuffer { x in
        TangentDifferentials<Double>(
          try .init(plain.network, samples: 2), parameters: w.baseAddress!, inputs: x.baseAddress!)
      }
    }
    let contractions = TangentContractions(differentials, outputs: z)
    let g = brute.gradients
    func slot(_ sample: Int, _ output: Int) -> Int { 2 * sample + output }
    for (a, b, c, d) in [(0, 0, 0, 0), (0, 1, 0, 1), (1, 0, 1, 1)] {
      let place = ((a * 2 + b) * 2 + c) * 2 + d
      var expected = [String: Double]()
      for (i, j) in [(0, 1), (1, 0)] {
        expected["p", default: 0] += 0.5 * brute.second(slot(a, i), g[slot(b, j)], g[slot(c, j)]) * z[slot(d, i)]
        expected["q", default: 0] += 0.5 * brute.second(slot(a, i), g[slot(b, i)], g[slot(c, j)]) * z[slot(d, j)]
        expected["r", default: 0] +=
          0.5 * (try brute.third(slot(a, i), g[slot(b, i)], g[slot(c, j)], g[slot(d, j)]))
        for (name, second, third, fourth) in [("s", i, j, j), ("t", j, i, j), ("u", j, j, i)] {
          let x = brute.hessians[slot(a, i)].map { dot($0, g[slot(c, third)]) }
          let y = brute.hessians[slot(b, second)].map { dot($0, g[slot(d, fourth)]) }
          expected[name, default: 0] += 0.5 * dot(x, y)
        }
      }
      for (name, elements) in contractions.values {
        #expect(
          abs(elements[place] - expected[name]!) < 1e-6 * (1 + abs(expected[name]!)), "\(name) at \((a, b, c, d))")
      }
    }
  }
}
