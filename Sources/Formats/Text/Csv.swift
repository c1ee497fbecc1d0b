import Foundation
import OrreryTensors

/// Tables of numbers in text, plain or gzipped: values separated by commas, semicolons, tabs or spaces.
///
/// ```swift
/// let table = try Csv.read(from: URL(filePath: "measurements.csv"))
/// table.columnNames          // ["x", "y"], or nil when the file has no header line
/// table.values.shape         // [rows, columns], float64
/// ```
///
/// Every line must have as many fields as the first. Empty lines and lines that start with `#` are skipped. Fields may be
/// quoted. `nan` and `inf` are numbers (`requireFinite()` finds them); empty fields are errors.
public enum Csv {
  /// What separates the fields of a line.
  public enum Separator: String, Sendable, Hashable, CaseIterable {
    case comma = ","
    case semicolon = ";"
    case tab = "\t"
    /// One or more spaces or tabs.
    case space = " "
  }

  /// Whether the first line holds names instead of numbers.
  public enum Header: Sendable, Hashable {
    /// It does when none of its fields is a number.
    case automatic
    case present
    case absent
  }

  /// A table that has been read.
  public struct Table: Sendable {
    /// The names of the columns, if the file has a header line with one for each.
    public let columnNames: [String]?
    /// The numbers, shape (rows, columns), in double precision.
    public let values: NumericArray
  }

  /// Reads a file, which may be compressed with gzip.
  ///
  /// - Parameter separator: found out from the first line of numbers when nil.
  /// - Throws: `FormatError`, naming line and column.
  public static func read(
    from url: URL, separator: Separator? = nil, header: Header = .automatic, limits: ReadLimits = ReadLimits()
  ) throws -> Table {
    try read(ByteSource(opening: url), separator: separator, header: header, limits: limits)
  }

  /// Reads a file in memory, which may be compressed with gzip; `name` is what messages call it.
  public static func read(
    _ bytes: [UInt8], name: String, separator: Separator? = nil, header: Header = .automatic,
    limits: ReadLimits = ReadLimits()
  ) throws -> Table {
    try read(ByteSource(bytes, name: name), separator: separator, header: header, limits: limits)
  }

  static func read(_ source: ByteSource, separator: Separator?, header: Header, limits: ReadLimits) throws -> Table {
    let contents = try source.inflatedIfCompressed(limits: limits)
    guard contents.count <= limits.arrayBytes else {
      throw FormatError(
        .tooLarge, file: source.name,
        "the text takes \(byteCountText(contents.count)), more than the limit of \(byteCountText(limits.arrayBytes))",
        remedy: "save the numbers as an npy file")
    }
    let text = try contents.bytes(in: 0..<contents.count)
    return try text.withUnsafeBufferPointer { buffer in
      var parser = try CsvParser(buffer, file: source.name, separator: separator)
      return try parser.table(header: header)
    }
  }
}
