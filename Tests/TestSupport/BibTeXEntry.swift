/// An entry as BibTeX reads it: a type, a key, and fields in balanced braces.
public struct BibTeXEntry: Hashable, Sendable {
  public var type: String
  public var key: String
  /// Without their outer braces.
  public var fields: [String: String]

  /// The entries of a text, between which everything up to an @ is skipped, as BibTeX does.
  ///
  /// - Throws: `FixtureError` where BibTeX would stumble.
  public static func all(in text: String) throws -> [BibTeXEntry] {
    var reader = Reader(rest: Substring(text))
    var entries: [BibTeXEntry] = []
    while let start = reader.rest.firstIndex(of: "@") {
      reader.rest = reader.rest[start...].dropFirst()
      entries.append(try reader.entry())
    }
    return entries
  }

  private struct Reader {
    var rest: Substring

    mutating func entry() throws -> BibTeXEntry {
      let type = String(take { $0.isLetter })
      try expect("{")
      let key = String(take { $0.isLetter || $0.isNumber || "-_:".contains($0) })
      guard !type.isEmpty, !key.isEmpty else { throw FixtureError(description: "An entry without type or key.") }
      var fields: [String: String] = [:]
      while true {
        skip()
        if rest.first == "}" { break }
        try expect(",")
        skip()
        if rest.first == "}" { break }
        let name = String(take { $0.isLetter })
        try expect("=")
        guard fields.updateValue(try braced(), forKey: name) == nil, !name.isEmpty else {
          throw FixtureError(description: "The field '\(name)' of \(key) is there twice, or has no name.")
        }
      }
      try expect("}")
      return BibTeXEntry(type: type, key: key, fields: fields)
    }

    /// BibTeX counts braces whether a backslash stands before them or not, so that escaped ones must balance too.
    private mutating func braced() throws -> String {
      try expect("{")
      var (depth, value) = (1, "")
      while let character = rest.popFirst() {
        if character == "{" { depth += 1 }
        if character == "}" { depth -= 1 }
        if depth == 0 { return value }
        value.append(character)
      }
      throw FixtureError(description: "A brace is never closed.")
    }

    private mutating func skip() { rest = rest.drop { $0.isWhitespace } }

    private mutating func take(_ isPart: (Character) -> Bool) -> Substring {
      skip()
      let taken = rest.prefix(while: isPart)
      rest = rest.dropFirst(taken.count)
      return taken
    }

    private mutating func expect(_ character: Character) throws {
      skip()
      guard rest.popFirst() == character else {
        throw FixtureError(description: "There is no \(character) before: \(rest.prefix(30))")
      }
    }
  }
}
