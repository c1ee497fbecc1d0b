import OrreryExperiment
import OrreryNetworks
import Testing

@Suite("Layer programs")
struct LayerProgramTests {
  /// A layer that Experiment has never heard of.
  private struct Mystery: LayerDescription {
    static let key = "mystery"
    func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }
    func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
  }

  private let numbers = LayerInitialization(weightVariance: 1, biasVariance: 0)

  @Test("Shapes and numbers of layers are filled in")
  func shapes() throws {
    let layers = MultilayerPerceptron(widths: [5, 2], activation: Activation(.relu), outputs: 3).layers
    let program = try LayerProgram(layers, inputs: 4, initializations: [numbers, numbers, numbers])
    #expect(program.layerCount == 3)
    let shapes = program.steps.compactMap { step -> [Int]? in
      if case .dense(let number, let fanIn, let units, _) = step { [number, fanIn, units] } else { nil }
    }
    #expect(shapes == [[1, 4, 5], [2, 5, 2], [3, 2, 3]])
  }

  @Test("An unknown layer is an error that names the layer and the wing")
  func unknownLayer() throws {
    let layers = [Layer(Dense(units: 2)), Layer(Mystery())]
    #expect(throws: ExperimentError.unsupportedLayer(key: "mystery", index: 1)) {
      try LayerProgram(layers, inputs: 1, initializations: [numbers])
    }
    let text = ExperimentError.unsupportedLayer(key: "mystery", index: 1).description
    #expect(text.contains("mystery") && text.contains("Experiment"))
  }

  @Test("Widths and variances are checked")
  func badNumbers() {
    #expect(throws: ExperimentError.self) {
      try LayerProgram([Layer(Dense(units: 0))], inputs: 1, initializations: [numbers])
    }
    #expect(throws: ExperimentError.self) {
      try LayerProgram([Layer(Dense(units: 1)), Layer(Dense(units: 1))], inputs: 1, initializations: [numbers])
    }
    var broken = numbers
    broken.biasVariance = -1
    #expect(throws: ExperimentError.self) {
      try LayerProgram([Layer(Dense(units: 1))], inputs: 1, initializations: [broken])
    }
  }
}
