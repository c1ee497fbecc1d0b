/// Guesses which of the right words a wrong one was meant to be.
package enum Spelling {
  /// The nearest of the candidates, if one is near enough to be what was meant: a third of the letters may be wrong.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    let scored = candidates.map { ($0, distance(word.lowercased(), $0.lowercased())) }
    guard let best = scored.min(by: { $0.1 < $1.1 }) else { return nil }
    return best.1 <= max(1, (max(word.count, best.0.count) + 1) / 3) ? best.0 : nil
  }

  /// The least number of insertions, deletions, substitutions and swaps of neighbours that turn one word into the other
  /// (Levenshtein 1966, with Damerau's swaps in their restricted form: no part is edited twice).
  package static func distance(_ first: String, _ second: String) -> Int {
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

  /// The remedy of an unknown word: `did you mean 'gelu'?`, or else the whole list.
  package static func remedy(for word: String, among candidates: [String]) -> String {
    if let near = nearest(to: word, among: candidates) { return "did you mean '\(near)'?" }
    return "choose one of \(candidates.joined(separator: ", "))."
  }
}
