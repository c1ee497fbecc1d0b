import OrreryNetworks
import OrreryTensors

/// What the tangent kernels of real networks are measured on: a perceptron, inputs, and the learning rates of its layers.
public struct TangentSetting: Sendable {
  public let network: ResolvedPerceptron
  /// Shape (M, n_0).
  public let inputs: Matrix<Double>
  /// λ_b and λ_W of each layer.
  public let learningRates: [LayerLearningRates]

  /// - Parameters:
  ///   - inputs: shape (M, n_0).
  ///   - learningRates: of each layer; the network's own parametrization without them.
  /// - Throws: ``ExperimentError``.
  init(_ network: ResolvedPerceptron, inputs: Matrix<Double>, learningRates: [LayerLearningRates]?) throws {
    try ExperimentError.check(inputs, features: network.inputs)
    let rates = learningRates ?? network.learningRates
    guard rates.count == network.layers.count else {
      throw ExperimentError.badData(
        "There are learning rates for \(rates.count) layers and the network has \(network.layers.count); give one pair "
          + "for each.")
    }
    guard network.layers.count >= 2 else {
      throw ExperimentError.badData(
        "A network without a hidden layer has no statistics over networks: its kernel and NTK are constants; add one.")
    }
    self.network = network
    self.inputs = inputs
    self.learningRates = rates
  }

  /// One row of finite numbers for each network of an ensemble.
  ///
  /// - Parameters:
  ///   - count: numbers of each network.
  ///   - size: networks that a thread takes at once.
  ///   - fill: writes the rows of some networks; of different ones on different threads.
  /// - Throws: ``ExperimentError`` when a number overflows, or the run is cancelled.
  func records(
    networks: Int, count: Int, inGroupsOf size: Int, isCancelled: @Sendable () -> Bool,
    _ fill: @Sendable (Range<Int>, NetworkRecords) -> Void
  ) throws -> NetworkRecords {
    let records = NetworkRecords(networks: networks, count: count)
    let finished = MemberGroups.forEach(networks, inGroupsOf: size, isCancelled: isCancelled) { fill($0, records) }
    guard finished == networks else { throw ExperimentError.cancelled(finished: finished, networks: networks) }
    let broken = records.nonFiniteNetworks
    guard broken == 0 else {
      throw ExperimentError.overflow(layer: network.layers.count, networks: broken, precision: "float64")
    }
    return records
  }
}
