import OrreryAnalysis

/// The kernels of one signal in a network at infinite width, for a tile of sample pairs: what layers pass on.
///
/// A signal is what stands between two layers: the input, preactivations z or activations σ(z). The state holds the
/// signal's second moments as (k₁₁, k₂₂, 1 − c), and the tangent kernel Θ of all parameters before it.
///
/// Layout, all in Double and row-major: `rowVariances` (rows, P) and `columnVariances` (columns, P) with P positions;
/// `oneMinusCorrelations` and `tangents` (rows, columns, Q) with Q pairs of positions: 1 without positions, P on the
/// diagonal, P² for all.
public struct KernelState: Sendable {
  /// Which pairs of positions (pixels, tokens) a state holds.
  public enum Positions: Hashable, Sendable {
    /// Signals without positions: a multilayer perceptron.
    case none
    /// Pairs (p, p) only: enough for a convolution whose readout flattens.
    case diagonal(Int)
    /// All pairs (p, p′): pooling and attention.
    case all(Int)

    /// P.
    public var count: Int {
      switch self {
      case .none: 1
      case .diagonal(let count), .all(let count): count
      }
    }
    /// Q.
    public var pairCount: Int { if case .all(let count) = self { count * count } else { count } }
    /// The two positions of pair `index`.
    @inlinable public func positions(ofPair index: Int) -> (Int, Int) {
      if case .all(let count) = self { (index / count, index % count) } else { (index, index) }
    }
  }

  public let rows: Int
  public let columns: Int
  public var positions: Positions
  public var rowVariances: [Double]
  public var columnVariances: [Double]
  public var oneMinusCorrelations: [Double]
  /// Θ; nil when only the NNGP kernel is asked for.
  public var tangents: [Double]?
  /// ⟨signal⟩ for each row sample and position, where it is not 0: after an activation.
  public var rowMeans: [Double]?
  public var columnMeans: [Double]?

  public init(
    rows: Int, columns: Int, positions: Positions = .none, rowVariances: [Double], columnVariances: [Double],
    oneMinusCorrelations: [Double], tangents: [Double]?
  ) {
    precondition(rowVariances.count == rows * positions.count, "One variance for each row and position.")
    precondition(columnVariances.count == columns * positions.count, "One variance for each column and position.")
    precondition(oneMinusCorrelations.count == rows * columns * positions.pairCount, "One 1 − c for each pair.")
    self.rows = rows
    self.columns = columns
    self.positions = positions
    self.rowVariances = rowVariances
    self.columnVariances = columnVariances
    self.oneMinusCorrelations = oneMinusCorrelations
    self.tangents = tangents
  }

  /// √(k₁₁k₂₂) c for every pair, shape (rows, columns, Q).
  public var kernel: [Double] {
    var values = oneMinusCorrelations
    forEachPair { index, row, column in
      values[index] = rowVariances[row].squareRoot() * columnVariances[column].squareRoot() * (1 - values[index])
    }
    return values
  }

  /// Calls `body` with a pair's place and the places of its two variances.
  func forEachPair(_ body: (_ pair: Int, _ row: Int, _ column: Int) -> Void) {
    let (count, pairCount) = (positions.count, positions.pairCount)
    for row in 0..<rows {
      for column in 0..<columns {
        for index in 0..<pairCount {
          let (p, q) = positions.positions(ofPair: index)
          body((row * columns + column) * pairCount + index, row * count + p, column * count + q)
        }
      }
    }
  }
}
