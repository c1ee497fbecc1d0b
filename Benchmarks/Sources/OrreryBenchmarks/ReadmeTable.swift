import Foundation

/// The table's place in `Benchmarks/README.md`: between two marks.
enum ReadmeTable {
  static let start = "<!-- table: written by `Benchmarks/run --write` -->"
  static let end = "<!-- end of table -->"

  /// Replaces what stands between the marks.
  static func replace(with table: String, in file: URL) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    guard let first = text.range(of: start), let last = text.range(of: end), first.upperBound <= last.lowerBound else {
      throw MissingMarks(file: file.path)
    }
    let result = text[..<first.upperBound] + "\n" + table + text[last.lowerBound...]
    try Data(result.utf8).write(to: file, options: .atomic)
  }

  struct MissingMarks: Error, CustomStringConvertible {
    let file: String
    var description: String {
      "\(file) has no line '\(ReadmeTable.start)' followed by '\(ReadmeTable.end)'; put both where the table belongs."
    }
  }
}
