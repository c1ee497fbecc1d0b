import OrreryFormats
import OrreryNetworks
import OrreryTensors

/// The parameters of one network: where they lie, in which units an optimizer meets them, and how a member draws them.
package struct NetworkParameters: Sendable {
  /// `W1`, `b1`, `W2`, …, ℓ = 1 … L.
  package let layout: ParameterLayout
  private let network: ResolvedNetwork

  /// In the NTK parametrization an optimizer acts on ω and β of W = √(C_W/fan-in) ω, b = √C_b β.
  ///
  /// - Throws: ``TrainingSetupError``.
  package init(_ network: ResolvedNetwork) throws {
    self.network = network
    var tensors: [ParameterLayout.Tensor] = []
    let widths = [network.inputs] + network.architecture.layerWidths
    for layer in 1..<widths.count {
      let (fanIn, units) = (widths[layer - 1], widths[layer])
      let isReadout = layer == widths.count - 1 && layer > 1
      let numbers = network.layers[layer - 1]
      var (weightUnit, biasUnit) = (1.0, 1.0)
      if network.parametrization == .ntk {
        weightUnit = (numbers.weightVariance / Double(fanIn)).squareRoot()
        biasUnit = numbers.biasVariance.squareRoot()
      }
      tensors.append(
        ParameterLayout.Tensor(
          "W\(layer)", role: layer == 1 ? .input : (isReadout ? .readout : .hidden), shape: [units, fanIn],
          unit: weightUnit))
      tensors.append(
        ParameterLayout.Tensor(
          "b\(layer)", role: isReadout ? .readoutBias : .hiddenBias, shape: [units], unit: biasUnit))
    }
    layout = try ParameterLayout(tensors)
  }

  /// Draws member `member`: the same network as every other experiment draws under this seed.
  func draw<Scalar: ExperimentScalar>(_ base: UnsafeMutablePointer<Scalar>, seed: UInt64, member: Int) {
    for (index, tensor) in layout.tensors.enumerated() {
      let layer = index / 2 + 1
      let numbers = network.layers[layer - 1]
      let target = UnsafeMutableBufferPointer(start: base + tensor.offset, count: tensor.count)
      if index % 2 == 0 {
        ParameterDraws.fill(
          target, RandomStream(seed: seed, purpose: .weights, member: member, layer: layer), from: 0,
          distribution: numbers.weightDistribution, variance: numbers.weightVariance / Double(tensor.columns))
      } else {
        ParameterDraws.fill(
          target, RandomStream(seed: seed, purpose: .biases, member: member, layer: layer), from: 0,
          distribution: numbers.biasDistribution, variance: numbers.biasVariance)
      }
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
