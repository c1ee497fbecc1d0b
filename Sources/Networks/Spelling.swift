/// Guesses which of the right words a wrong one was meant to be.
package enum Spelling {
  /// The nearest of the candidates, if one is near enough to be what was meant: a third of the letters may be wrong.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    let scored = candidates.map { ($0, distance(word.lowercased(), $0.lowercased())) }
    guard let best = scored.min(by: { $0.1 < $1.1 }) else { return nil }
    return best.1 <= max(1, (max(word.count, best.0.count) + 1) / 3) ? best.0 : nil
  }

  /// The least number of insertions, deletions and substitutions that turn one word into the other (Levenshtein 1966).
  package static func distance(_ first: String, _ second: String) -> Int {
    let (a, b) = (Array(first), Array(second))
    var row = Array(0...b.count)
    for i in 0..<a.count {
      var diagonal = row[0]
      row[0] = i + 1
      for j in 0..<b.count {
        let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = Swift.min(substituted, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }

  /// `"; did you mean 'gelu'?"`-like remedy: the nearest word, or else the whole list.
  package static func remedy(for word: String, among candidates: [String]) -> String {
    if let near = nearest(to: word, among: candidates) { return "did you mean '\(near)'?" }
    return "choose one of \(candidates.joined(separator: ", "))."
  }
}
