import CElementwise
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
  private let products: AlignedStorage<Double>

  init(samples: Int, layers: Int) {
    entries = KernelEntry.packedCount(samples)
    storage = AlignedStorage(uninitializedCount: max(0, layers - 1) * entries * GramChainChunk.capacity)
    deviations = AlignedStorage(uninitializedCount: entries * GramChainChunk.capacity)
    products = AlignedStorage(uninitializedCount: entries * entries)
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

  /// The moments of a layer's entries over the networks of the chunk.
  func moments(layer: Int, withProducts: Bool) -> GramChainMoments {
    let values = kernels(layer: layer)
    let kernel = orrery_chain_kernels_in_use().pointee.moments!
    let capacity = GramChainChunk.capacity
    let centred = deviations.elements.baseAddress!
    var mean = [Double](repeating: 0, count: entries)
    var squares = mean
    var cubes = mean
    var fourths = mean
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 4) { four in
      for e in 0..<entries {
        kernel(values + e * capacity, count, centred + e * capacity, four.baseAddress!)
        mean[e] = four[0]
        squares[e] = four[1]
        cubes[e] = four[2]
        fourths[e] = four[3]
      }
    }
    var crossed: [Double] = []
    if withProducts {
      let target = products.elements.baseAddress!
      BLAS.multiply(
        centred, stride: capacity, centred, transposed: true, stride: capacity, into: target, stride: entries,
        rows: entries, inner: count, columns: entries)
      crossed = Array(products.elements)
    }
    return GramChainMoments(
      count: count, mean: mean, squares: squares, cubes: cubes, fourths: fourths, products: crossed)
  }
}
