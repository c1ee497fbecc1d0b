import OrreryNetworks
import Testing

@Suite("Residual perceptrons are recognized") struct ResidualViewTests {
  private static let numbers = LayerInitialization(weightVariance: 1.5, biasVariance: 0.1)
  private static let relu = Layer(Nonlinearity(Activation(.relu)))
  private static func dense(_ units: Int) -> Layer { Layer(Dense(units: units)) }
  private static let factor = Layer(Nonlinearity(Activation(.linear, outputScale: 0.5)))

  private static func network(_ layers: [Layer], _ inputShape: [Int] = [3]) throws -> ResolvedNetwork {
    let weights = try Architecture(layers).parameters(inputShape: inputShape).filter(\.isDrawnWeight).count
    return try ResolvedNetwork(
      architecture: Architecture(layers), inputShape: inputShape,
      initializations: Array(repeating: numbers, count: weights), parametrization: .ntk)
  }

  @Test func everyPartIsRead() throws {
    let view = try ResidualView(
      Self.network(
        [
          Layer(Flatten()), Self.dense(8), Layer(Residual([Self.relu, Self.dense(8)])),
          Layer(Residual([Layer(LayerNorm()), Self.relu, Self.dense(8)], scale: 0.3, skip: [Self.factor])),
          Layer(Residual([Self.dense(8)])), Layer(RootMeanSquareNorm(learned: false)), Self.relu, Self.dense(2),
        ], [2, 2, 1]))
    #expect(view.inputs == 4 && view.width == 8 && view.layerCount == 5 && view.hasReadout)
    #expect(view.steps.map(\.skip) == [1, 0.5, 1, 0] && view.steps.map(\.scale) == [1, 0.3, 1, 1])
    #expect(
      view.steps.map(\.norm) == [nil, .init(centres: true, learned: true), nil, .init(centres: false, learned: false)])
    #expect(view.steps[0].activation == Activation(.relu) && view.steps[2].activation == Activation(.linear))
    #expect(view.fanIns == [4, 8, 8, 8, 8] && view.initializations == Array(repeating: Self.numbers, count: 5))
  }

  @Test func chainsWithoutSkipsAreRecognized() throws {
    let view = try ResidualView(Self.network([Self.dense(4), Layer(LayerNorm(epsilon: 1)), Self.relu, Self.dense(1)]))
    #expect(view.steps.map(\.skip) == [0] && view.steps[0].norm?.epsilon == 1)
    let zero = Layer(Nonlinearity(Activation(.linear, outputScale: 0)))
    let cut = try ResidualView(
      Self.network([Self.dense(4), Layer(Residual([Self.relu, Self.dense(4)], skip: [zero]))]))
    #expect(cut.steps.map(\.skip) == [0])
  }

  @Test func whatIsNoneSaysWhy() throws {
    let block = Layer(Residual([Self.relu, Self.dense(4)]))
    let cases: [([Layer], [Int], String)] = [
      ([Self.dense(4), Layer(BatchNorm()), Self.relu, Self.dense(1)], [3], "layer 2 is batch-norm"),
      ([Self.dense(4), Self.relu, Self.relu, Self.dense(1)], [3], "layer 3 is activation"),
      ([Self.dense(4), block], [2, 2, 1], "[2, 2, 1]"),
      ([Layer(Convolution(units: 4, kernel: 3)), block], [4, 4, 1], "layer 1 is convolution"),
      (
        [Self.dense(4), Layer(Residual([Self.dense(4), Self.relu])), Self.dense(1)], [3],
        "the branch of layer 2 has activation"
      ),
      ([Self.dense(4), Layer(Residual([Self.dense(6), Self.relu, Self.dense(4)]))], [3], "the branch of layer 2 has"),
      ([Self.dense(4), Layer(Residual([Self.dense(4)], skip: [Self.dense(4)]))], [3], "the skip of layer 2 is dense"),
      (
        [Self.dense(4), Layer(Residual([Layer(BatchNorm()), Self.dense(4)]))], [3],
        "the branch of layer 2 has batch-norm"
      ),
      ([Self.dense(4), block, Self.relu], [3], "layer 3 is activation, and no dense layer follows"),
      ([Self.dense(4), Self.relu, block], [3], "layer 3 is a residual block behind activation"),
      ([Self.dense(6), Self.dense(4), block, Self.dense(1)], [3], "layer 2 changes the width from 6 to 4"),
    ]
    for (layers, shape, words) in cases {
      let network = try Self.network(layers, shape)
      let reason = try #require(throws: Unrecognized.self) { try ResidualView(network) }
      #expect(reason.description.contains(words), "\(reason)")
      #expect(network.residual == nil)
    }
  }
}
