import OrreryAnalysis

/// The kernels of one signal in a network at infinite width, for a tile of sample pairs: what layers pass on.
///
/// A signal is what stands between two layers: the input, preactivations z or activations σ(z). The state holds its second moments per
/// channel, K = ⟨hh′⟩ (not centred), at pairs of sites (sample, position), its means, and the tangent kernel Θ of all parameters before it.
/// Moments are kept as variances and 1 − c: of alike inputs k₁₂ would have lost what tells them apart.
///
/// Layout, all in Double and row-major: with P positions and Q pairs of them, the tile of rows × columns is (rows, columns, Q), and what
/// belongs to the samples of one side alone is a ``KernelSide``.
///
/// Source: `KernelPropagating`.
public struct KernelState: Sendable {
  /// Which pairs of positions are held, of the tile and of both sides.
  public let pairs: PositionPairs
  public var rows: KernelSide
  public var columns: KernelSide
  /// 1 − c of the tile, (rows, columns, Q).
  public var oneMinusCorrelations: [Double]
  /// Θ of the tile, (rows, columns, Q); nil when only the NNGP kernel is asked for.
  public var tangents: [Double]?
  /// Whether rows and columns are the same samples, in the same order.
  public let isSymmetric: Bool
  /// Whether a site's channels are independent Gaussians of one law given all before them: so they leave random weights that sum over
  /// many channels, and nothing else makes them so. Elementwise functions need it.
  public var isGaussian: Bool

  public init(
    pairs: PositionPairs = .none, rows: KernelSide, columns: KernelSide, oneMinusCorrelations: [Double],
    tangents: [Double]?, isSymmetric: Bool, isGaussian: Bool
  ) {
    for side in [rows, columns] {
      precondition(
        side.variances.count == side.samples * pairs.positionCount, "One variance for each sample and position.")
      precondition(
        side.oneMinusCorrelations.count == side.samples * pairs.count, "One own 1 − c for each sample and pair.")
    }
    precondition(
      oneMinusCorrelations.count == rows.samples * columns.samples * pairs.count, "One 1 − c for each pair of sites.")
    precondition(tangents.map { $0.count == oneMinusCorrelations.count } ?? true, "One Θ for each pair of sites.")
    self.pairs = pairs
    self.rows = rows
    self.columns = columns
    self.oneMinusCorrelations = oneMinusCorrelations
    self.tangents = tangents
    self.isSymmetric = isSymmetric
    self.isGaussian = isGaussian
  }

  /// √(k₁₁k₂₂) c of the tile, (rows, columns, Q).
  public var kernel: [Double] {
    var values = oneMinusCorrelations
    forEachPair { index, row, column in
      values[index] =
        rows.variances[row].squareRoot() * columns.variances[column].squareRoot() * (1 - values[index])
    }
    return values
  }

  /// Calls `body` with a pair's place in the tile and its two sites, sample · P + position.
  public func forEachPair(_ body: (_ pair: Int, _ row: Int, _ column: Int) throws -> Void) rethrows {
    var index = 0
    for row in 0..<rows.samples {
      for column in 0..<columns.samples {
        for pair in 0..<pairs.count {
          try body(
            index, row * pairs.positionCount + pairs.first[pair], column * pairs.positionCount + pairs.second[pair])
          index += 1
        }
      }
    }
  }
}

/// What a kernel state holds of the samples of one side alone.
public struct KernelSide: Sendable {
  public let samples: Int
  /// K of each site with itself, (samples, P).
  public var variances: [Double]
  /// 1 − c of each sample's own pairs of positions, (samples, Q); 0 of equal ones.
  public var oneMinusCorrelations: [Double]
  /// ⟨h⟩ of each site, (samples, P); nil where it is 0, as behind random weights.
  public var means: [Double]?

  public init(samples: Int, variances: [Double], oneMinusCorrelations: [Double]? = nil, means: [Double]? = nil) {
    self.samples = samples
    self.variances = variances
    self.oneMinusCorrelations = oneMinusCorrelations ?? variances.map { _ in 0 }
    self.means = means
  }
}
