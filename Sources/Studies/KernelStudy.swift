import Foundation
import OrreryFormats
import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// The infinite-width kernels of a described network on a user's arrays: what `orrery kernel` computes and writes.
///
/// Inputs are used as they are. `critical` takes the first array's mean ∣x∣²/n_0 for the first layer.
public struct KernelStudy<Scalar: DualKernelScalar>: Sendable {
  public let network: ResolvedNetwork
  public let tangents: Bool
  private let kernels: Kernels
  /// Equal for runs that ask for the same kernels of the same numbers.
  public let identity: String

  /// - Parameters:
  ///   - network: the description's network.
  ///   - sampleShape: the extents of one sample, as the arrays have them; all features when nil.
  ///   - x: shape (samples, n_0), the rows.
  ///   - x2: shape (samples, n_0), the columns; nil for the symmetric kernel.
  ///   - meanSquaredInput: ∣x∣²/n_0 averaged over `x`.
  ///   - digests: of the arrays, for the identity.
  ///   - tangents: whether to compute the NTK too.
  public init(
    _ network: Network, sampleShape: [Int]? = nil, x: Matrix<Scalar>, x2: Matrix<Scalar>?, meanSquaredInput: Double,
    digests: [String], tangents: Bool
  ) throws {
    let resolved = try NetworkResolver.resolve(
      network, sampleShape: sampleShape ?? [x.columns], meanSquaredInput: meanSquaredInput)
    self.network = resolved
    self.tangents = tangents
    kernels =
      if let perceptron = resolved.perceptron {
        .perceptron(try InfiniteWidthKernels(perceptron, tangents: tangents).prepare(x, x2))
      } else {
        .network(try NetworkKernels(resolved, Self.wide(x), x2.map(Self.wide), tangents: tangents))
      }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let description = String(decoding: try encoder.encode(resolved), as: UTF8.self)
    identity =
      Digest(
        of: ([description, Scalar.precisionName, "kernels \(NumericsVersions.kernels)", "\(tangents)"] + digests)
          .joined(separator: "\n")
      )
      .hexadecimal
  }

  /// The fast path of perceptrons, and the plain one of all others.
  private enum Kernels: Sendable {
    case perceptron(PreparedKernels<Scalar>)
    case network(NetworkKernels)
  }

  /// The numbers of row and column samples.
  public var size: (rows: Int, columns: Int) {
    switch kernels {
    case .perceptron(let kernels): (kernels.rows, kernels.columns)
    case .network(let kernels): (kernels.rows, kernels.columns)
    }
  }

  private var isSymmetric: Bool {
    switch kernels {
    case .perceptron(let kernels): kernels.isSymmetric
    case .network(let kernels): kernels.isSymmetric
    }
  }

  /// A part of the kernels: shape (rows.count, columns.count).
  private func part(rows: Range<Int>, columns: Range<Int>) throws -> (nngp: Matrix<Scalar>, ntk: Matrix<Scalar>?) {
    switch kernels {
    case .perceptron(let kernels): return kernels.tile(rows: rows, columns: columns)
    case .network(let kernels):
      let (nngp, ntk) = try kernels.tile(rows: rows, columns: columns)
      return (try Self.narrow(nngp), try ntk.map(Self.narrow))
    }
  }

  private static func wide(_ matrix: Matrix<Scalar>) -> Matrix<Double> {
    Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.tensor.elements.map { Double($0) })
  }

  private static func narrow(_ matrix: Matrix<Double>) throws -> Matrix<Scalar> {
    let elements = matrix.tensor.elements.map { Scalar($0) }
    guard elements.allSatisfy(\.isFinite) else {
      throw StudyError(
        .overflow,
        "The kernel does not fit \(Scalar.precisionName); scale or normalize the data, or use precision=float64.")
    }
    return Matrix(rows: matrix.rows, columns: matrix.columns, elements: elements)
  }

  /// The names of the arrays that are written.
  public var arrays: [String] { tangents ? ["nngp", "ntk"] : ["nngp"] }

  /// Bytes of the whole kernels.
  public var outputBytes: Int { arrays.count * size.rows * size.columns * MemoryLayout<Scalar>.stride }

  /// The edge of a square tile: 16 MiB in single precision, so that a run holds some tens of MiB beside its inputs.
  static var tileEdge: Int { 2048 }

  var layout: TileLayout {
    TileLayout(
      arrays: arrays, elementType: Scalar.self == Float.self ? .float32 : .float64, rows: size.rows,
      columns: size.columns, tileRows: Self.tileEdge, tileColumns: Self.tileEdge, isSymmetric: isSymmetric)
  }
}

extension KernelStudy {
  /// The kernels in one npz file, arrays `nngp` and `ntk` of shape (samples, samples).
  public func write(npz url: URL) throws {
    let kernels = try part(rows: 0..<size.rows, columns: 0..<size.columns)
    var writer = try NpzWriter(url)
    try writer.write(kernels.nngp.tensor, name: "nngp")
    if let ntk = kernels.ntk { try writer.write(ntk.tensor, name: "ntk") }
    try writer.finish()
  }

  /// Computes tile after tile into a folder of npy files with a journal; goes on where an earlier run of the same
  /// identity stopped.
  ///
  /// - Parameters:
  ///   - progress: called with the number of finished tiles and of all.
  ///   - isCancelled: asked before each tile; true ends the run, which can be resumed.
  public func write(tiles url: URL, progress: (Int, Int) -> Void, isCancelled: () -> Bool) throws {
    let layout = layout
    let folder = try TileFolder(url, job: identity, layout: layout)
    let total = layout.tiles.count
    for (index, tile) in layout.tiles.enumerated() {
      let missing = arrays.filter { !folder.isFinished(tile, array: $0) }
      guard !missing.isEmpty else { continue }
      if isCancelled() {
        throw StudyError(
          .interrupted, "Stopped after \(index) of \(total) tiles; the same command goes on from there.")
      }
      progress(index, total)
      let kernels = try part(rows: layout.rowRange(of: tile), columns: layout.columnRange(of: tile))
      for array in missing {
        guard let kernel = array == "nngp" ? kernels.nngp : kernels.ntk else { continue }
        try kernel.withUnsafeBuffer { try folder.write(UnsafeRawBufferPointer($0), array: array, tile: tile) }
      }
    }
    try folder.finish()
  }
}
