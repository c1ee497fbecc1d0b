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
    let architecture = network.architecture
    let inputShape = Architecture.inputShape(sampleShape: sampleShape)
    let parameters = try architecture.parameters(inputShape: inputShape)
    return try ResolvedNetwork(
      architecture: architecture, inputShape: inputShape,
      initializations: network.initialization.weights(of: parameters)
        ?? critical(architecture, inputShape: inputShape, meanSquaredInput: meanSquaredInput),
      parametrization: network.parametrization)
  }

  /// The numbers of every layer at criticality.
  private static func critical(
    _ architecture: Architecture, inputShape: [Int], meanSquaredInput: Double
  ) throws -> [LayerInitialization] {
    guard let perceptron = architecture.perceptron(inputShape: inputShape) else {
      let reason =
        switch Result(catching: { () throws(Unrecognized) in try MultilayerPerceptron(recognizing: architecture.layers)
        })
        {
        case .failure(let reason): reason
        case .success: Unrecognized.unflattened(inputShape)
        }
      throw StudyError(
        .unusable,
        "Criticality is known for multilayer perceptrons so far, and here \(reason); set network.init to he, lecun, glorot "
          + "or to { weight-variance: …, bias-variance: … }.")
    }
    return try critical(perceptron, meanSquaredInput: meanSquaredInput)
  }

  private static func critical(
    _ architecture: MultilayerPerceptron, meanSquaredInput: Double
  ) throws -> [LayerInitialization] {
    do {
      return try Criticality.points(of: architecture.activation).choice(meanSquaredInput: meanSquaredInput)
        .layers(count: architecture.layerCount, meanSquaredInput: meanSquaredInput)
    } catch {
      throw StudyError(.noCriticalPoint, error.description)
    }
  }

  /// The numbers of an initialization, layer by layer.
  public static func layers(
    of initialization: Initialization, architecture: MultilayerPerceptron, inputs: Int, meanSquaredInput: Double
  ) throws -> [LayerInitialization] {
    if let layers = try initialization.layers(for: architecture, inputs: inputs) { return layers }
    return try critical(architecture, meanSquaredInput: meanSquaredInput)
  }
}
