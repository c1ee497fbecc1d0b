import OrreryNetworks
import OrreryTensors

/// Kernels of given data, ready to be computed whole or by tiles: see ``InfiniteWidthKernels``.
///
/// For kernels larger than memory, ask for tiles and write each as it comes:
///
/// ```swift
/// let kernels = try InfiniteWidthKernels(network, tangents: false).prepare(images)   // 20 000 × 784, Float
/// for rows in bands { try writer.write(kernels.tile(rows: rows, columns: 0..<20_000).nngp) }
/// ```
public struct PreparedKernels<Scalar: DualKernelScalar>: Sendable {
  let plan: KernelPlan
  let tangents: Bool
  let x: Matrix<Scalar>
  let x2: Matrix<Scalar>
  /// The column samples as the right operand of inner products.
  let packed: PackedRows<Scalar>
  let rowTable: SampleTable<Scalar>
  let columnTable: SampleTable<Scalar>
  /// Whether rows and columns are the same samples.
  public let isSymmetric: Bool

  /// The number of row samples.
  public var rows: Int { x.rows }
  /// The number of column samples.
  public var columns: Int { x2.rows }

  init(_ kernels: InfiniteWidthKernels, _ x: Matrix<Scalar>, _ x2: Matrix<Scalar>?) throws {
    plan = kernels.plan
    tangents = kernels.tangents
    self.x = x
    self.x2 = x2 ?? x
    packed = PackedRows(self.x2)
    isSymmetric = x2 == nil
    func table(_ matrix: Matrix<Scalar>, _ name: String) throws -> SampleTable<Scalar> {
      guard matrix.columns == kernels.network.inputs else {
        throw InfiniteWidthError.wrongFeatureCount(
          expected: kernels.network.inputs, found: matrix.columns, matrix: name)
      }
      return try SampleTable(
        kernels.plan, squaredNorms: Self.squaredNorms(matrix, name), features: matrix.columns,
        tangents: kernels.tangents)
    }
    rowTable = try table(x, x2 == nil ? "the data" : "the first data")
    columnTable = try x2.map { try table($0, "the second data") } ?? rowTable
  }

  /// K^(L)_ii of the row samples, in Double.
  public var rowVariances: [Double] { rowTable.variances.last! }

  /// The whole kernels, shape (rows, columns); `ntk` is nil when it was not asked for.
  public func matrices() -> (nngp: Matrix<Scalar>, ntk: Matrix<Scalar>?) { tile(rows: 0..<rows, columns: 0..<columns) }

  /// A part of the kernels: shape (rows.count, columns.count). Works on all threads; equal ranges use the symmetry.
  ///
  /// - Precondition: the ranges lie within the data.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func tile(rows: Range<Int>, columns: Range<Int>) -> (nngp: Matrix<Scalar>, ntk: Matrix<Scalar>?) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= self.rows, "Rows \(rows) are outside 0..<\(self.rows).")
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= self.columns,
      "Columns \(columns) are outside 0..<\(self.columns).")
    let nngp = Matrix<Scalar>(rows: rows.count, columns: columns.count) { _ in }
    let ntk = tangents ? Matrix<Scalar>(rows: rows.count, columns: columns.count) { _ in } : nil
    nngp.withUnsafeBuffer { kernel in
      (ntk ?? nngp).withUnsafeBuffer { tangent in
        // Freshly made and not shared: each block writes its own elements.
        let target = KernelTarget(
          kernel: UnsafeMutablePointer(mutating: kernel.baseAddress!),
          tangent: tangents ? UnsafeMutablePointer(mutating: tangent.baseAddress!) : nil, stride: columns.count)
        fill(target, rows, columns)
      }
    }
    return (nngp, ntk)
  }

  /// Blocks of pairs that stay in cache through all layers, in parallel.
  private func fill(_ target: KernelTarget<Scalar>, _ rows: Range<Int>, _ columns: Range<Int>) {
    let size = KernelBlock<Scalar>.size
    let useSymmetry = isSymmetric && rows == columns
    var blocks: [(Range<Int>, Range<Int>)] = []
    for row in stride(from: rows.lowerBound, to: rows.upperBound, by: size) {
      let start = useSymmetry ? row : columns.lowerBound
      for column in stride(from: start, to: columns.upperBound, by: size) {
        blocks.append(
          (row..<min(row + size, rows.upperBound), column..<min(column + size, columns.upperBound)))
      }
    }
    let origin = (rows.lowerBound, columns.lowerBound)
    let all = blocks
    Parallel.forEach(all.count) { index in
      let block = KernelBlock(self, rows: all[index].0, columns: all[index].1, isSymmetric: useSymmetry)
      block.compute()
      block.write(to: target, origin: origin)
    }
  }

  private static func squaredNorms(_ matrix: Matrix<Scalar>, _ name: String) throws -> [Double] {
    let features = matrix.columns
    let norms = matrix.withUnsafeBuffer { buffer in
      guard matrix.rows > 0 else { return [Double]() }
      // Read by all threads, written by none.
      nonisolated(unsafe) let start = buffer.baseAddress!
      return Parallel.map(matrix.rows) { InputCorrelation.squaredNorm(start + $0 * features, count: features) }
    }
    if let row = norms.firstIndex(where: { !$0.isFinite }) {
      guard let column = (0..<features).first(where: { !matrix[row, $0].isFinite }) else {
        throw InfiniteWidthError.inputTooLarge(row: row, matrix: name, precision: Double.precisionName)
      }
      throw InfiniteWidthError.inputNotFinite(row: row, column: column, matrix: name)
    }
    return norms
  }
}

/// Where blocks write: two arrays of one stride.
struct KernelTarget<Scalar: DualKernelScalar>: @unchecked Sendable {
  let kernel: UnsafeMutablePointer<Scalar>
  let tangent: UnsafeMutablePointer<Scalar>?
  let stride: Int
}
