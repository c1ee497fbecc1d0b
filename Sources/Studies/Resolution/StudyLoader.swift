import Foundation
import OrreryFormats
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// A study with its data read and its numbers fixed: what the commands work on.
public struct LoadedStudy: Sendable {
  public let study: Study
  public let network: Network
  public let resolved: ResolvedStudy<ResolvedNetwork>
  /// The data; training inputs of shape (samples, n_0).
  public let data: DataSet<Double>
  public let statistics: InputStatistics
  /// The settings of this point of a sweep; empty without one.
  public let label: String
  /// Two runs of equal hash ask the same question, and get the same numbers: see ``ResolvedStudy/digest()``.
  public let hash: String

  /// Reads the data and resolves the initialization.
  ///
  /// - Parameters:
  ///   - study: needs a network and data.
  ///   - label: this point's settings in a sweep.
  ///   - folder: what relative paths in the description are relative to.
  /// - Throws: `StudyError`, `DataError`, `FormatError` or `NetworkError`.
  public init(_ study: Study, label: String = "", relativeTo folder: URL? = nil) throws {
    guard let network = study.network else {
      throw StudyError.missing("network", example: "network: { mlp: { depth: 5, width: 128, activation: gelu } }")
    }
    guard let description = study.data else {
      throw StudyError.missing("data", example: "data: { name: digits, classes: [0, 1], normalize: sphere }")
    }
    try network.validate()
    try Self.requireMemory(description)
    let data = try DataSet<Double>.load(description, seed: study.seed, relativeTo: folder)
    try data.requireRange(of: study.precision)
    try study.optimizer?.validate(in: study.precision)
    let statistics = InputStatistics(data.train.inputs)
    let resolvedNetwork = try NetworkResolver.resolve(
      network, sampleShape: data.sampleShape, meanSquaredInput: statistics.meanSquare)
    let networkOutput = try resolvedNetwork.outputShape()
    let last = "the last layer's units or network.mlp.outputs"
    if let outputs = data.outputShape, networkOutput != outputs {
      let found =
        networkOutput.count == 1
        ? "has \(networkOutput[0]) output\(networkOutput[0] == 1 ? "" : "s")" : "puts out the shape \(networkOutput)"
      throw StudyError(
        .mismatch,
        outputs.count == 1
          ? "The network \(found) and the targets (\(description.targets.rawValue)) need \(outputs[0]); "
            + (networkOutput.count == 1
              ? "set \(last) to \(outputs[0])" : "put a flatten layer before the first dense one")
            + ", or choose other targets." + Self.labelsFound(data)
          : "The network \(found), and a text needs \(outputs): one output for each of \(outputs[1]) characters at each of "
            + "\(outputs[0]) positions; set \(last) to \(outputs[1]).")
    }
    if case .crossEntropy? = study.optimizer?.loss, networkOutput == [1] {
      throw StudyError(
        .mismatch, "Cross-entropy needs one output for each class, and the network has 1; set \(last), or use mse.")
    }
    if let loss = study.optimizer?.loss, loss.needsSigns, [.oneHot, .centred].contains(description.targets) {
      throw StudyError(
        .mismatch,
        "The \(loss.name) needs targets of ±1, and data.targets is \(description.targets.rawValue); set it to "
          + "plus-minus-one, or use cross-entropy.")
    }
    self.study = study
    self.network = network
    self.data = data
    self.statistics = statistics
    self.label = label
    let resolved = ResolvedStudy(
      seed: study.seed, precision: study.precision,
      network: resolvedNetwork, initializationName: network.initialization.shortName, data: description,
      dataDigest: data.digest,
      optimizer: study.optimizer, ensemble: study.ensemble)
    self.resolved = resolved
    hash = try resolved.digest()
  }

  /// " The labels found are 0 (20 samples), 1 (19 samples), 7 (1 sample); …": a stray one asks for an output of its own.
  private static func labelsFound(_ data: DataSet<Double>) -> String {
    guard data.description.classes == nil, [.oneHot, .centred].contains(data.description.targets) else { return "" }
    let labels = (data.train.labels ?? []) + (data.test.labels ?? [])
    let counts = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
    let areAll = counts.count <= mostLabels
    let sorted = counts.sorted { areAll ? $0.key < $1.key : ($0.value, $0.key) < ($1.value, $1.key) }
    let list = sorted.prefix(mostLabels).map { "\($0.key) (\($0.value) sample\($0.value == 1 ? "" : "s"))" }
    let beginning = areAll ? "The labels found are" : "The rarest of \(counts.count) labels are"
    return " \(beginning) \(list.joined(separator: ", ")); data.classes takes some of them and leaves the others out."
  }

  /// As many as a sentence can list.
  private static let mostLabels = 10

  /// The same data, for another initialization and optimizer.
  func changed(
    to perceptron: PerceptronView, initializationName: String, optimizer: Optimizer, label: String
  ) throws -> LoadedStudy { try LoadedStudy(self, perceptron, initializationName, optimizer, label) }

  private init(
    _ loaded: LoadedStudy, _ perceptron: PerceptronView, _ initializationName: String, _ optimizer: Optimizer,
    _ label: String
  ) throws {
    var (study, network) = (loaded.study, loaded.network)
    network.initialization = .perLayer(perceptron.layers)
    study.network = network
    study.optimizer = optimizer
    var resolved = loaded.resolved.with(ResolvedNetwork(perceptron))
    resolved.initializationName = initializationName
    resolved.optimizer = optimizer
    self.study = study
    self.network = network
    self.resolved = resolved
    self.label = label
    data = loaded.data
    statistics = loaded.statistics
    hash = try resolved.digest()
  }

  /// Checks that drawn inputs fit into memory, which holds them as drawn and as chosen.
  private static func requireMemory(_ data: DataDescription) throws {
    guard case .synthetic(let synthetic) = data.source else { return }
    let bytes = 16 * Double(synthetic.samples) * Double(synthetic.features)
    let physical = Double(ProcessInfo.processInfo.physicalMemory)
    guard bytes <= physical else {
      throw StudyError(
        .tooLarge,
        "data.synthetic asks for \(synthetic.samples) samples of \(synthetic.features) features, "
          + "\(Int(bytes / 0x1p30)) GiB, and this machine has \(Int(physical / 0x1p30)) GiB; that is too much memory: ask for "
          + "fewer.")
    }
  }

  /// The first training inputs, which an ensemble follows through its networks: shape (N_D, n_0).
  public var probes: Matrix<Double> {
    data.train.inputs.selectingRows(Array(0..<min(resolved.ensemble.inputs, data.train.count)))
  }

  /// The study as Theory takes it.
  ///
  /// - Throws: `StudyError` when the network is not a multilayer perceptron.
  public func perceptronStudy() throws -> ResolvedStudy<PerceptronView> {
    resolved.with(try resolved.network.perceptronOrRefusal())
  }

  /// What theory says of it.
  ///
  /// - Throws: `StudyError`.
  public func forecast() throws -> Forecast {
    try forecast(with: study.optimizer)
  }

  /// What theory says of it with another optimizer.
  func forecast(with optimizer: Optimizer?) throws -> Forecast {
    if let refusal = coverage.refusal { throw refusal }
    if resolved.network.perceptron == nil, let residual = resolved.network.residual {
      return try ResidualForecast(self, residual).forecast()
    }
    var (study, resolved) = (self.study, try perceptronStudy())
    study.optimizer = optimizer
    resolved.optimizer = optimizer
    return try ForecastBuilder(
      study: study, initialization: network.initialization, resolved: resolved, inputs: statistics, data: data.train,
      label: label
    ).forecast()
  }
}

extension ResolvedNetwork {
  /// - Throws: `StudyError` that names the layer which is none of a perceptron's.
  func perceptronOrRefusal() throws -> PerceptronView {
    do {
      return try PerceptronView(self)
    } catch {
      throw StudyError.notAPerceptron(error)
    }
  }
}

extension ResolvedStudy where Network == ResolvedNetwork {
  /// The SHA-256 digest of the study with sorted keys and of the versions of all numerics.
  ///
  /// - Throws: `EncodingError`, when the study cannot be written as JSON.
  public func digest() throws -> String { try digest(numerics: NumericsVersions.all) }

  package func digest(numerics: [String: Int]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    return Digest(of: Array(try encoder.encode(Question(study: self, numerics: numerics)))).hexadecimal
  }
}

/// What decides a run's digits beside its description. A version rises whenever the same question gets other digits.
package enum NumericsVersions {
  /// Kernels at infinite width.
  static let kernels = 2
  /// Measurements of real networks.
  static let estimators = 3
  /// Training at infinite width.
  static let dynamics = 1

  package static let all = ["estimators": estimators, "gram-chain": GramChain.numericsVersion, "kernels": kernels]
}

/// What a hash is of.
private struct Question: Encodable {
  var study: ResolvedStudy<ResolvedNetwork>
  var numerics: [String: Int]
}
