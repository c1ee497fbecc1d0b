import OrreryFormats
import OrreryNetworks
import OrreryTensors

/// The parameters of one network: where they lie, in which units an optimizer meets them, and how a member draws them.
package struct NetworkParameters: Sendable {
  /// `W1`, `b1`, `W2`, … of a perceptron, `0.weight`, `0.bias`, `2.weight`, … of other networks.
  package let layout: ParameterLayout
  private let parameters: [NetworkParameter]
  private let initializations: [LayerInitialization]

  /// In the NTK parametrization an optimizer acts on ω and β of W = √(C_W/fan-in) ω, b = √C_b β; constants at the start, such
  /// as gains of norms, are their own unit.
  ///
  /// - Throws: ``TrainingSetupError``; `NetworkError` when layers do not fit to each other.
  package init(_ network: ResolvedNetwork) throws {
    parameters = try network.parameters()
    initializations = network.initializations
    layout = try ParameterLayout(
      parameters.map { parameter in
        let description = parameter.description
        var unit = 1.0
        if network.parametrization == .ntk, description.initial == .drawn {
          unit = Self.variance(parameter, network.initializations).squareRoot()
        }
        return ParameterLayout.Tensor(
          parameter.name, role: description.role, shape: description.shape, unit: unit)
      })
  }

  /// C_W/fan-in of a weight tensor, C_b of a bias.
  private static func variance(_ parameter: NetworkParameter, _ initializations: [LayerInitialization]) -> Double {
    // A bias before all weights has nothing to share with, and starts at 0.
    guard parameter.weightNumber > 0 else { return 0 }
    let numbers = initializations[parameter.weightNumber - 1]
    return parameter.description.role.isBias
      ? numbers.biasVariance : numbers.weightVariance / Double(parameter.description.fanIn)
  }

  /// Draws member `member`: the same network as every other experiment draws under this seed.
  package func draw<Scalar: ExperimentScalar>(_ base: UnsafeMutablePointer<Scalar>, seed: UInt64, member: Int) {
    for (parameter, tensor) in zip(parameters, layout.tensors) {
      let target = UnsafeMutableBufferPointer(start: base + tensor.offset, count: tensor.count)
      if case .constant(let value) = parameter.description.initial {
        target.update(repeating: Scalar(value))
        continue
      }
      let isBias = parameter.description.role.isBias
      let numbers = initializations[max(0, parameter.weightNumber - 1)]
      let stream = RandomStream(
        seed: seed, purpose: isBias ? .biases : .weights, member: member, layer: parameter.weightNumber)
      if !isBias, numbers.weightDistribution == .orthogonal {
        ParameterDraws.fillOrthogonal(
          target, stream, rows: tensor.rows, variance: Self.variance(parameter, initializations))
        continue
      }
      ParameterDraws.fill(
        target, stream, from: 0, distribution: isBias ? numbers.biasDistribution : numbers.weightDistribution,
        variance: Self.variance(parameter, initializations))
    }
  }

  /// The tensors of flat parameters, by name, for a checkpoint.
  func tensors<Scalar: ExperimentScalar>(_ flat: [Scalar]) -> [String: NumericArray] {
    var result: [String: NumericArray] = [:]
    for tensor in layout.tensors {
      let elements = Array(flat[tensor.range])
      // Either precision under its own type.
      if let single = elements as? [Float] {
        result[tensor.name] = NumericArray(Tensor(shape: tensor.shape, elements: single), name: tensor.name)
      } else {
        result[tensor.name] = NumericArray(
          Tensor(shape: tensor.shape, elements: elements.map { Double($0) }), name: tensor.name)
      }
    }
    return result
  }
}
