import OrreryNetworks
import OrreryStudies
import OrreryTestSupport
import Testing

/// From words to numbers: `critical`, names, numbers.
@Suite struct NetworkResolverTests {
  func layers(_ function: ActivationFunction, _ initialization: Initialization, meanSquare: Double = 1) throws
    -> [LayerInitialization]
  {
    let network = Network(
      MultilayerPerceptron(widths: [8, 16], activation: Activation(function)), initialization: initialization)
    return try NetworkResolver.resolve(network, sampleShape: [4], meanSquaredInput: meanSquare).initializations
  }

  @Test(arguments: [("relu", ActivationFunction.relu), ("linear", .linear), ("tanh", .tanh), ("sin", .sin)])
  func criticalPointsAtZeroOrAnyKernelAreTheReferences(name: String, function: ActivationFunction) throws {
    let reference = try Fixtures.json("effective_theory")["criticality"][name]
    for layer in try layers(function, .critical).dropFirst() {
      #expect(relativeError(layer.weightVariance, try reference["C_W"].double) < 1e-12)
      #expect(layer.biasVariance == (try reference["C_b"].double))
      #expect(layer.weightDistribution == .gaussian)
    }
  }

  /// A half-stable or stable K* > 0: the first layer must start there whatever the inputs' length.
  @Test(arguments: [0.25, 1.0, 7.0])
  func criticalGELUStartsAtItsFixedPoint(meanSquare: Double) throws {
    let reference = try Fixtures.json("effective_theory")["criticality"]["gelu"]
    let layers = try layers(.gelu, .critical, meanSquare: meanSquare)
    for layer in layers.dropFirst() {
      #expect(relativeError(layer.weightVariance, try reference["C_W"].double) < 1e-12)
      #expect(relativeError(layer.biasVariance, try reference["C_b"].double) < 1e-12)
    }
    let first = layers[0].biasVariance + layers[0].weightVariance * meanSquare
    #expect(relativeError(first, try reference["K_star"].double) < 1e-12)
  }

  /// The definitions of the frameworks, layer by layer, for fan-ins 4, 8, 16 and fan-outs 8, 16, 1.
  @Test func namesAreTheFrameworksRules() throws {
    let fans: [(Double, Double)] = [(4, 8), (8, 16), (16, 1)]
    #expect(try layers(.relu, .named(.he)).map(\.weightVariance) == [2, 2, 2])
    #expect(try layers(.relu, .named(.lecun)).map(\.weightVariance) == [1, 1, 1])
    #expect(try layers(.relu, .named(.pytorchLinear)).map(\.biasVariance) == fans.map { 1 / (3 * $0.0) })
    #expect(try layers(.relu, .named(.pytorchLinear)).allSatisfy { $0.weightVariance == 1 / 3.0 })
    #expect(try layers(.relu, .named(.glorot)).map(\.weightVariance) == fans.map { 2 * $0.0 / ($0.0 + $0.1) })
    #expect(try layers(.relu, .named(.kerasDense)).allSatisfy { $0.weightDistribution == .uniform })
    #expect(try layers(.relu, .named(.flaxDense)).allSatisfy { $0.weightDistribution == .truncatedGaussian })
  }

  @Test func numbersStayAsTheyAre() throws {
    let one = LayerInitialization(weightVariance: 1.3, biasVariance: 0.1)
    let other = LayerInitialization(weightVariance: 0.7, biasVariance: 0, weightDistribution: .uniform)
    #expect(try layers(.tanh, .uniform(one)) == [one, one, one])
    #expect(try layers(.tanh, .perLayer([one, other, one])) == [one, other, one])
  }

  @Test func aListOfTheWrongLengthIsRefused() {
    let one = LayerInitialization(weightVariance: 1, biasVariance: 0)
    let error = #expect(throws: NetworkError.self) { try layers(.tanh, .perLayer([one, one])) }
    #expect(error?.description.contains("3") == true, "\(String(describing: error))")
  }

  @Test(arguments: [Double.nan, .infinity, -1])
  func numbersThatAreNoVariancesAreRefused(value: Double) {
    #expect(throws: NetworkError.self) {
      try layers(.tanh, .uniform(LayerInitialization(weightVariance: value, biasVariance: 0)))
    }
  }

  /// χ_∥ = χ_⊥ = 1 has no solution for softplus and sigmoid with K ≥ 0.
  @Test(arguments: [ActivationFunction.softplus, .sigmoid])
  func noCriticalPointIsAnErrorWithItsReason(function: ActivationFunction) {
    let error = #expect(throws: StudyError.self) { try layers(function, .critical) }
    #expect(error?.kind == .noCriticalPoint)
    #expect(error?.description.isEmpty == false)
  }

  @Test func emptyNetworksAreRefused() {
    for architecture in [
      MultilayerPerceptron(widths: [0], activation: Activation(.tanh)),
      MultilayerPerceptron(widths: [3], activation: Activation(.tanh), outputs: 0),
    ] {
      #expect(throws: NetworkError.self) {
        try NetworkResolver.resolve(Network(architecture), sampleShape: [4], meanSquaredInput: 1)
      }
    }
  }
}
