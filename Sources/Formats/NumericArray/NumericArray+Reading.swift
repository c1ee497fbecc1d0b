import Foundation

/// The file formats of arrays that are read.
public enum ArrayFormat: String, Sendable, Hashable, CaseIterable {
  case npy, npz, idx, csv

  /// The format of a file, from its first bytes, or if they do not tell, from its name.
  ///
  /// - Throws: `FormatError` when it is none of these; the message says what it seems to be.
  static func detect(_ source: ByteSource) throws -> ArrayFormat {
    let start = try source.prefix(512)
    guard !start.isEmpty else {
      throw FormatError(.truncated, file: source.name, "the file is empty", remedy: "copy or save it again")
    }
    if Npy.matches(start) { return .npy }
    if ZipArchive.matches(start) { return .npz }
    if Idx.matches(start) { return .idx }
    if let other = otherFormats.first(where: { start.starts(with: $0.start) }) {
      throw FormatError(
        .unrecognized, file: source.name, "this seems to be \(other.name), which is not read",
        remedy: "save the numbers with numpy.save, numpy.savez, or as CSV")
    }
    var name = source.name.lowercased()
    if name.hasSuffix(".gz") { name = String(name.dropLast(3)) }
    if name.hasSuffix(".npy") { return .npy }
    if name.hasSuffix(".npz") { return .npz }
    if name.hasSuffix("-ubyte") || name.hasSuffix(".idx") { return .idx }
    let isText = start.allSatisfy { $0 >= 0x20 || (0x09...0x0d).contains($0) }
    if isText || [".csv", ".tsv", ".txt"].contains(where: name.hasSuffix) { return .csv }
    throw FormatError(
      .unrecognized, file: source.name, "the file is in none of the formats that are read (npy, npz, IDX, CSV)",
      remedy: "save the numbers with numpy.save, numpy.savez, or as CSV")
  }

  private static let otherFormats: [(start: [UInt8], name: String)] = [
    ([0x89] + Array("HDF".utf8), "an HDF5 file"), (Array("PAR1".utf8), "a Parquet file"),
    (Array("MATLAB 5".utf8), "a MATLAB file"), (Array("ARROW1".utf8), "an Arrow file"),
    ([0x89] + Array("PNG".utf8), "a picture"), ([0xff, 0xd8, 0xff], "a picture"),
    (Array("%PDF".utf8), "a PDF document"),
    (Array("SQLite".utf8), "a database"), (Array("BZh".utf8), "a file compressed with bzip2"),
    ([0xfd] + Array("7zXZ".utf8), "a file compressed with xz"),
    ([0x28, 0xb5, 0x2f, 0xfd], "a file compressed with zstd"), ([0x80, 2], "a Python pickle"),
    ([0x80, 3], "a Python pickle"), ([0x80, 4], "a Python pickle"), ([0x80, 5], "a Python pickle"),
  ]
}

extension NumericArray {
  /// Reads an array from a file in any format known here: npy, npz, IDX or CSV; all but npz may be gzipped.
  ///
  /// The format is found from the file's first bytes, and from its name where they do not tell.
  ///
  /// - Parameter array: the array's name, needed when an npz file holds several.
  /// - Throws: `FormatError`: there is no such file, or it is not what it should be.
  public static func read(
    from url: URL, array: String? = nil, limits: ReadLimits = ReadLimits()
  ) throws -> NumericArray {
    try read(ByteSource(opening: url), array: array, limits: limits)
  }

  /// Reads a file in memory; `name` is what messages call it, and its extension helps to find the format.
  public static func read(
    _ bytes: [UInt8], name: String, array: String? = nil, limits: ReadLimits = ReadLimits()
  ) throws -> NumericArray {
    try read(ByteSource(bytes, name: name), array: array, limits: limits)
  }

  private static func read(_ file: ByteSource, array: String?, limits: ReadLimits) throws -> NumericArray {
    let source = try file.inflatedIfCompressed(limits: limits)
    let format = try ArrayFormat.detect(source)
    if format == .npz {
      let archive = try Npz(source)
      if let array { return try archive.read(array, limits: limits) }
      return try archive.readOnly(limits: limits)
    }
    if let array {
      throw FormatError(
        .noSuchArray, file: file.name, "the array '\(printable(array))' was asked for, and only npz files name arrays",
        remedy: "leave the name out")
    }
    switch format {
    case .npy: return try Npy.read(SourceStream(source), limits: limits)
    case .idx: return try Idx.read(source, limits: limits)
    default: return try Csv.read(source, separator: nil, header: .automatic, limits: limits).values
    }
  }
}
