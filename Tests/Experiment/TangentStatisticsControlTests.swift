import OrreryAnalysis
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Control variates of the tangent kernel's mean: exact by the law of the weights, so that they change the error and nothing else.
@Suite("The tangent kernel's mean by control variates", .tags(.statistical))
struct TangentStatisticsControlTests {
  private static let inputs = Matrix<Double>([[1.0, 0.4, -0.3], [0.2, -0.9, 1.1]])

  private static func experiment(_ function: ActivationFunction, width: Int) throws -> TangentStatisticsExperiment {
    let network = ExperimentNetworks.network(function, widths: [width, width, width], weight: 1.3, bias: 0.1)
    return try TangentStatisticsExperiment(
      network, inputs: inputs,
      learningRates: Array(repeating: LayerLearningRates(bias: 0.7, weight: 1.3), count: 4))
  }

  @Test("The same mean with a smaller error", arguments: [ActivationFunction.tanh, .gelu])
  func mean(_ function: ActivationFunction) throws {
    let few = try Self.experiment(function, width: 12).run(networks: 4000, seed: 21, withControls: true)
    // Many networks without controls say what the mean is.
    let many = try Self.experiment(function, width: 12).run(networks: 40_000, seed: 22)
    for input in 0..<2 {
      let (controlled, plain) = (few.controlledTangentMean(input), many.tangentMean(input, input))
      checkMonteCarloAgrees(
        predicted: plain.value, measured: controlled.value,
        standardError: (controlled.error * controlled.error + plain.error * plain.error).squareRoot())
      // Ten times as many networks, and still the larger error: at least ten times less variance.
      #expect(controlled.error < plain.error)
    }
  }

  @Test("Controls leave the other records as they are")
  func records() throws {
    let experiment = try Self.experiment(.tanh, width: 6)
    let (plain, controlled) = try (
      experiment.run(networks: 40, seed: 3), experiment.run(networks: 40, seed: 3, withControls: true)
    )
    #expect(plain.tangentKernels(0, 1) == controlled.tangentKernels(0, 1))
    #expect(plain.mixings(0, 1, 1, 0) == controlled.mixings(0, 1, 1, 0))
  }

  @Test("A kinked activation has no controls")
  func kinks() throws {
    #expect(throws: ExperimentError.self) {
      try Self.experiment(.relu, width: 6).run(networks: 40, seed: 3, withControls: true)
    }
  }
}
