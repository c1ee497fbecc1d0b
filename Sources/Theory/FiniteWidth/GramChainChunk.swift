import CElementwise
import OrreryAnalysis
import OrreryTensors

/// The kernels of up to `capacity` sampled networks, layer by layer, and the moments of them.
///
/// Layout: (layer from 2 on, packed entry, network), so that the numbers of one entry are side by side.
final class GramChainChunk {
  static let capacity = 128

  let entries: Int
  /// The number of networks in it.
  var count = 0
  let storage: AlignedStorage<Double>
  private let deviations: AlignedStorage<Double>
  /// Of all pairs of entries: only where covariances are wanted, as 500 inputs have 1.6e10 of them.
  private let products: AlignedStorage<Double>?

  init(samples: Int, layers: Int, withCovariance: Bool) {
    entries = KernelEntry.packedCount(samples)
    storage = AlignedStorage(uninitializedCount: max(0, layers - 1) * entries * GramChainChunk.capacity)
    deviations = AlignedStorage(uninitializedCount: entries * GramChainChunk.capacity)
    products = withCovariance ? AlignedStorage(uninitializedCount: entries * entries) : nil
    storage.elements.initialize(repeating: 0)
  }

  /// The numbers of entry 0 of a layer; those of entry e follow after e · capacity.
  @inline(__always)
  func kernels(layer: Int) -> UnsafeMutablePointer<Double> {
    storage.elements.baseAddress! + (layer - 2) * entries * GramChainChunk.capacity
  }

  /// How many networks have a kernel that is not finite in this layer.
  func nonFiniteNetworks(layer: Int) -> Int {
    let values = kernels(layer: layer)
    return (0..<count).count { network in
      !(0..<entries).allSatisfy { values[$0 * GramChainChunk.capacity + network].isFinite }
    }
  }

  /// The moments of a layer's entries over the networks of the chunk, with covariances where it was made for them.
  func moments(layer: Int) -> GramChainMoments {
    let values = kernels(layer: layer)
    let kernel = orrery_chain_kernels_in_use().pointee.moments!
    let capacity = GramChainChunk.capacity
    let centred = deviations.elements.baseAddress!
    let moments = withUnsafeTemporaryAllocation(of: Double.self, capacity: 4) { four in
      (0..<entries).map { e in
        kernel(values + e * capacity, count, centred + e * capacity, four.baseAddress!)
        return StreamingMoments(
          count: count, mean: four[0], centralSum2: four[1], centralSum3: four[2], centralSum4: four[3])
      }
    }
    guard let products else { return GramChainMoments(entries: moments, covariance: nil) }
    let target = products.elements.baseAddress!
    DenseProduct.multiply(
      centred, transposed: false, stride: capacity, centred, transposed: true, stride: capacity, into: target,
      stride: entries,
      rows: entries, inner: count, columns: entries)
    let covariance = StreamingCovariance(
      count: count, means: moments.map(\.mean), centralSums: Array(products.elements))
    return GramChainMoments(entries: moments, covariance: covariance)
  }
}
