/// One place in a grid of tiles, by its numbers from 0.
public struct Tile: Hashable, Sendable, Codable, Comparable {
  public let row: Int
  public let column: Int

  public init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }

  /// Row after row.
  public static func < (left: Tile, right: Tile) -> Bool { (left.row, left.column) < (right.row, right.column) }
}

/// How matrices are cut into tiles: all the arrays of a folder have one shape and are cut alike.
///
/// ```swift
/// let layout = TileLayout(
///   arrays: ["nngp", "ntk"], elementType: .float32, rows: 20_000, columns: 20_000, tileRows: 1024, tileColumns: 1024,
///   isSymmetric: true)
/// ```
public struct TileLayout: Hashable, Sendable, Codable {
  /// The names of the matrices: letters, digits, `-` and `_`.
  public let arrays: [String]
  /// `float32` or `float64`.
  public let elementType: ElementType
  public let rows: Int
  public let columns: Int
  /// The rows of a tile; those of the last ones may be fewer.
  public let tileRows: Int
  public let tileColumns: Int
  /// Whether only the tiles on and above the diagonal are stored, because the matrices are symmetric.
  public let isSymmetric: Bool

  /// - Precondition: sizes are positive, names are valid and different, the element type is `float32` or `float64`, there
  ///   are at most 4 million tiles, and a symmetric layout is square.
  public init(
    arrays: [String], elementType: ElementType, rows: Int, columns: Int, tileRows: Int, tileColumns: Int,
    isSymmetric: Bool = false
  ) {
    self.arrays = arrays
    self.elementType = elementType
    self.rows = rows
    self.columns = columns
    self.tileRows = tileRows
    self.tileColumns = tileColumns
    self.isSymmetric = isSymmetric
    precondition(isValid, "This is no layout of tiles: \(self).")
  }

  /// Whether the preconditions hold; a layout that was decoded from a file need not satisfy them.
  var isValid: Bool {
    let sizes = [rows, columns, tileRows, tileColumns]
    guard sizes.allSatisfy({ $0 > 0 && $0 <= 1 << 29 }), elementType == .float32 || elementType == .float64,
      !arrays.isEmpty, arrays.count <= 64, Set(arrays).count == arrays.count, arrays.allSatisfy(Self.isValidName)
    else { return false }
    return rowCount * columnCount <= 1 << 22
      && (!isSymmetric || (rows == columns && tileRows == tileColumns))
  }

  private static func isValidName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 64
      && name.utf8.allSatisfy { byte in
        let letter = byte | 0x20
        return (0x61...0x7a).contains(letter) || (0x30...0x39).contains(byte) || byte == 0x2d || byte == 0x5f
      }
  }

  /// The number of rows of tiles.
  public var rowCount: Int { (rows + tileRows - 1) / tileRows }
  /// The number of columns of tiles.
  public var columnCount: Int { (columns + tileColumns - 1) / tileColumns }

  /// The tiles that are stored, row after row.
  public var tiles: [Tile] {
    (0..<rowCount).flatMap { row in
      ((isSymmetric ? row : 0)..<columnCount).map { Tile(row: row, column: $0) }
    }
  }

  /// The rows of the matrix that a tile covers.
  public func rowRange(of tile: Tile) -> Range<Int> {
    tile.row * tileRows..<min(rows, (tile.row + 1) * tileRows)
  }

  /// The columns of the matrix that a tile covers.
  public func columnRange(of tile: Tile) -> Range<Int> {
    tile.column * tileColumns..<min(columns, (tile.column + 1) * tileColumns)
  }

  /// Whether this tile is stored.
  public func contains(_ tile: Tile) -> Bool {
    tile.row >= 0 && tile.row < rowCount && tile.column >= (isSymmetric ? tile.row : 0) && tile.column < columnCount
  }

  /// The header of a tile's file.
  func header(of tile: Tile) -> NpyHeader {
    NpyHeader(elementType: elementType, shape: [rowRange(of: tile).count, columnRange(of: tile).count])
  }

  /// `"ntk-00003-00017.npy"`.
  func fileName(array: String, tile: Tile) -> String {
    func padded(_ number: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, 5 - text.count)) + text
    }
    return "\(array)-\(padded(tile.row))-\(padded(tile.column)).npy"
  }
}
