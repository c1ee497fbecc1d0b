import OrreryNetworks
import OrreryTensors

/// The fast pass of perceptrons.
///
/// Weights live for as long as the layer needs them, a tile of rows at a time that stays in the second-level cache; after
/// the first network nothing is allocated.
final class PerceptronPass<Scalar: ExperimentScalar>: InitializationPass {
  /// Weights in a tile, at least one row.
  private static var tile: Int { 1 << 15 }

  private let network: PerceptronView
  private let samples: Int
  private let seed: UInt64
  /// Shape (samples, features).
  private let inputs: AlignedStorage<Scalar>
  private let weights: AlignedStorage<Scalar>
  private let biases: AlignedStorage<Scalar>
  private var current: AlignedStorage<Scalar>
  private var next: AlignedStorage<Scalar>

  /// - Parameter inputs: shape (samples, features).
  init(_ network: PerceptronView, inputs: Matrix<Double>, seed: UInt64) {
    self.network = network
    self.seed = seed
    samples = inputs.rows
    let width = Self.largestWidth(network)
    let converted = AlignedStorage<Scalar>(uninitializedCount: inputs.rows * inputs.columns)
    inputs.withUnsafeBuffer { source in
      for i in 0..<source.count { converted.elements[i] = Scalar(source[i]) }
    }
    self.inputs = converted
    weights = AlignedStorage(uninitializedCount: max(PerceptronPass.tile, Self.widestRow(network)))
    biases = AlignedStorage(uninitializedCount: width)
    current = AlignedStorage(uninitializedCount: samples * width)
    next = AlignedStorage(uninitializedCount: samples * width)
  }

  private static func largestWidth(_ network: PerceptronView) -> Int {
    max(network.inputs, network.architecture.layerWidths.max()!)
  }

  private static func widestRow(_ network: PerceptronView) -> Int {
    network.layers.indices.map { index in
      let fanIn = network.fanIns[index]
      // An orthogonal matrix is drawn whole.
      return network.layers[index].weightDistribution == .orthogonal
        ? fanIn * network.architecture.layerWidths[index] : fanIn
    }.max()!
  }

  /// The numbers that ``init(_:inputs:seed:)`` makes room for.
  static func numbers(_ network: PerceptronView, samples: Int) -> Double {
    let width = Double(largestWidth(network))
    return Double(max(tile, widestRow(network))) + width + Double(samples) * (2 * width + Double(network.inputs))
  }

  func run(member: Int, entering: Observer, leaving: Observer) {
    var source = UnsafePointer(inputs.elements.baseAddress!)
    var fanIn = network.inputs
    for (index, units) in network.architecture.layerWidths.enumerated() {
      let layer = index + 1
      if layer > 1 {
        let values = current.elements.baseAddress!
        Scalar.apply(network.architecture.activation, order: 0, to: values, into: values, count: samples * fanIn)
        entering(layer, values, fanIn)
        source = UnsafePointer(values)
      }
      dense(source, layer, fanIn, units, network.layers[index], member)
      swap(&current, &next)
      leaving(layer, current.elements.baseAddress!, units)
      fanIn = units
    }
  }

  /// next = source Wᵀ + b.
  private func dense(
    _ source: UnsafePointer<Scalar>, _ number: Int, _ fanIn: Int, _ units: Int, _ initialization: LayerInitialization,
    _ member: Int
  ) {
    let target = next.elements.baseAddress!
    let stream = RandomStream(seed: seed, purpose: .weights, member: member, layer: number)
    let isOrthogonal = initialization.weightDistribution == .orthogonal
    let rows = isOrthogonal ? units : max(1, PerceptronPass.tile / fanIn)
    var row = 0
    while row < units {
      let count = min(rows, units - row)
      let tile = UnsafeMutableBufferPointer(rebasing: weights.elements[..<(count * fanIn)])
      let variance = initialization.weightVariance / Double(fanIn)
      if isOrthogonal {
        ParameterDraws.fillOrthogonal(tile, stream, rows: units, variance: variance)
      } else {
        ParameterDraws.fill(
          tile, stream, from: row * fanIn, distribution: initialization.weightDistribution, variance: variance)
      }
      DenseProduct.multiply(
        source, transposed: false, stride: fanIn, UnsafePointer(tile.baseAddress!), transposed: true, stride: fanIn,
        into: target + row, stride: units, rows: samples, inner: fanIn, columns: count)
      row += count
    }
    guard initialization.biasVariance > 0 else { return }
    let bias = UnsafeMutableBufferPointer(rebasing: biases.elements[..<units])
    ParameterDraws.fill(
      bias, RandomStream(seed: seed, purpose: .biases, member: member, layer: number), from: 0,
      distribution: initialization.biasDistribution, variance: initialization.biasVariance)
    let start = bias.baseAddress!
    for sample in 0..<samples {
      let values = target + sample * units
      for i in 0..<units { values[i] += start[i] }
    }
  }
}
