import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Tensors made by a user: checked for shapes and finiteness.
@Suite struct TensorMakingTests {
  private static func copy(_ x: PairTensor) throws -> PairTensor {
    try PairTensor(inputs: x.inputs, elements: x.elements)
  }

  private static func copy(_ x: FourPointTensor) throws -> FourPointTensor {
    try FourPointTensor(inputs: x.inputs, elements: x.elements)
  }

  @Test("Dynamics of a copied layer are those of the layer")
  func copied() throws {
    let network = ChainNetworks.network(.tanh, widths: [30, 30], weight: 1.2, bias: 0.1)
    let layer = try #require(try FiniteWidthFlow(network, inputs: ChainNetworks.inputs(2)).layers.last)
    let (t, d) = (try #require(layer.tangentKernel), try #require(layer.differentials))
    let copied = try FiniteWidthLayer(
      layer: layer.layer, fanIn: layer.fanIn, kernel: layer.kernel, fourPointVertex: Self.copy(layer.fourPointVertex),
      kernelCorrection: layer.kernelCorrection,
      tangentKernel: TangentKernelTensors(
        mean: t.mean, correction: t.correction, a: Self.copy(t.a), b: Self.copy(t.b), d: Self.copy(t.d),
        f: Self.copy(t.f)),
      differentials: DifferentialTensors(
        p: Self.copy(d.p), q: Self.copy(d.q), r: Self.copy(d.r), s: Self.copy(d.s), t: Self.copy(d.t),
        u: Self.copy(d.u)),
      expectationError: layer.expectationError)
    func mean(_ layer: FiniteWidthLayer) throws -> Matrix<Double> {
      try FiniteWidthDynamics(
        output: layer, trainSamples: 2, targets: Matrix([[1], [-1]]),
        loss: .meanSquaredError(reduction: .sum, half: true)
      ).mean(time: 2).train.mean
    }
    #expect(try mean(copied) == mean(layer))
  }

  @Test("Wrong shapes and numbers are errors")
  func errors() throws {
    #expect(throws: FiniteWidthError.badTensor(name: "A tensor of pairs", expected: [3, 3], found: [4])) {
      try PairTensor(inputs: 2, elements: [1, 2, 3, 4])
    }
    #expect(throws: FiniteWidthError.tensorNotFinite(name: "A four-point tensor")) {
      try FourPointTensor(inputs: 1, elements: [.nan])
    }
    #expect(throws: FiniteWidthError.self) { try FourPointTensor(inputs: -1, elements: []) }
    #expect(throws: FiniteWidthError.self) { try PairTensor(inputs: 1 << 60, elements: []) }
    let (pair, four) = (try PairTensor(inputs: 1, elements: [1]), try FourPointTensor(inputs: 1, elements: [1]))
    let two = Matrix<Double>([[1, 0], [0, 1]])
    #expect(throws: FiniteWidthError.badTensor(name: "A", expected: [2], found: [1])) {
      try TangentKernelTensors(mean: two, correction: two, a: pair, b: four, d: pair, f: four)
    }
    #expect(throws: FiniteWidthError.badTensor(name: "V", expected: [2], found: [1])) {
      try FiniteWidthLayer(layer: 2, fanIn: 3, kernel: two, fourPointVertex: pair, kernelCorrection: two)
    }
    #expect(throws: FiniteWidthError.tensorNotFinite(name: "K")) {
      try FiniteWidthLayer(
        layer: 2, fanIn: 3, kernel: Matrix([[.infinity]]), fourPointVertex: pair, kernelCorrection: Matrix([[0]]))
    }
  }
}
