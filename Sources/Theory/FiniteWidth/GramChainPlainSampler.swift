import OrreryNetworks
import OrreryTensors

/// The chain as it is written down: one network at a time, in double precision. The twin that the fast one is tested
/// against, and the way out when single precision is too narrow.
final class GramChainPlainSampler: GramChainSampler {
  private let chain: GramChain
  private let seed: UInt64
  private var normals: [Double]
  private var values: [Double]

  init(_ chain: GramChain, seed: UInt64) {
    self.chain = chain
    self.seed = seed
    let largest = (chain.network.architecture.widths.max() ?? 0) * chain.samples
    normals = Array(repeating: 0, count: largest)
    values = normals
  }

  func sample(first: Int, count: Int, into chunk: GramChainChunk) {
    chunk.count = count
    for place in 0..<count { sample(member: first + place, at: place, into: chunk) }
  }

  private func sample(member: Int, at place: Int, into chunk: GramChainChunk) {
    let network = chain.network
    let samples = chain.samples
    // The covariance of the Gaussian part: without the biases that are drawn on their own.
    var gram = chain.packedFirstGaussianKernel
    for (index, width) in network.architecture.widths.enumerated() {
      let layer = index + 1
      let factor = SemidefiniteFactor.factor(gram, samples: samples)
      let stream = RandomStream(seed: seed, purpose: .gramChain, member: member, layer: layer)
      normals.withUnsafeMutableBufferPointer {
        stream.fillNormals(UnsafeMutableBufferPointer(rebasing: $0[..<(width * samples)]))
      }
      let biases = chain.biasLaws[index].map { law in
        BiasLaw.stream(seed: seed, member: member, layer: layer).normals(count: width).map(law.bias(atNormal:))
      }
      for neuron in 0..<width {
        for i in 0..<samples {
          let row = i * (i + 1) / 2
          var z = biases?[neuron] ?? 0
          for k in 0...i { z += factor[row + k] * normals[neuron * samples + k] }
          values[neuron * samples + i] = z
        }
      }
      values.withUnsafeMutableBufferPointer {
        network.architecture.activation.apply(to: $0.baseAddress!, into: $0.baseAddress!, count: width * samples)
      }
      let next = network.layers[layer]
      let drawn = chain.biasLaws[layer]?.variance ?? 0
      let kernels = chunk.kernels(layer: layer + 1)
      for i in 0..<samples {
        for j in 0...i {
          var sum = 0.0
          for neuron in 0..<width { sum += values[neuron * samples + i] * values[neuron * samples + j] }
          let entry = i * (i + 1) / 2 + j
          gram[entry] = next.biasVariance - drawn + next.weightVariance / Double(width) * sum
          kernels[entry * GramChainChunk.capacity + place] = gram[entry] + drawn
        }
      }
    }
  }
}
