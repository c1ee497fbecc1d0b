import Foundation
import OrreryTensors

/// A table's place in `Benchmarks/README.md`, between two marks: one for each kind of processor, so that a run on one leaves
/// the numbers of another alone.
struct ReadmeTable {
  enum Subject: String {
    /// Ours beside the peers'.
    case table
    /// Every kernel on every path.
    case levels
  }

  let subject: Subject
  /// The widest path that is used, and that the processor has.
  let used: InstructionSet
  let widest: InstructionSet

  init(_ subject: Subject, used: InstructionSet) {
    self.subject = subject
    self.used = used
    widest = InstructionSet.allCases.last(where: \.isAvailable)!
  }

  private var key: String { used == widest ? used.rawValue : "\(used.rawValue)-on-\(widest.rawValue)" }

  private var title: String {
    used == widest
      ? "A processor with \(widest.name)"
      : "The same kind of processor, held to \(used.name) (`ORRERY_INSTRUCTION_SET=\(used.rawValue)`)"
  }

  private var start: String { "<!-- \(subject.rawValue) \(key): written by `Benchmarks/run --write` -->" }
  private var end: String { "<!-- end of \(subject.rawValue) \(key) -->" }
  /// Before it stand the tables of processors that were not met before.
  private var last: String { "<!-- end of all \(subject.rawValue) -->" }

  /// Replaces what stands between the marks, or adds a section with marks of its own.
  func replace(with table: String, in file: URL) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    let result: String
    if let first = text.range(of: start), let last = text.range(of: end), first.upperBound <= last.lowerBound {
      result = text[..<first.upperBound] + "\n" + table + text[last.lowerBound...]
    } else if let place = text.range(of: last) {
      result = text[..<place.lowerBound] + "### \(title)\n\(start)\n\(table)\(end)\n\n" + text[place.lowerBound...]
    } else {
      throw MissingMark(file: file.path, mark: last)
    }
    try Data(result.utf8).write(to: file, options: .atomic)
  }

  struct MissingMark: Error, CustomStringConvertible {
    let file: String
    let mark: String
    var description: String { "\(file) has no line '\(mark)'; put it where tables belong." }
  }
}
