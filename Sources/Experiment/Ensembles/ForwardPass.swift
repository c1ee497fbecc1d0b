import OrreryNetworks
import OrreryTensors

/// The memory of one thread, and the forward pass of one drawn network at a time.
///
/// Weights live for as long as the layer needs them, a tile of rows at a time that stays in the second-level cache; after
/// the first network nothing is allocated.
final class ForwardPass<Scalar: ExperimentScalar> {
  /// Weights in a tile, at least one row.
  private static var tile: Int { 1 << 15 }

  private let program: LayerProgram
  private let samples: Int
  private let seed: UInt64
  /// Shape (samples, features).
  private let inputs: AlignedStorage<Scalar>
  private let weights: AlignedStorage<Scalar>
  private let biases: AlignedStorage<Scalar>
  private var current: AlignedStorage<Scalar>
  private var next: AlignedStorage<Scalar>

  init(_ program: LayerProgram, inputs: Matrix<Double>, seed: UInt64) {
    self.program = program
    self.seed = seed
    samples = inputs.rows
    let width = program.largestWidth
    let converted = AlignedStorage<Scalar>(uninitializedCount: inputs.rows * inputs.columns)
    inputs.withUnsafeBuffer { source in
      for i in 0..<source.count { converted.elements[i] = Scalar(source[i]) }
    }
    self.inputs = converted
    weights = AlignedStorage(uninitializedCount: max(ForwardPass.tile, Self.widestRow(program)))
    biases = AlignedStorage(uninitializedCount: width)
    current = AlignedStorage(uninitializedCount: samples * width)
    next = AlignedStorage(uninitializedCount: samples * width)
  }

  private static func widestRow(_ program: LayerProgram) -> Int {
    program.steps.reduce(1) { most, step in
      if case .dense(_, let fanIn, let units, let initialization) = step {
        // An orthogonal matrix is drawn whole.
        max(most, initialization.weightDistribution == .orthogonal ? fanIn * units : fanIn)
      } else {
        most
      }
    }
  }

  /// The numbers that ``init(_:inputs:seed:)`` makes room for.
  static func numbers(_ program: LayerProgram, samples: Int) -> Double {
    let width = Double(program.largestWidth)
    return Double(max(tile, widestRow(program))) + width + Double(samples) * (2 * width + Double(program.inputs))
  }

  /// What a pass shows of a layer: the numbers, shape (samples, neurons), and n.
  typealias Observer = (_ layer: Int, _ values: UnsafePointer<Scalar>, _ width: Int) -> Void

  /// Draws network `member` and runs it on the inputs.
  ///
  /// - Parameters:
  ///   - preactivations: Called with z^(ℓ) for ℓ = 1 … L.
  ///   - activations: Called with σ(z^(ℓ)) for ℓ = 1 … L − 1.
  func run(member: Int, preactivations: Observer, activations: Observer) {
    var width = program.inputs
    var layer = 0
    var source = UnsafePointer(inputs.elements.baseAddress!)
    for step in program.steps {
      switch step {
      case .dense(let number, let fanIn, let units, let initialization):
        layer = number
        dense(source, number, fanIn, units, initialization, member)
        swap(&current, &next)
        width = units
        preactivations(layer, current.elements.baseAddress!, width)
      case .nonlinearity(let activation):
        let values = current.elements.baseAddress!
        if source == UnsafePointer(inputs.elements.baseAddress!) {
          values.update(from: source, count: samples * width)
        }
        Scalar.apply(activation, order: 0, to: values, into: values, count: samples * width)
        activations(layer, values, width)
      }
      source = UnsafePointer(current.elements.baseAddress!)
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
    let rows = isOrthogonal ? units : max(1, ForwardPass.tile / fanIn)
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
