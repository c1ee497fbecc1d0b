/// How many networks an experiment draws, and on which inputs.
public struct EnsembleDescription: Hashable, Codable, Sendable {
  /// Real networks at initialization, with real weights.
  public var networks: Int
  /// Networks sampled by the exact Gram-matrix chain, for the figures against width.
  public var chainNetworks: Int
  /// How many inputs are followed through the networks, N_D.
  public var inputs: Int
  /// The hidden widths of the figures against width.
  public var widths: [Int]
  /// Real networks that are trained; nil stands for as many as ``networks``, 200 at most.
  public var trained: Int?

  public init(
    networks: Int = 1000, chainNetworks: Int = 200_000, inputs: Int = 4, widths: [Int] = [8, 16, 32, 64, 128],
    trained: Int? = nil
  ) {
    self.networks = networks
    self.chainNetworks = chainNetworks
    self.inputs = inputs
    self.widths = widths
    self.trained = trained
  }

  /// How many real networks are trained.
  public var trainedNetworks: Int { trained ?? min(networks, 200) }
}

/// A whole study as a description holds it. A command needs only the parts that it uses.
public struct Study: Hashable, Codable, Sendable {
  /// The version of the description's grammar.
  public static let grammarVersion = 1

  public var seed: UInt64
  public var precision: Precision
  public var network: Network?
  public var data: DataDescription?
  public var optimizer: Optimizer?
  public var ensemble: EnsembleDescription

  public init(
    seed: UInt64 = 0, precision: Precision = .float32, network: Network? = nil, data: DataDescription? = nil,
    optimizer: Optimizer? = nil, ensemble: EnsembleDescription = EnsembleDescription()
  ) {
    self.seed = seed
    self.precision = precision
    self.network = network
    self.data = data
    self.optimizer = optimizer
    self.ensemble = ensemble
  }
}

/// A study in which every `critical` and `auto` has become a number: what Theory forecasts, of a ``PerceptronView``,
/// and Experiment measures, of any ``ResolvedNetwork``.
public struct ResolvedStudy<Network: Hashable & Codable & Sendable>: Hashable, Codable, Sendable {
  public var seed: UInt64
  public var precision: Precision
  public var network: Network
  /// What the initialization is called: "critical", "pytorch-linear", "C_W = 1.3, C_b = 0.1".
  public var initializationName: String
  public var data: DataDescription
  /// The SHA-256 digest of the data as it was used, in hexadecimal.
  public var dataDigest: String
  public var optimizer: Optimizer?
  public var ensemble: EnsembleDescription

  public init(
    seed: UInt64, precision: Precision, network: Network, initializationName: String, data: DataDescription,
    dataDigest: String, optimizer: Optimizer?, ensemble: EnsembleDescription
  ) {
    self.seed = seed
    self.precision = precision
    self.network = network
    self.initializationName = initializationName
    self.data = data
    self.dataDigest = dataDigest
    self.optimizer = optimizer
    self.ensemble = ensemble
  }
}

extension ResolvedStudy {
  /// The same study of a network seen otherwise.
  public func with<Other>(_ network: Other) -> ResolvedStudy<Other> {
    ResolvedStudy<Other>(
      seed: seed, precision: precision, network: network, initializationName: initializationName, data: data,
      dataDigest: dataDigest, optimizer: optimizer, ensemble: ensemble)
  }
}
