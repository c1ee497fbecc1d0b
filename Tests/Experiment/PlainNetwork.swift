import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport

/// A small perceptron in Double, written out in loops: what programs are compared with.
struct PlainNetwork {
  let network: ResolvedNetwork
  /// W1, b1, W2, …, as the network multiplies with them.
  var parameters: [Double]
  let layout: ParameterLayout
  let activation: Activation
  let outputs: Int

  init(
    _ function: ActivationFunction, widths: [Int], inputs: Int = 3, outputs: Int = 2,
    parametrization: Parametrization = .ntk, seed: UInt64 = 3
  ) throws {
    var perceptron = ExperimentNetworks.network(
      function, widths: widths, inputs: inputs, weight: 1.4, bias: 0.3, outputs: outputs)
    perceptron.parametrization = parametrization
    network = ResolvedNetwork(perceptron)
    activation = perceptron.architecture.activation
    self.outputs = outputs
    layout = try NetworkParameters(network).layout
    var random = SplitMix(seed: seed)
    parameters = random.normals(layout.count).map { 0.6 * $0 }
  }

  var units: [Double] { layout.tensors.flatMap { [Double](repeating: $0.unit, count: $0.count) } }

  /// z^(L) of one sample.
  func outputs(_ x: [Double], at parameters: [Double]? = nil) -> [Double] {
    let w = parameters ?? self.parameters
    var a = x
    let layers = layout.tensors.count / 2
    for layer in 0..<layers {
      let (weight, bias) = (layout.tensors[2 * layer], layout.tensors[2 * layer + 1])
      let z = (0..<weight.rows).map { unit in
        (0..<weight.columns).reduce(w[bias.offset + unit]) {
          $0 + w[weight.offset + unit * weight.columns + $1] * a[$1]
        }
      }
      a = layer < layers - 1 ? z.map { activation($0) } : z
    }
    return a
  }

  /// ∂z_o/∂θ of one sample by central differences with Ridders' extrapolation, (outputs, parameters), of the optimizer's units.
  func jacobian(_ x: [Double]) -> [[Double]] {
    let count = outputs(x).count
    var rows = [[Double]](repeating: [Double](repeating: 0, count: layout.count), count: count)
    for k in 0..<layout.count {
      for o in 0..<count {
        var moved = parameters
        rows[o][k] =
          units[k]
          * finiteDifference(at: parameters[k], step: 0.05) { value in
            moved[k] = value
            return outputs(x, at: moved)[o]
          }.value
      }
    }
    return rows
  }

  /// ∂z_o/∂θ by programs, in the optimizer's units.
  func programJacobian(_ x: [Double]) throws -> [[Double]] {
    let jacobian = SampleJacobian<Double>(try .init(network))
    let outputs = outputs
    var rows = [Double](repeating: 0, count: outputs * layout.count)
    parameters.withUnsafeBufferPointer { jacobian.move(to: $0.baseAddress!) }
    x.withUnsafeBufferPointer { x in
      rows.withUnsafeMutableBufferPointer {
        jacobian.rows(of: 0..<outputs, at: x.baseAddress!, into: $0.baseAddress!, stride: layout.count)
      }
    }
    return (0..<outputs).map { Array(rows[($0 * layout.count)..<(($0 + 1) * layout.count)]) }
  }
}

func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
