import OrreryNetworks
import OrreryTensors

/// What the tangent kernels of real networks are measured on: a perceptron, inputs, and the learning rates of its layers.
public struct TangentSetting: Sendable {
  public let network: PerceptronView
  /// Shape (M, n_0).
  public let inputs: Matrix<Double>
  /// λ_b and λ_W of each layer.
  public let learningRates: [LayerLearningRates]

  /// - Parameters:
  ///   - inputs: shape (M, n_0).
  ///   - learningRates: of each layer; the network's own parametrization without them.
  /// - Throws: ``ExperimentError``.
  init(_ network: PerceptronView, inputs: Matrix<Double>, learningRates: [LayerLearningRates]?) throws {
    try ExperimentError.check(inputs, features: network.inputs)
    let rates = learningRates ?? network.learningRates
    guard rates.count == network.layers.count else {
      throw ExperimentError.badData(
        "There are learning rates for \(rates.count) layers and the network has \(network.layers.count); give one pair "
          + "for each.")
    }
    if let layer = rates.firstIndex(where: { !($0.bias >= 0 && $0.weight >= 0 && ($0.bias + $0.weight).isFinite) }) {
      throw ExperimentError.badData(
        "Layer \(layer + 1) has the learning rates λ_b = \(rates[layer].bias) and λ_W = \(rates[layer].weight); give finite "
          + "numbers that are not negative.")
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
  ///   - threadBytes: what each thread takes beside them.
  ///   - memoryLimit: the most bytes that both may take.
  ///   - size: networks that a thread takes at once.
  ///   - fill: writes the rows of some networks; of different ones on different threads.
  /// - Throws: ``ExperimentError`` when there are too few networks, too little memory, a number overflows, or the run is cancelled.
  func records(
    networks: Int, count: Int, threadBytes: Int = 0, memoryLimit: Int, inGroupsOf size: Int,
    isCancelled: @Sendable () -> Bool, _ fill: @Sendable (Range<Int>, NetworkRecords) -> Void
  ) throws -> NetworkRecords {
    guard networks >= 2 else { throw ExperimentError.tooFewNetworks(networks) }
    let rows = networks.multipliedReportingOverflow(by: 8 * count)
    let threads = Parallel.threads.multipliedReportingOverflow(by: threadBytes)
    let needed = rows.partialValue.addingReportingOverflow(threads.partialValue)
    let overflow = rows.overflow || threads.overflow || needed.overflow
    guard !overflow, needed.partialValue <= memoryLimit else {
      throw ExperimentError.tooMuchMemory(
        needed: overflow ? .max : needed.partialValue, allowed: memoryLimit, networks: networks)
    }
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
