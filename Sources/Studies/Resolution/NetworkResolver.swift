import OrreryNetworks
import OrreryTheory

/// From a description's words to numbers: the one place where theory sets what an experiment will draw.
public enum NetworkResolver {
  /// A network with the numbers of every layer's initialization.
  ///
  /// - Parameters:
  ///   - network: the described network.
  ///   - sampleShape: the extents of one sample, as the data have them.
  ///   - meanSquaredInput: |x|²/n_0, averaged over the data; `critical` uses it for the first layer.
  /// - Throws: `StudyError` when `critical` does not exist, `NetworkError` for shapes that do not fit.
  public static func resolve(
    _ network: Network, sampleShape: [Int], meanSquaredInput: Double
  ) throws -> ResolvedNetwork {
    try network.validate()
    let inputShape = network.architecture.inputShape(sampleShape: sampleShape)
    if case .perceptron(let perceptron) = network.architecture {
      let inputs = inputShape[0]
      return ResolvedNetwork(
        ResolvedPerceptron(
          architecture: perceptron, inputs: inputs,
          layers: try layers(
            of: network.initialization, architecture: perceptron, inputs: inputs, meanSquaredInput: meanSquaredInput),
          parametrization: network.parametrization))
    }
    let parameters = try network.architecture.parameters(inputShape: inputShape)
    guard let numbers = try network.initialization.weights(of: parameters) else {
      throw StudyError(
        .unusable,
        "Criticality is known for multilayer perceptrons, and this network is a list of layers; set network.init to he, lecun, glorot "
          + "or to { weight-variance: …, bias-variance: … }.")
    }
    return try ResolvedNetwork(
      architecture: network.architecture, inputShape: inputShape, initializations: numbers,
      parametrization: network.parametrization)
  }

  /// The numbers of an initialization, layer by layer.
  public static func layers(
    of initialization: Initialization, architecture: MultilayerPerceptron, inputs: Int, meanSquaredInput: Double
  ) throws -> [LayerInitialization] {
    if let layers = try initialization.layers(for: architecture, inputs: inputs) { return layers }
    do {
      return try Criticality.points(of: architecture.activation).choice(meanSquaredInput: meanSquaredInput)
        .layers(count: architecture.layerCount, meanSquaredInput: meanSquaredInput)
    } catch {
      throw StudyError(.noCriticalPoint, error.description)
    }
  }
}
