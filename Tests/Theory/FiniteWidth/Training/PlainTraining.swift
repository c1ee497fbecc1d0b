import OrreryNetworks
import OrreryTensors
import OrreryTheory
import Testing

/// A tanh network on two training samples and a test sample, and the same with its hierarchy written out.
struct PlainTraining {
  let output: FiniteWidthLayer
  let dynamics: FiniteWidthDynamics
  let plain: PlainHierarchy

  init(outputs: Int, loss: Loss) throws {
    let network = ChainNetworks.network(.tanh, widths: [10, 20, 15], weight: 1.4, bias: 0.2, outputs: outputs)
    let flow = try FiniteWidthFlow(network, inputs: ChainNetworks.inputs(3))
    output = try #require(flow.layers.last)
    let targets = Matrix([[1.2, -0.4], [-0.7, 0.9]].map { Array($0.prefix(outputs)) })
    dynamics = try FiniteWidthDynamics(output: output, trainSamples: 2, targets: targets, loss: loss)
    plain = PlainHierarchy(
      tangent: try #require(output.tangentKernel), differentials: try #require(output.differentials),
      kernel: output.kernel, train: 2, targets: (0..<2).map { targets.row($0) })
  }
}
