import Foundation
import OrreryTensors

/// Reads matrices from a folder of tiles.
///
/// ```swift
/// let reader = try TileFolderReader(url)
/// let kernel = try reader.assemble("nngp").float32()      // shape (rows, columns)
/// ```
public struct TileFolderReader: Sendable {
  public let url: URL
  private let name: String
  private let journal: TileJournal

  public var layout: TileLayout { journal.layout }
  /// What identifies the job that wrote the folder.
  public var job: String { journal.job }
  /// Whether the job has ended.
  public var isComplete: Bool { journal.isComplete }

  /// - Throws: `FormatError` when this is no folder of tiles.
  public init(_ url: URL) throws {
    self.url = url
    name = ByteSource.displayName(of: url)
    let source = try ByteSource(opening: url.appendingPathComponent(TileJournal.fileName))
    journal = try TileJournal(source.bytes(in: 0..<source.count), name: source.name)
  }

  /// The tiles of an array that are not finished.
  public func missingTiles(of array: String) -> [Tile] {
    layout.tiles.filter { journal.finished[TileJournal.Key(array: array, tile: $0)] == nil }
  }

  /// One tile.
  ///
  /// - Throws: `FormatError` when it is not finished, or its file is not what it should be.
  public func read(_ array: String, tile: Tile, limits: ReadLimits = ReadLimits()) throws -> NumericArray {
    guard journal.finished[TileJournal.Key(array: array, tile: tile)] != nil else {
      throw missing("the tile (\(tile.row), \(tile.column)) of the array '\(printable(array))' is not finished")
    }
    let values = try Npy.read(
      from: url.appendingPathComponent(layout.fileName(array: array, tile: tile)), limits: limits)
    guard values.shape == layout.header(of: tile).shape, values.elementType == layout.elementType else {
      throw FormatError(
        .inconsistent, file: values.name, "the tile has not the shape and type that the journal says",
        remedy: "start the job again, which writes it anew")
    }
    return values
  }

  /// The whole matrix, in the folder's element type, a symmetric one with both halves.
  ///
  /// - Throws: `FormatError` when tiles are missing or spoilt, or the matrix exceeds the limits.
  public func assemble(_ array: String, limits: ReadLimits = ReadLimits()) throws -> NumericArray {
    guard layout.arrays.contains(array) else {
      throw FormatError(
        .noSuchArray, file: name, "the folder holds no array named '\(printable(array))'",
        remedy: "name one that it holds (\(layout.arrays.joined(separator: ", ")))")
    }
    let missingCount = missingTiles(of: array).count
    guard missingCount == 0 else {
      throw missing("\(missingCount) of \(layout.tiles.count) tiles of the array '\(array)' are not finished")
    }
    try requireFiles(of: array)
    let shape = [layout.rows, layout.columns]
    let description = ArrayDescription(elementType: layout.elementType, shape: shape)
    guard let size = description.byteCount, size <= limits.arrayBytes else {
      throw FormatError(
        .tooLarge, file: name,
        "the matrix of shape \(shapeText(shape)) is larger than the limit of \(byteCountText(limits.arrayBytes))",
        remedy: "read its tiles one by one")
    }
    let arrayName = "\(name), array '\(array)'"
    if layout.elementType == .float32 {
      return NumericArray(
        try Tensor<Float>(shape: shape) { matrix in
          for tile in layout.tiles {
            try read(array, tile: tile, limits: limits).float32().withUnsafeBuffer { place($0, of: tile, in: matrix) }
          }
        }, name: arrayName)
    }
    return NumericArray(
      try Tensor<Double>(shape: shape) { matrix in
        for tile in layout.tiles {
          try read(array, tile: tile, limits: limits).float64().withUnsafeBuffer { place($0, of: tile, in: matrix) }
        }
      }, name: arrayName)
  }

  /// Every tile's file is there with its size, before memory for the matrix is asked for.
  private func requireFiles(of array: String) throws {
    for tile in layout.tiles {
      let header = layout.header(of: tile)
      let source = try ByteSource(
        opening: url.appendingPathComponent(layout.fileName(array: array, tile: tile)))
      guard source.count == header.encoded.count + header.elementByteCount else {
        throw FormatError(
          .inconsistent, file: source.name, "the tile has not the size that the journal says",
          remedy: "start the job again, which writes it anew")
      }
    }
  }

  private func place<Scalar: TensorScalar>(
    _ values: UnsafeBufferPointer<Scalar>, of tile: Tile, in matrix: UnsafeMutableBufferPointer<Scalar>
  ) {
    let (rows, columns) = (layout.rowRange(of: tile), layout.columnRange(of: tile))
    let (from, to) = (values.baseAddress!, matrix.baseAddress!)
    for row in 0..<rows.count {
      (to + (rows.lowerBound + row) * layout.columns + columns.lowerBound).initialize(
        from: from + row * columns.count, count: columns.count)
    }
    guard layout.isSymmetric, tile.row != tile.column else { return }
    for column in 0..<columns.count {
      let mirrored = to + (columns.lowerBound + column) * layout.columns + rows.lowerBound
      for row in 0..<rows.count { (mirrored + row).initialize(to: from[row * columns.count + column]) }
    }
  }

  private func missing(_ problem: String) -> FormatError {
    FormatError(.truncated, file: name, problem, remedy: "start the job again, which goes on where it stopped")
  }
}
