import Foundation

/// One line of results, as every part of the benchmark prints them: JSON, one object a line.
struct Record: Codable {
  /// `orrery`, `peer`, `machine`, or `command`.
  var who: String
  /// The case's name, as `KernelCase.name` writes it; for the machine, what was measured.
  var name: String
  /// `fresh` or `reused`: where results go. nil where there is no output to speak of.
  var memory: String?
  /// How many it was measured with, where that is not always all.
  var threads: Int?
  /// Every run's wall time, or for the machine the measured rate.
  var values: [Double]
  /// Every run's processor time, all threads together: what counts when others share the machine.
  var processor: [Double]?
  /// The largest error relative to the kernel's scale, against the reference.
  var error: Double?
  /// Free words: versions, units, how a peer's case is written.
  var note: String?

  func write() {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let line = try? encoder.encode(self) else { return }
    FileHandle.standardOutput.write(line + Data("\n".utf8))
  }

  /// All records of a file of lines.
  static func read(_ url: URL) throws -> [Record] {
    let decoder = JSONDecoder()
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
      try decoder.decode(Record.self, from: Data($0.utf8))
    }
  }
}
