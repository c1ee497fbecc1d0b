import CElementwise
import OrreryNetworks
import OrreryTensors

/// The chain in single precision, sixteen networks side by side: every operation is one vector instruction over networks.
///
/// Neurons pass in tiles that stay in the first-level cache from their normals to their share of the Gram matrix, so memory
/// traffic is none and the generator's speed is the limit. Kernels are sums in single precision, relative error about 1e-6:
/// inputs whose 1 − c² falls below 5e-7 in a layer count as coincident there (``SemidefiniteFactor/singleTolerance``), which
/// changes covariances with a third input by at most 7e-4. Where that matters, sample plainly.
final class GramChainLanesSampler: GramChainSampler {
  private static let lanes = Int(ORRERY_CHAIN_LANES)
  /// Numbers in a tile, at least one neuron: 16 KiB.
  private static let tile = 4096

  private let chain: GramChain
  private let seed: UInt64
  private let kernels: orrery_chain_kernels
  private let neuronsPerTile: Int
  private let firstFactor: AlignedStorage<Float>
  private let factor: AlignedStorage<Float>
  private let gram: AlignedStorage<Float>
  private let values: AlignedStorage<Float>
  private let biases: AlignedStorage<Float>

  init(_ chain: GramChain, seed: UInt64) {
    self.chain = chain
    self.seed = seed
    kernels = orrery_chain_kernels_in_use().pointee
    let lanes = GramChainLanesSampler.lanes
    let entries = KernelEntry.packedCount(chain.samples)
    neuronsPerTile = max(1, GramChainLanesSampler.tile / (chain.samples * lanes))
    firstFactor = AlignedStorage(uninitializedCount: entries * lanes)
    factor = AlignedStorage(uninitializedCount: entries * lanes)
    gram = AlignedStorage(uninitializedCount: entries * lanes)
    values = AlignedStorage(uninitializedCount: neuronsPerTile * chain.samples * lanes)
    biases = AlignedStorage(uninitializedCount: neuronsPerTile * lanes)
    // Layer 1 is the same in every network: factored once, in double precision.
    let first = SemidefiniteFactor.factor(chain.packedFirstGaussianKernel, samples: chain.samples)
    for (entry, value) in first.enumerated() {
      for lane in 0..<lanes { firstFactor.elements[entry * lanes + lane] = Float(value) }
    }
  }

  func sample(first: Int, count: Int, into chunk: GramChainChunk) {
    chunk.count = count
    for start in stride(from: 0, to: count, by: GramChainLanesSampler.lanes) {
      sampleGroup(first: first + start, at: start, into: chunk)
    }
  }

  /// Sixteen members from `first` on; those beyond the chunk's count are drawn and not looked at.
  private func sampleGroup(first: Int, at place: Int, into chunk: GramChainChunk) {
    let lanes = GramChainLanesSampler.lanes
    let samples = chain.samples
    let entries = KernelEntry.packedCount(samples)
    let activation = chain.network.architecture.activation
    let gram = gram.elements.baseAddress!
    let values = values.elements.baseAddress!
    var root = UnsafePointer(firstFactor.elements.baseAddress!)
    for (index, width) in chain.network.architecture.widths.enumerated() {
      let layer = index + 1
      let stream = RandomStream(seed: seed, purpose: .gramChain, member: first, layer: layer)
      gram.update(repeating: 0, count: entries * lanes)
      var neuron = 0
      while neuron < width {
        let neurons = min(neuronsPerTile, width - neuron)
        let numbers = neurons * samples
        stream.fillNormalLanes(from: neuron * samples, count: numbers, into: values)
        kernels.correlate(root, samples, neurons, values)
        if let law = chain.biasLaws[index] {
          addBiases(law, stream: (first, layer), from: neuron, count: neurons)
        }
        activation.apply(to: values, into: values, count: numbers * lanes)
        kernels.accumulate(values, samples, neurons, gram)
        neuron += neurons
      }
      let next = chain.network.layers[layer]
      let drawn = chain.biasLaws[layer]?.variance ?? 0
      kernels.rescale(Float(next.weightVariance / Double(width)), Float(next.biasVariance - drawn), samples, gram)
      let target = chunk.kernels(layer: layer + 1) + place
      for entry in 0..<entries {
        for lane in 0..<lanes {
          target[entry &* GramChainChunk.capacity &+ lane] = Double(gram[entry &* lanes &+ lane]) + drawn
        }
      }
      if layer + 1 < chain.layerCount {
        kernels.factorize(gram, samples, SemidefiniteFactor.singleTolerance, factor.elements.baseAddress!)
        root = UnsafePointer(factor.elements.baseAddress!)
      }
    }
  }

  /// One bias for each neuron and network, the same on all inputs.
  private func addBiases(_ law: BiasLaw, stream: (member: Int, layer: Int), from neuron: Int, count: Int) {
    let lanes = GramChainLanesSampler.lanes
    let biases = biases.elements.baseAddress!
    BiasLaw.stream(seed: seed, member: stream.member, layer: stream.layer)
      .fillNormalLanes(from: neuron, count: count, into: biases)
    law.replaceNormals(biases, count: count * lanes)
    let values = values.elements.baseAddress!
    for neuron in 0..<count {
      for sample in 0..<chain.samples {
        let row = values + (neuron &* chain.samples &+ sample) &* lanes
        for lane in 0..<lanes { row[lane] += biases[neuron &* lanes &+ lane] }
      }
    }
  }
}
