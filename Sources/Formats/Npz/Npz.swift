import Foundation

/// numpy's format for several named arrays: a zip archive of npy files, stored or deflated.
///
/// ```swift
/// let archive = try Npz(URL(filePath: "data.npz"))
/// archive.names                       // ["images", "labels"]
/// let images = try archive.read("images")
/// ```
///
/// Opening reads the table of contents only.
public struct Npz: Sendable {
  /// The names of the arrays, in the order of the archive.
  public let names: [String]
  private let archive: ZipArchive

  /// Whether these are the first bytes of a zip archive.
  public static func matches(_ bytes: [UInt8]) -> Bool { ZipArchive.matches(bytes) }

  /// Opens a file.
  ///
  /// - Throws: `FormatError`.
  public init(_ url: URL) throws { try self.init(ByteSource(opening: url)) }

  /// Opens a file in memory; `name` is what messages call it.
  public init(_ bytes: [UInt8], name: String) throws { try self.init(ByteSource(bytes, name: name)) }

  init(_ source: ByteSource) throws {
    guard try ZipArchive.matches(source.prefix(4)) else {
      throw FormatError(
        .malformed, file: source.name, "the file does not start as an npz file does",
        remedy: "save the arrays with numpy.savez, or give the file the extension of its real format")
    }
    archive = try ZipArchive(source)
    names = archive.members.compactMap { Self.arrayName($0.name) }
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw FormatError(
        .malformed, file: source.name, "the archive holds two arrays named '\(printable(name))'",
        remedy: "save it again with numpy.savez")
    }
  }

  /// Reads one array.
  ///
  /// - Throws: `FormatError` when there is none of this name, or it cannot be read.
  public func read(_ name: String, limits: ReadLimits = ReadLimits()) throws -> NumericArray {
    guard let member = archive.members.first(where: { Self.arrayName($0.name) == name }) else {
      throw FormatError(
        .noSuchArray, file: archive.source.name, "the archive holds no array named '\(printable(name))'",
        remedy: names.isEmpty ? "save arrays with numpy.savez" : "name one that it holds (\(listedNames))")
    }
    let stream = try ZipMemberStream(
      member, of: archive, name: "\(archive.source.name), array '\(printable(name))'", limits: limits)
    return try Npy.read(stream, limits: limits)
  }

  /// Reads the only array of an archive.
  ///
  /// - Throws: `FormatError` when there are several, or none; the message lists the names.
  public func readOnly(limits: ReadLimits = ReadLimits()) throws -> NumericArray {
    guard let name = names.first else {
      throw FormatError(
        .noSuchArray, file: archive.source.name, "the archive holds no arrays",
        remedy: "save arrays with numpy.savez")
    }
    guard names.count == 1 else {
      throw FormatError(
        .noSuchArray, file: archive.source.name, "the archive holds \(names.count) arrays (\(listedNames))",
        remedy: "name the one to use")
    }
    return try read(name, limits: limits)
  }

  private var listedNames: String {
    names.prefix(12).map { printable($0) }.joined(separator: ", ") + (names.count > 12 ? ", …" : "")
  }

  /// The name that numpy gives to a member; nil for members that are no arrays.
  private static func arrayName(_ member: String) -> String? {
    member.hasSuffix(".npy") ? String(member.dropLast(4)) : nil
  }
}
