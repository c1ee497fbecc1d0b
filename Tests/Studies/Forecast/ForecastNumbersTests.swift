import Foundation
import OrreryFindings
import OrreryNetworks
import OrreryStudies
import OrreryTestSupport
import Testing

/// The layers of a forecast against the reference tables.
@Suite struct ForecastNumbersTests {
  static let width = 50
  static let functions: [String: ActivationFunction] = ["tanh": .tanh, "relu": .relu, "gelu": .gelu]

  /// K, V/n and G1/n of every layer for one input, of the reference's cases.
  @Test(arguments: 0..<4)
  func layersAreThoseOfTheReference(index: Int) throws {
    let reference = try Fixtures.json("effective_theory")["single_input"][index]
    let function = try #require(Self.functions[try reference["act"].string])
    let layers = try reference["layers"].elements
    let initialization = LayerInitialization(
      weightVariance: try reference["C_W"].double, biasVariance: try reference["C_b"].double)
    let meanSquare = (try reference["K1"].double - initialization.biasVariance) / initialization.weightVariance
    // Layers ℓ = 1 … L with hidden widths n: every V and G1 has the width of the layer before it.
    let network = Network(
      MultilayerPerceptron(depth: layers.count - 1, width: Self.width, activation: Activation(function)),
      initialization: .uniform(initialization), parametrization: .ntk)
    let forecast = try withTemporaryFolder { folder in
      let study = try SmallStudies.equicorrelated(
        network, features: 4, samples: 1, meanSquare: meanSquare, correlation: 0.5, in: folder)
      return try LoadedStudy(study, relativeTo: folder).forecast()
    }
    #expect(forecast.layers.map(\.layer) == Array(1...layers.count))
    let n = Double(Self.width)
    for (layer, expected) in zip(forecast.layers, layers) {
      let kernel = try expected["K"].double
      #expect(relativeError(layer.kernel, kernel) < 1e-9)
      #expect(relativeError(try #require(layer.kernelVariance) * n, try expected["V"].double) < 1e-9)
      // G1 may vanish identically; then its scale is K's.
      #expect(abs(try #require(layer.kernelShift) * n - (try expected["G1"].double)) < 1e-9 * kernel)
      guard expected["chi_par"].exists else { continue }
      #expect(relativeError(layer.parallelSusceptibility!, try expected["chi_par"].double) < 1e-9)
      #expect(relativeError(layer.perpendicularSusceptibility!, try expected["chi_perp"].double) < 1e-9)
    }
  }

  /// Fixed points are where a deep network's kernel ends.
  @Test(arguments: 0..<3)
  func deepKernelsEndAtTheFixedPoints(index: Int) throws {
    let reference = try Fixtures.json("effective_theory")["fixed_points"][index]
    let name = try reference["act"].string
    let initialization = LayerInitialization(
      weightVariance: try reference["C_W"].double, biasVariance: try reference["C_b"].double)
    let study = SmallStudies.synthetic(
      name == "erf" ? .erf : .tanh, depth: 120, width: 30, initialization: .uniform(initialization))
    let forecast = try LoadedStudy(study).forecast()
    let last = try #require(forecast.layers.last)
    #expect(relativeError(last.kernel, try reference["K_star"].double) < 1e-10)
    #expect(relativeError(last.parallelSusceptibility!, try reference["chi_par"].double) < 1e-9)
    #expect(relativeError(last.perpendicularSusceptibility!, try reference["chi_perp"].double) < 1e-9)
  }

  /// Of scale-invariant activations at criticality everything is known in closed form: K stays, V/K² = 5(ℓ − 1) for ReLU
  /// and 2(ℓ − 1) for linear networks, G1 = 0.
  @Test(arguments: [(ActivationFunction.relu, 5.0), (.linear, 2.0)])
  func scaleInvariantNetworksInClosedForm(function: ActivationFunction, nu: Double) throws {
    let forecast = try LoadedStudy(SmallStudies.synthetic(function, depth: 9, width: 100)).forecast()
    let kernel = forecast.layers[0].kernel
    for layer in forecast.layers {
      #expect(relativeError(layer.kernel, kernel) < 1e-12)
      #expect(abs(try #require(layer.kernelVariance) / (kernel * kernel) - nu * Double(layer.layer - 1) / 100) < 1e-12)
      #expect(abs(try #require(layer.kernelShift)) < 1e-12 * kernel)
      #expect(abs(layer.perpendicularSusceptibility! - 1) < 1e-12)
    }
    #expect(relativeError(try #require(forecast.expansion).slope, nu) < 1e-9)
    #expect(relativeError(try #require(forecast.expansion).aspectRatio, 0.1) < 1e-12)
  }

  /// What `forecast` prints under layers and what it predicts are the same numbers.
  @Test func predictionsRepeatTheLayers() throws {
    let forecast = try LoadedStudy(SmallStudies.synthetic(.gelu, depth: 4)).forecast()
    for layer in forecast.layers {
      let own = forecast.predictions.filter { $0.quantity.layer == layer.layer }
      #expect(own.first { $0.quantity.kind == .kernel }?.value == layer.kernel)
      #expect(own.first { $0.quantity.kind == .kernelVariance }?.value == layer.kernelVariance)
      #expect(own.first { $0.quantity.kind == .neuralTangentKernel }?.value == layer.neuralTangentKernel)
    }
  }
}
