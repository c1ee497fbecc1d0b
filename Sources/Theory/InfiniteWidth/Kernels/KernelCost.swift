import OrreryNetworks
import OrreryTensors

/// What kernels of data will take, known before any work.
public struct KernelCost: Hashable, Codable, Sendable {
  /// Pairs of samples to compute: half of a symmetric kernel.
  public var pairs: Int
  /// Multiply-adds of the input layer's matrix products.
  public var multiplyAdds: Double
  /// Activation-and-layer steps of pairs.
  public var steps: Double
  /// Bytes of the kernels themselves.
  public var outputBytes: Int
  /// Bytes of tables and blocks beside data and kernels.
  public var workingBytes: Int
  /// A rule of thumb for the wall time in seconds, good to a factor of two or so: from rates of one AVX2 core.
  public var seconds: Double
}

extension InfiniteWidthKernels {
  /// What kernels of so many samples will take.
  ///
  /// - Parameters:
  ///   - rows: row samples.
  ///   - columns: column samples; nil for the symmetric kernel of the rows.
  ///   - scalar: `Float.self` or `Double.self`.
  public func cost<Scalar: DualKernelScalar>(rows: Int, columns: Int? = nil, of scalar: Scalar.Type) -> KernelCost {
    let pairs = columns.map { rows * $0 } ?? rows * (rows + 1) / 2
    let size = MemoryLayout<Scalar>.size
    let samples = rows + (columns ?? 0)
    let layers = scales.count
    let steps = Double(pairs) * Double(layers - 1)
    // Coefficients that a series keeps, for variances of order 1 to 10.
    var terms = 0
    var nanoseconds = size == 4 ? 1.5 : 3.0
    switch plan.fused {
    case .closedForm: break
    case .series(let isOdd):
      terms = network.architecture.activation.function.polynomialCoefficients?.count ?? (isOdd ? 80 : 160)
      nanoseconds += Double(terms) * (size == 4 ? 0.06 : 0.12)
    case .plain: nanoseconds = 3e6
    }
    let multiplyAdds = Double(pairs) * Double(network.inputs)
    let kernels = tangents ? 2 : 1
    let outputBytes = rows * (columns ?? rows) * size * kernels
    let block = KernelBlock<Scalar>.size * KernelBlock<Scalar>.size * size * kernels
    let perSample = layers * (SampleTable<Scalar>.featureCount * size + 8) + (layers - 1) * terms * size
    // Projections of one layer are in Double while they are made.
    let projection = terms > 0 ? 16 * terms : 0
    let packed = (columns ?? rows) * network.inputs * size
    let seconds =
      (multiplyAdds / (size == 4 ? 45e9 : 22e9) + steps * nanoseconds * 1e-9 + Double(outputBytes) * 0.5e-9)
      / Double(Parallel.threads)
    return KernelCost(
      pairs: pairs, multiplyAdds: multiplyAdds, steps: steps, outputBytes: outputBytes,
      workingBytes: samples * (perSample + projection + 64) + packed + Parallel.threads * block, seconds: seconds)
  }
}
