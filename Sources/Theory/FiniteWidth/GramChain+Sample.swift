import OrreryAnalysis
import OrreryTensors

/// How a chain is sampled.
public struct GramChainOptions: Hashable, Sendable {
  /// Which implementation draws the networks.
  public enum Method: String, Hashable, Codable, Sendable, CaseIterable {
    /// Sixteen networks at a time, in single precision.
    case lanes
    /// One network at a time, in double precision.
    case plain
  }

  public var method: Method
  /// The number of the first network: ensembles with disjoint ranges of members are independent.
  public var firstMember: Int
  /// The kernel entries of which every network's value is kept, for quantiles, histograms and traces.
  public var tracked: [KernelEntry]
  /// Whether to estimate the covariance of all pairs of a layer's entries; nil means for up to 8 inputs.
  public var covariances: Bool?

  public init(
    method: Method = .lanes, firstMember: Int = 0, tracked: [KernelEntry] = [], covariances: Bool? = nil
  ) {
    self.method = method
    self.firstMember = firstMember
    self.tracked = tracked
    self.covariances = covariances
  }
}

extension GramChain {
  /// Samples networks and keeps the statistics of every layer's kernel.
  ///
  /// The result is bit-identical for any number of threads: blocks of members are fixed by `networks` alone and joined in
  /// order. Memory: 8 bytes per network and tracked entry; the rest does not grow with the number of networks.
  ///
  /// - Parameter isCancelled: asked before each block of networks, from any thread; true ends the run with an error.
  /// - Throws: ``GramChainError`` when there are too few networks, a tracked entry does not exist, a kernel overflows, or
  ///   the run is cancelled.
  public func sample(
    networks: Int, seed: UInt64, options: GramChainOptions = GramChainOptions(),
    isCancelled: @Sendable () -> Bool = { false }
  ) throws -> GramChainEnsemble {
    guard networks >= 2 else { throw GramChainError.tooFewNetworks(networks) }
    for entry in options.tracked
    where !(1...layerCount).contains(entry.layer) || entry.column < 0 || entry.row >= samples {
      throw GramChainError.entryOutOfRange(entry, layers: layerCount, samples: samples)
    }
    let withCovariance = options.covariances ?? (samples <= 8)
    let run = GramChainRun(
      chain: self, networks: networks, seed: seed, options: options, withCovariance: withCovariance)
    let blocks = try Parallel.map(run.blockCount) { isCancelled() ? nil : run.block($0) }.map {
      guard let block = $0 else { throw GramChainError.cancelled(networks: networks) }
      return block
    }

    let entries = KernelEntry.packedCount(samples)
    var layers = [GramChainMoments(constant: packedFirstKernel, count: networks, withCovariance: withCovariance)]
    layers += Array(
      repeating: GramChainMoments(entries: entries, withCovariance: withCovariance), count: layerCount - 1)
    var nonFinite = Array(repeating: 0, count: layerCount)
    for block in blocks {
      for layer in 1..<max(1, layerCount) {
        layers[layer].merge(block.layers[layer - 1])
        nonFinite[layer] += block.nonFinite[layer - 1]
      }
    }
    if let index = nonFinite.firstIndex(where: { $0 > 0 }) {
      let precision = options.method == .lanes ? Float.precisionName : Double.precisionName
      throw GramChainError.overflow(layer: index + 1, networks: nonFinite[index], precision: precision)
    }
    return GramChainEnsemble(
      chain: self, networks: networks, seed: seed,
      coincidence: options.method == .lanes ? Double(SemidefiniteFactor.singleTolerance) : SemidefiniteFactor.tolerance,
      moments: layers, tracked: options.tracked, traces: run.traces)
  }
}

/// One run: what is shared by the threads. Each block of members writes its own part of the traces.
private struct GramChainRun: @unchecked Sendable {
  let chain: GramChain
  let networks: Int
  let seed: UInt64
  let options: GramChainOptions
  let withCovariance: Bool
  /// Shape (tracked entries, networks).
  let traces: AlignedStorage<Double>

  init(chain: GramChain, networks: Int, seed: UInt64, options: GramChainOptions, withCovariance: Bool) {
    self.chain = chain
    self.networks = networks
    self.seed = seed
    self.options = options
    self.withCovariance = withCovariance
    traces = AlignedStorage(uninitializedCount: options.tracked.count * networks)
    for (place, entry) in options.tracked.enumerated() where entry.layer == 1 {
      let start = traces.elements.baseAddress! + place * networks
      start.update(repeating: chain.firstKernel[entry.row, entry.column], count: networks)
    }
  }

  /// Chunks of one block: as many as leave some 100 blocks to balance over threads.
  private var chunksPerBlock: Int { max(1, (networks / GramChainChunk.capacity) / 96) }
  private var blockSize: Int { chunksPerBlock * GramChainChunk.capacity }
  var blockCount: Int { chain.layerCount == 1 ? 0 : (networks + blockSize - 1) / blockSize }

  struct Block: Sendable {
    var layers: [GramChainMoments]
    var nonFinite: [Int]
  }

  func block(_ index: Int) -> Block {
    let layerCount = chain.layerCount
    let chunk = GramChainChunk(samples: chain.samples, layers: layerCount, withCovariance: withCovariance)
    let sampler: any GramChainSampler =
      switch options.method {
      case .lanes: GramChainLanesSampler(chain, seed: seed)
      case .plain: GramChainPlainSampler(chain, seed: seed)
      }
    let empty = GramChainMoments(entries: KernelEntry.packedCount(chain.samples), withCovariance: withCovariance)
    var block = Block(
      layers: Array(repeating: empty, count: layerCount - 1), nonFinite: Array(repeating: 0, count: layerCount - 1))
    let end = min(networks, (index + 1) * blockSize)
    for start in stride(from: index * blockSize, to: end, by: GramChainChunk.capacity) {
      let count = min(GramChainChunk.capacity, end - start)
      sampler.sample(first: options.firstMember + start, count: count, into: chunk)
      for layer in 2...layerCount {
        let moments = chunk.moments(layer: layer)
        block.layers[layer - 2].merge(moments)
        // A value that is not finite makes the sum of squares not finite.
        if !moments.entries.allSatisfy(\.centralSum2.isFinite) {
          block.nonFinite[layer - 2] += max(1, chunk.nonFiniteNetworks(layer: layer))
        }
      }
      for (place, entry) in options.tracked.enumerated() where entry.layer > 1 {
        let source = chunk.kernels(layer: entry.layer) + entry.packedIndex * GramChainChunk.capacity
        (traces.elements.baseAddress! + place * networks + start).update(from: source, count: count)
      }
    }
    return block
  }
}
