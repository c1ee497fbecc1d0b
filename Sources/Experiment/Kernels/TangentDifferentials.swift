import OrreryNetworks
import OrreryTensors

/// The differentials of the neural tangent kernel (D. Roberts, S. Yaida, B. Hanin, The Principles of Deep Learning Theory, ch. 11 and ∞),
/// for small networks and few samples. With parameters scaled so that Ĥ = JJᵀ, g_a the gradient of output i_a on sample s_a, and a slot
/// a = (s_a, i_a) counted as s_a n_L + i_a:
///
///     dĤ_012 = D²z_0[g_1, g_2],   ddĤ_I,0123 = D³z_0[g_1, g_2, g_3],   ddĤ_II,1234 = ⟨∇D z_1[g_3], ∇D z_2[g_4]⟩.
///
/// Second and third derivatives along directions are exact (``DirectionalDerivative``). λ of a tensor is its unit².
package final class TangentDifferentials<Scalar: TrainingScalar> {
  package struct Programs: Sendable {
    let jacobian: SampleJacobian<Scalar>.Programs
    let moving: SampleJacobian<Scalar>.Programs
    let second: DirectionalDerivative<Scalar>.Programs
    let third: DirectionalDerivative<Scalar>.Programs
    let layout: ParameterLayout
    let samples: Int

    /// - Parameter mode: in `evaluation` running averages stand behind the parameters wherever these are given.
    /// - Throws: ``ExperimentError`` where an activation has no third derivative.
    package init(_ network: ResolvedNetwork, samples: Int, mode: LoweringContext.Mode = .plain) throws {
      jacobian = try .init(network, mode: mode)
      moving = try .init(network, isDirectional: true, mode: mode)
      second = try .init(network, order: 2, samples: samples, mode: mode)
      third = try .init(network, order: 3, samples: samples, mode: mode)
      layout = try NetworkParameters(network).layout
      self.samples = samples
    }

    package var size: Int {
      jacobian.program.size + moving.program.size + second.program.size + third.program.size
    }
  }

  package let programs: Programs
  private let secondDerivative: DirectionalDerivative<Scalar>
  private let thirdDerivative: DirectionalDerivative<Scalar>
  /// With running averages behind them.
  private let parameters: [Scalar]
  private let inputs: [Scalar]
  /// g of every slot.
  package let gradients: [[Scalar]]

  /// - Parameter inputs: (samples, features).
  package init(_ programs: Programs, parameters: UnsafePointer<Scalar>, inputs: UnsafePointer<Scalar>) {
    self.programs = programs
    secondDerivative = DirectionalDerivative(programs.second)
    thirdDerivative = DirectionalDerivative(programs.third)
    let (count, outputs, features) = (programs.layout.count, programs.jacobian.outputs, programs.jacobian.features)
    self.parameters = Array(UnsafeBufferPointer(start: parameters, count: programs.jacobian.givenCount))
    self.inputs = Array(UnsafeBufferPointer(start: inputs, count: programs.samples * features))
    let jacobian = SampleJacobian(programs.jacobian)
    jacobian.move(to: parameters)
    var gradients: [[Scalar]] = []
    for sample in 0..<programs.samples {
      gradients += Self.rows(jacobian, inputs + sample * features, outputs: outputs, count: count)
    }
    self.gradients = gradients
  }

  private static func rows(
    _ jacobian: SampleJacobian<Scalar>, _ input: UnsafePointer<Scalar>, outputs: Int, count: Int
  ) -> [[Scalar]] {
    var buffer = [Scalar](repeating: 0, count: outputs * count)
    buffer.withUnsafeMutableBufferPointer {
      jacobian.rows(of: 0..<outputs, at: input, into: $0.baseAddress!, stride: count)
    }
    return (0..<outputs).map { Array(buffer[($0 * count)..<(($0 + 1) * count)]) }
  }

  /// z of every slot.
  package func outputs() -> [Double] {
    // The zeroth derivative lies in the program of the second.
    secondDerivative.value(parameters, inputs: inputs)
  }

  /// The number of slots.
  package var slots: Int { gradients.count }

  /// dĤ_0ab for every slot 0.
  package func differential(_ a: Int, _ b: Int) -> [Double] {
    derivative(secondDerivative, [gradients[a], gradients[b]])
  }

  /// ddĤ_I,0abc for every slot 0.
  package func secondDifferential(_ a: Int, _ b: Int, _ c: Int) -> [Double] {
    derivative(thirdDerivative, [gradients[a], gradients[b], gradients[c]])
  }

  private func derivative(_ derivative: DirectionalDerivative<Scalar>, _ directions: [[Scalar]]) -> [Double] {
    parameters.withUnsafeBufferPointer { w in
      inputs.withUnsafeBufferPointer { x in
        derivative.apply(w.baseAddress!, inputs: x.baseAddress!, along: directions).map { Double($0) }
      }
    }
  }

  /// ∇ D z_0[g_a], a vector over parameters, for every slot 0.
  package func curvedGradients(_ a: Int) -> [[Scalar]] {
    let (count, outputs, features) = (programs.layout.count, programs.jacobian.outputs, programs.jacobian.features)
    let moving = SampleJacobian(programs.moving)
    var direction = gradients[a]
    for tensor in programs.layout.tensors {
      for i in tensor.range { direction[i] *= Scalar(tensor.unit) }
    }
    return parameters.withUnsafeBufferPointer { w in
      direction.withUnsafeBufferPointer { direction in
        moving.move(to: w.baseAddress!, direction: direction.baseAddress!)
        return inputs.withUnsafeBufferPointer { x in
          (0..<programs.samples).flatMap {
            Self.rows(moving, x.baseAddress! + $0 * features, outputs: outputs, count: count)
          }
        }
      }
    }
  }
}

/// One network's contractions whose means over networks are (1/n) P … U, with the outputs that isolate each: for four samples 0 … 3
///
///     P: dĤ_011 z_0,  Q: dĤ_001 z_1,  R: ddĤ_I,0011,  S: ddĤ_II,0011,  T: ddĤ_II,0101,  U: ddĤ_II,0110
///
/// (indices are outputs), averaged over both ways to name the first two outputs.
package struct TangentContractions: Sendable {
  /// Shape (samples, samples, samples, samples) each, by name: p, q, r, s, t, u.
  package let values: [(name: String, elements: [Double])]

  /// - Precondition: at least two outputs.
  package init<Scalar: TrainingScalar>(_ differentials: TangentDifferentials<Scalar>, outputs z: [Double]) {
    let samples = differentials.programs.samples
    let count = z.count / samples
    precondition(count >= 2, "The contractions take two outputs.")
    let size = samples * samples * samples * samples
    var found = [String: [Double]]()
    for name in ["p", "q", "r", "s", "t", "u"] { found[name] = [Double](repeating: 0, count: size) }
    func slot(_ sample: Int, _ output: Int) -> Int { sample * count + output }
    func place(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Int { ((a * samples + b) * samples + c) * samples + d }
    let curved = (0..<samples).map { s in (0..<2).map { differentials.curvedGradients(slot(s, $0)) } }
    for (i, j) in [(0, 1), (1, 0)] {
      for b in 0..<samples {
        for c in 0..<samples {
          let (jj, ij) = (
            differentials.differential(slot(b, j), slot(c, j)), differentials.differential(slot(b, i), slot(c, j))
          )
          for a in 0..<samples {
            for d in 0..<samples {
              found["p"]![place(a, b, c, d)] += 0.5 * jj[slot(a, i)] * z[slot(d, i)]
              found["q"]![place(a, b, c, d)] += 0.5 * ij[slot(a, i)] * z[slot(d, j)]
            }
          }
          for d in 0..<samples {
            let third = differentials.secondDifferential(slot(b, i), slot(c, j), slot(d, j))
            for a in 0..<samples { found["r"]![place(a, b, c, d)] += 0.5 * third[slot(a, i)] }
          }
        }
      }
      // Slots 1, 2 carry second derivatives along the gradients of slots 3, 4.
      for (name, second, third, fourth) in [("s", i, j, j), ("t", j, i, j), ("u", j, j, i)] {
        for a in 0..<samples {
          for b in 0..<samples {
            for c in 0..<samples {
              for d in 0..<samples {
                let (x, y) = (curved[c][third][slot(a, i)], curved[d][fourth][slot(b, second)])
                let product = x.withUnsafeBufferPointer { x in
                  y.withUnsafeBufferPointer { ArrayArithmetic.dot($0.baseAddress!, x.baseAddress!, count: x.count) }
                }
                found[name]![place(a, b, c, d)] += 0.5 * product
              }
            }
          }
        }
      }
    }
    values = ["p", "q", "r", "s", "t", "u"].map { ($0, found[$0]!) }
  }
}
