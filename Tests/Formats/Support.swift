import Foundation
import OrreryFormats
import OrreryTensors
import Testing

/// The files that numpy has written, and what is in them.
enum Fixtures {
  struct Expected: Decodable {
    var type: ElementType
    var shape: [Int]
    var values: [Double]
  }

  static let folder = Bundle.module.resourceURL!.appendingPathComponent("Fixtures")

  static let expected: [String: Expected] = {
    let data = try! Data(contentsOf: folder.appendingPathComponent("expected.json"))
    return try! JSONDecoder().decode([String: Expected].self, from: data)
  }()

  static func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }

  /// The names of the recorded files with one of these endings, in order.
  static func names(endingIn suffixes: String...) -> [String] {
    expected.keys.filter { name in suffixes.contains { name.hasSuffix($0) } }.sorted()
  }
}

/// Checks type, shape and every value, bit for bit, against what numpy has recorded.
func expectMatches(
  _ array: NumericArray, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let expected = try #require(Fixtures.expected[name], sourceLocation: sourceLocation)
  #expect(array.elementType == expected.type, "\(name)", sourceLocation: sourceLocation)
  #expect(array.shape == expected.shape, "\(name)", sourceLocation: sourceLocation)
  let found = array.float64().elements.map(\.bitPattern)
  #expect(found == expected.values.map(\.bitPattern), "\(name)", sourceLocation: sourceLocation)
  let single = array.float32().elements.map(\.bitPattern)
  #expect(single == expected.values.map { Float($0).bitPattern }, "\(name)", sourceLocation: sourceLocation)
}

/// Checks that the closure throws a `FormatError` of this kind, category and exact text.
func expectFormatError<Value>(
  _ kind: FormatError.Kind, _ text: String, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Value
) {
  do {
    _ = try body()
    Issue.record("No error; expected: \(text)", sourceLocation: sourceLocation)
  } catch let error as FormatError {
    #expect(error.kind == kind, sourceLocation: sourceLocation)
    #expect(error.description == text, sourceLocation: sourceLocation)
    let missing = kind == .noSuchFile || kind == .unreadable
    #expect(error.category == (missing ? .noSuchInput : .badData), sourceLocation: sourceLocation)
  } catch {
    Issue.record("An error of another type: \(error)", sourceLocation: sourceLocation)
  }
}

/// Checks that the closure throws an `OutputError` of this kind whose text contains this.
func expectOutputError<Value>(
  _ kind: OutputError.Kind, containing text: String, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Value
) {
  do {
    _ = try body()
    Issue.record("No error; expected: \(text)", sourceLocation: sourceLocation)
  } catch let error as OutputError {
    #expect(error.kind == kind, sourceLocation: sourceLocation)
    #expect(error.description.contains(text), "\(error.description)", sourceLocation: sourceLocation)
    #expect(error.category.exitStatus == 73, sourceLocation: sourceLocation)
  } catch {
    Issue.record("An error of another type: \(error)", sourceLocation: sourceLocation)
  }
}

/// The names in a folder, hidden ones too, in order.
func contents(of url: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
}

/// An npy file with this header text (padded as the version demands) and these element bytes.
func npyFile(_ header: String, version: UInt8 = 1, elements: Int = 0) -> [UInt8] {
  let text = Array((header + "\n").utf8)
  let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + [UInt8](repeating: 0, count: elements)
}
