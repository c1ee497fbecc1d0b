/// What is wrong in a description: where, what, and what to do, in one sentence.
public struct SpecificationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the text came from: a file's name, or "the command line".
  public var origin: String
  /// The line in the file, from 1; nil on the command line.
  public var line: Int?
  public var message: String

  public init(origin: String, line: Int?, message: String) {
    self.origin = origin
    self.line = line
    self.message = message
  }

  public var description: String {
    line.map { "\(origin), line \($0): \(message)" } ?? "\(origin): \(message)"
  }
}

/// The nearest of the right words to a wrong one, if one is near enough to be what was meant.
package func nearestWord(to word: String, among candidates: [String]) -> String? {
  let scored = candidates.map { ($0, editDistance(word.lowercased(), $0.lowercased())) }
  guard let best = scored.min(by: { $0.1 < $1.1 }) else { return nil }
  // A third of the letters may be wrong: "widht" is width, "foo" is nothing.
  return best.1 <= max(1, (max(word.count, best.0.count) + 1) / 3) ? best.0 : nil
}

/// The least number of insertions, deletions, substitutions and swaps of neighbours that turn one word into the other
/// (Damerau 1964, restricted form).
package func editDistance(_ first: String, _ second: String) -> Int {
  let (a, b) = (Array(first), Array(second))
  var rows = [Array(0...b.count)]
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var best = Swift.min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = Swift.min(best, rows[i - 1][j - 1] + 1) }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
