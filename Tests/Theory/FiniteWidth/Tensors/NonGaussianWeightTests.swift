import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Weights that are not Gaussian: the sources of their fourth cumulant in G1 and H1.
@Suite struct NonGaussianWeightTests {
  private static func network(_ function: ActivationFunction, uniform layers: Range<Int>) -> PerceptronView {
    var network = ChainNetworks.network(function, widths: [12, 20, 16], inputs: 40, weight: 1.4, bias: 0.1)
    for index in layers { network.layers[index].weightDistribution = .uniform }
    return network
  }

  /// Recursions on one input have no code in common with those on several.
  @Test("G1 on one input is that of the single-input flow", arguments: [ActivationFunction.tanh, .gelu])
  func oneInput(_ function: ActivationFunction) throws {
    let network = Self.network(function, uniform: 0..<4)
    let inputs = ChainNetworks.inputs(1, features: 40)
    let flow = try FiniteWidthFlow(network, inputs: inputs, extent: .preactivations)
    let single = SingleInputFlow(network, input: inputs.row(0))
    for (layer, other) in zip(flow.layers, single.layers).dropFirst() {
      let expected = Double(layer.fanIn) * (other.shift + other.nonGaussianShift)
      #expect(abs(other.nonGaussianShift) > 1e-5)
      #expect(relativeError(layer.kernelCorrection[0, 0], expected) < 1e-8, "layer \(layer.layer)")
    }
  }

  /// An input given twice is one input, whichever formula its pair takes.
  @Test(
    "Tensors of an input given twice are those of one", arguments: [ActivationFunction.tanh, .leakyReLU(slope: 0.3)])
  func coincident(_ function: ActivationFunction) throws {
    let row = ChainNetworks.inputs(1, features: 40).row(0)
    let flow = try FiniteWidthFlow(
      Self.network(function, uniform: 0..<4), inputs: Matrix([row, row]), extent: .tangentKernel)
    for layer in flow.layers.dropFirst() {
      let tangent = try #require(layer.tangentKernel)
      #expect(abs(layer.kernelCorrection[0, 1] - layer.kernelCorrection[0, 0]) < 1e-11)
      #expect(abs(tangent.correction[0, 1] - tangent.correction[0, 0]) < 1e-10)
    }
  }

  @Test("What is left out is said, with the first layer's size, and refused where it is not small")
  func said() throws {
    let inputs = ChainNetworks.inputs(2, features: 40)
    let flow = try FiniteWidthFlow(Self.network(.tanh, uniform: 0..<4), inputs: inputs, extent: .preactivations)
    let sentence = try #require(flow.neglected)
    #expect(sentence.contains("layer 1") && sentence.contains("A + 2B") && sentence.contains("of the features"))
    let later = try FiniteWidthFlow(Self.network(.tanh, uniform: 2..<3), inputs: inputs, extent: .preactivations)
    #expect(later.neglected?.contains("layer 3") == true && later.neglected?.contains("features") == false)

    var few = ChainNetworks.network(.tanh, widths: [50], weight: 1)
    few.layers[0].weightDistribution = .uniform
    #expect {
      try FiniteWidthFlow(few, inputs: Matrix([[1, 0, 0]]))
    } throws: {
      guard case FiniteWidthError.firstLayerNotGaussian(input: 0, let size, _) = $0 else { return false }
      return relativeError(size, -1.2) < 1e-12
    }
    #expect(try #require(GramChain(few, inputs: Matrix([[1, 0, 0]])).neglected).contains("-1.2"))
  }
}
