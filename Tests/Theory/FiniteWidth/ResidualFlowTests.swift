import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Residual networks at order 1/n")
struct ResidualFlowTests {
  @Test("K, V and T₃ against the reference, 1e-9", arguments: 0..<2)
  func reference(_ index: Int) throws {
    let block = try Fixtures.json("effective_theory")["residual"][index]
    let functions: [String: ActivationFunction] = ["tanh": .tanh, "relu": .relu]
    let function = try #require(functions[try block["act"].string])
    let rows = try block["layers"].elements
    let flow = ResidualFlow(
      Activation(function), skip: try block["gamma"].double, weightVariance: try block["C_W"].double,
      biasVariance: try block["C_b"].double, firstKernel: try block["K1"].double, count: rows.count)
    for (layer, row) in zip(flow.layers, rows) {
      #expect(relativeError(layer.kernel, try row["K"].double) < 1e-9)
      #expect(abs(layer.fourPointVertex! - (try row["V"].double)) < 1e-9 * max(1, abs(try row["V"].double)))
      #expect(abs(layer.threePointVertex! - (try row["T3"].double)) < 1e-9)
    }
  }

  @Test("Without a skip it is the plain network")
  func plain() {
    let flow = ResidualFlow(
      Activation(.gelu), skip: 0, weightVariance: 1.9, biasVariance: 0.2, firstKernel: 1.1, count: 6)
    let layer = LayerInitialization(weightVariance: 1.9, biasVariance: 0.2)
    let plain = SingleInputFlow(
      Activation(.gelu), layers: Array(repeating: layer, count: 6), fanIns: Array(repeating: 100, count: 6),
      meanSquaredInput: 0.9 / 1.9)
    for (x, y) in zip(flow.layers, plain.layers) {
      #expect(relativeError(x.kernel, y.kernel) < 1e-12)
      #expect(abs(x.fourPointVertex! - y.fourPointVertex) < 1e-11)
    }
  }

  @Test("Odd and even branches tie no neurons", arguments: [ActivationFunction.tanh, .abs, .gaussian, .relu])
  func parity(_ function: ActivationFunction) {
    func flow(_ tiesNeurons: Bool) -> [ResidualFlow.Layer] {
      ResidualFlow(
        Activation(function), skip: 0.6, weightVariance: 1.2, biasVariance: 0.1, firstKernel: 1, count: 5,
        tiesNeurons: tiesNeurons
      ).layers
    }
    let (tied, untied) = (flow(true), flow(false))
    #expect(untied.allSatisfy { $0.threePointVertex == 0 })
    #expect((tied == untied) == (function != .relu))
  }

  /// T₃^(2) = γC_W⟨zσ²⟩, of a step γC_W√(K/2π): its whole slope is a jump.
  @Test("A step ties neurons by its jump")
  func step() {
    let flow = ResidualFlow(
      Activation(.step), skip: 0.5, weightVariance: 1.5, biasVariance: 0, firstKernel: 0.8, count: 2)
    #expect(relativeError(flow.layers[1].threePointVertex!, 0.75 * (0.8 / (2 * Double.pi)).squareRoot()) < 1e-12)
  }

  /// V grows like K², so that it is what overflows first.
  @Test("Layers end before what does not fit", arguments: [ActivationFunction.linear, .relu])
  func overflow(_ function: ActivationFunction) {
    func flow(_ count: Int) -> ResidualFlow {
      ResidualFlow(
        Activation(function), skip: 1, weightVariance: 1e60, biasVariance: 0.1, firstKernel: 1, count: count)
    }
    let long = flow(40)
    #expect(long.layers.count > 2 && long.layers.count < 10)
    #expect(
      long.layers.allSatisfy { $0.kernel.isFinite && $0.fourPointVertex!.isFinite && $0.threePointVertex!.isFinite })
    #expect(flow(3).layers == Array(long.layers.prefix(3)))
    #expect(flow(1).layers.count == 1)
  }

  @Test(
    "V grows with the slope of two-slope branches",
    arguments: [ActivationFunction.relu, .leakyReLU(slope: 0.3), .linear])
  func slope(_ function: ActivationFunction) throws {
    let activation = Activation(function)
    let slopes = try #require(activation.slopes)
    let a2 = (slopes.positive * slopes.positive + slopes.negative * slopes.negative) / 2
    let flow = ResidualFlow(
      activation, skip: 0.7, weightVariance: (1 - 0.49) / a2, biasVariance: 0, firstKernel: 1, count: 120)
    let step = flow.layers[119].fourPointVertex! - flow.layers[118].fourPointVertex!
    let nu = try #require(ResidualFlow.criticalSlope(activation, skip: 0.7))
    #expect(relativeError(step / pow(flow.layers[119].kernel, 2), nu) < 1e-9)
  }
}
