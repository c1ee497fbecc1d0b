import OrreryNetworks
import OrreryTensors

/// NNGP and neural tangent kernels of any network whose layers have kernels (`KernelPropagating`), on data, in Double.
///
/// ```swift
/// let kernels = try NetworkKernels(network, images)                       // (samples, features)
/// let (nngp, ntk) = try kernels.tile(rows: 0..<64, columns: 0..<64)       // (rows, columns)
/// ```
///
/// Pairs go one by one through one layer after the other, on all threads; perceptrons have a path some hundred times as fast,
/// ``InfiniteWidthKernels``. Source, domain and errors of each map: `KernelPropagating` and its layers.
public struct NetworkKernels: Sendable {
  public let network: ResolvedNetwork
  /// Whether to compute the tangent kernel too.
  public let tangents: Bool
  let x: Matrix<Double>
  let x2: Matrix<Double>
  /// Whether rows and columns are the same samples.
  public let isSymmetric: Bool
  /// Whether a layer needs all samples at once.
  private let mixesSamples: Bool

  /// The samples of one block of a tile.
  private static let blockRows = 32

  /// - Parameters:
  ///   - network: one whose outputs have no positions.
  ///   - x: (samples, features), the rows of the kernels.
  ///   - x2: (samples, features), the columns; `x` when nil.
  ///   - tangents: false leaves out the neural tangent kernel.
  /// - Throws: ``InfiniteWidthError`` naming the layer that has no kernel, or data that do not fit or are not finite.
  public init(
    _ network: ResolvedNetwork, _ x: Matrix<Double>, _ x2: Matrix<Double>? = nil, tangents: Bool = true
  ) throws {
    self.network = network
    self.tangents = tangents
    self.x = x
    self.x2 = x2 ?? x
    isSymmetric = x2 == nil
    let shape = try network.outputShape()
    guard shape.count == 1 else { throw InfiniteWidthError.positionsAtOutput(shape) }
    mixesSamples = network.architecture.layers.contains {
      ($0.description as? any KernelPropagating)?.mixesSamples ?? false
    }
    for (matrix, name) in [(x, x2 == nil ? "the data" : "the first data")]
      + (x2.map { [($0, "the second data")] } ?? [])
    {
      guard matrix.columns == network.inputs else {
        throw InfiniteWidthError.wrongFeatureCount(expected: network.inputs, found: matrix.columns, matrix: name)
      }
      for row in 0..<matrix.rows {
        if let column = matrix.row(row).firstIndex(where: { !$0.isFinite }) {
          throw InfiniteWidthError.inputNotFinite(row: row, column: column, matrix: name)
        }
      }
    }
    // Layers speak before any work is done: one sample costs next to nothing.
    if x.rows > 0 {
      _ = try KernelState(network, rows: x.selectingRows([0]), tangents: tangents)
    }
  }

  /// The number of row samples.
  public var rows: Int { x.rows }
  /// The number of column samples.
  public var columns: Int { x2.rows }

  /// A part of the kernels: shape (rows.count, columns.count).
  ///
  /// - Throws: ``InfiniteWidthError`` when a kernel overflows, or a layer needs all samples at once.
  /// - Precondition: the ranges lie within the data.
  public func tile(rows: Range<Int>, columns: Range<Int>) throws -> (nngp: Matrix<Double>, ntk: Matrix<Double>?) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= self.rows, "Rows \(rows) are outside 0..<\(self.rows).")
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= self.columns,
      "Columns \(columns) are outside 0..<\(self.columns).")
    // The batch of a layer that mixes samples is all of them.
    let whole = isSymmetric && rows == columns && (mixesSamples ? rows == 0..<self.rows : rows.count <= Self.blockRows)
    let step = whole || mixesSamples ? max(rows.count, 1) : Self.blockRows
    let starts = Array(stride(from: rows.lowerBound, to: rows.upperBound, by: step))
    let other = x2.selectingRows(Array(columns))
    let blocks = Parallel.map(starts.count) { index -> Result<KernelState, any Error> in
      Result {
        let block = x.selectingRows(Array(starts[index]..<min(starts[index] + step, rows.upperBound)))
        return try KernelState(network, rows: block, columns: whole ? nil : other, tangents: tangents)
      }
    }
    let states = try blocks.map { try $0.get() }
    func matrix(_ elements: [Double]) -> Matrix<Double> {
      Matrix(rows: rows.count, columns: columns.count, elements: elements)
    }
    return (matrix(states.flatMap(\.kernel)), tangents ? matrix(states.flatMap { $0.tangents ?? [] }) : nil)
  }
}
