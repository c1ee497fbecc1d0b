import OrreryNetworks
import OrreryTheory

/// From a description's words to numbers: the one place where theory sets what an experiment will draw.
public enum NetworkResolver {
  /// A network with the numbers of every layer's initialization.
  ///
  /// - Parameters:
  ///   - network: the described network.
  ///   - inputs: n_0.
  ///   - meanSquaredInput: |x|²/n_0, averaged over the data; `critical` uses it for the first layer.
  /// - Throws: `StudyError` when `critical` does not exist, `NetworkError` for shapes that do not fit.
  public static func resolve(_ network: Network, inputs: Int, meanSquaredInput: Double) throws -> ResolvedNetwork {
    try network.architecture.validate()
    return ResolvedNetwork(
      architecture: network.architecture, inputs: inputs,
      layers: try layers(
        of: network.initialization, architecture: network.architecture, inputs: inputs,
        meanSquaredInput: meanSquaredInput), parametrization: network.parametrization)
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
