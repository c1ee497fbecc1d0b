extension InlineText {
  /// A run of characters in one style.
  package struct Span: Hashable, Sendable {
    package var text: String
    package var style: Style
    /// The address that the run links to: `#anchor`, or http(s).
    package var link: String?
  }

  /// How a run is set.
  package struct Style: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    package static let emphasis = Style(rawValue: 1)
    package static let strong = Style(rawValue: 2)
    package static let code = Style(rawValue: 4)
    package static let sub = Style(rawValue: 8)
    package static let sup = Style(rawValue: 16)
  }

  /// The markup, read into runs; markup that does not close is text.
  package var spans: [Span] {
    var parser = SpanParser(Array(markup))
    return parser.parse()
  }

  /// The text without any style or escape, as a reader of plain text sees it; indices keep their mark (`C_b`, `10⁻³`).
  public var plain: String {
    var result = ""
    for span in spans {
      if span.style.contains(.sup) {
        result += Self.raised(span.text) ?? "^" + span.text
      } else if span.style.contains(.sub) {
        result += Self.lowered(span.text) ?? "_" + span.text
      } else {
        result += span.text
      }
    }
    return result
  }

  private static let superscripts: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "-": "⁻",
    "−": "⁻",
    "+": "⁺", "n": "ⁿ",
  ]
  private static let subscripts: [Character: Character] = [
    "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈", "9": "₉", "-": "₋",
    "−": "₋",
    "+": "₊",
  ]

  /// The text in Unicode superscripts, where all of them exist.
  static func raised(_ text: String) -> String? {
    let mapped = text.compactMap { superscripts[$0] }
    return mapped.count == text.count ? String(mapped) : nil
  }

  /// The text in Unicode subscripts, where all of them exist.
  static func lowered(_ text: String) -> String? {
    let mapped = text.compactMap { subscripts[$0] }
    return mapped.count == text.count ? String(mapped) : nil
  }
}

/// A single pass over the characters; a mark that has no partner is an ordinary character.
private struct SpanParser {
  let characters: [Character]
  var position = 0
  var spans: [InlineText.Span] = []
  var style: InlineText.Style = []
  var link: String?
  var run = ""

  init(_ characters: [Character], style: InlineText.Style = [], link: String? = nil) {
    self.characters = characters
    self.style = style
    self.link = link
  }

  mutating func parse() -> [InlineText.Span] {
    while position < characters.count {
      let character = characters[position]
      switch character {
      case "\\" where position + 1 < characters.count:
        run.append(characters[position + 1])
        position += 2
      case "`": readCode()
      case "*": readEmphasis()
      case "[": readLink()
      case "_" where followsBase(subscript: true): readIndex(.sub)
      case "^" where followsBase(subscript: false): readIndex(.sup)
      default:
        run.append(character)
        position += 1
      }
    }
    flush()
    return spans
  }

  private mutating func flush() {
    if !run.isEmpty { spans.append(.init(text: run, style: style, link: link)) }
    run = ""
  }

  private mutating func emit(_ inner: ArraySlice<Character>, _ added: InlineText.Style, link newLink: String? = nil) {
    flush()
    var parser = SpanParser(Array(inner), style: style.union(added), link: newLink ?? link)
    spans += parser.parse()
  }

  /// The next place of `mark` at or after `start`, escapes skipped.
  private func find(_ mark: [Character], from start: Int) -> Int? {
    var index = start
    while index + mark.count <= characters.count {
      if characters[index] == "\\" {
        index += 2
      } else if characters[index..<index + mark.count].elementsEqual(mark) {
        return index
      } else {
        index += 1
      }
    }
    return nil
  }

  private mutating func readCode() {
    guard let end = characters[(position + 1)...].firstIndex(of: "`"), end > position + 1 else { return keep() }
    flush()
    spans.append(.init(text: String(characters[position + 1..<end]), style: style.union(.code), link: link))
    position = end + 1
  }

  private mutating func readEmphasis() {
    let isStrong = position + 1 < characters.count && characters[position + 1] == "*"
    let mark: [Character] = isStrong ? ["*", "*"] : ["*"]
    let start = position + mark.count
    guard start < characters.count, !characters[start].isWhitespace, let end = find(mark, from: start + 1) else {
      return keep()
    }
    emit(characters[start..<end], isStrong ? .strong : .emphasis)
    position = end + mark.count
  }

  private mutating func readLink() {
    guard let middle = find(["]", "("], from: position + 1), let end = find([")"], from: middle + 2) else {
      return keep()
    }
    let address = String(characters[middle + 2..<end])
    // Anything but an anchor, a web address or a page in a folder beside this one (javascript:, file:) stays text.
    let isBeside = address.hasSuffix(".html") && !address.contains(":") && !address.hasPrefix("/")
    let isSafe = isBeside || ["#", "https://", "http://"].contains { address.hasPrefix($0) }
    emit(characters[position + 1..<middle], [], link: isSafe ? address : nil)
    position = end + 1
  }

  private mutating func keep() {
    run.append(characters[position])
    position += 1
  }

  /// Whether an index may start here: behind one letter; a superscript also behind a digit or a closing bracket.
  private func followsBase(subscript isSubscript: Bool) -> Bool {
    guard position > 0, position + 1 < characters.count else { return false }
    let base = characters[position - 1]
    if base.isLetter { return position < 2 || !characters[position - 2].isLetter || characters[position + 1] == "{" }
    if ")]}⟩|′*⊥∥".contains(base) { return true }
    return base.isNumber && !isSubscript
  }

  /// Letters and plain digits; a raised digit behind an index is not part of it (σ_m²).
  private static func isIndex(_ character: Character) -> Bool {
    character.isLetter || (character.isASCII && character.isNumber)
  }

  private mutating func readIndex(_ kind: InlineText.Style) {
    var start = position + 1
    var end = start
    var next = start
    if characters[start] == "{", let close = find(["}"], from: start) {
      start += 1
      end = close
      next = close + 1
    } else if characters[start] == "(", let close = find([")"], from: start) {
      end = close + 1
      next = end
    } else {
      if "-−+".contains(characters[end]) { end += 1 }
      while end < characters.count, Self.isIndex(characters[end]) { end += 1 }
      if end == start, !characters[end].isWhitespace, !"{(".contains(characters[end]) { end += 1 }
      next = end
    }
    guard end > start else { return keep() }
    flush()
    spans.append(.init(text: String(characters[start..<end]), style: style.union(kind), link: link))
    position = next
  }
}
