/// A value as numpy writes it in the header of an npy file: the small part of Python's literals that occurs there.
enum PythonLiteral: Hashable {
  case text(String)
  case truth(Bool)
  /// Nil for an integer that does not fit in 64 bits.
  case integer(Int?)
  case tuple([PythonLiteral])
  case list([PythonLiteral])
  case dictionary([String: PythonLiteral])

  /// Reads one literal that fills the text, apart from white space; nil when it is none.
  static func parse(_ text: [UInt8]) -> PythonLiteral? {
    var parser = Parser(text: text)
    guard let value = parser.value(depth: 0), parser.isAtEnd() else { return nil }
    return value
  }

  private struct Parser: ByteParser {
    let text: [UInt8]
    var position = 0

    /// Nesting is limited, so that no header exhausts the stack.
    mutating func value(depth: Int) -> PythonLiteral? {
      guard depth < 8 else { return nil }
      skipSpace()
      switch next {
      case UInt8(ascii: "'"), UInt8(ascii: "\""): return string().map { .text($0) }
      case UInt8(ascii: "("): return items(open: "(", close: ")", depth: depth).map { .tuple($0) }
      case UInt8(ascii: "["): return items(open: "[", close: "]", depth: depth).map { .list($0) }
      case UInt8(ascii: "{"): return dictionary(depth: depth)
      case UInt8(ascii: "T"): return word("True") ? .truth(true) : nil
      case UInt8(ascii: "F"): return word("False") ? .truth(false) : nil
      default: return integer()
      }
    }

    private mutating func word(_ expected: String) -> Bool {
      guard text[position...].starts(with: expected.utf8) else { return false }
      position += expected.utf8.count
      return true
    }

    private mutating func string() -> String? {
      let quote = text[position]
      guard let end = text[(position + 1)...].firstIndex(of: quote) else { return nil }
      let content = text[(position + 1)..<end]
      // numpy escapes nothing in the names that matter here.
      guard !content.contains(UInt8(ascii: "\\")) else { return nil }
      position = end + 1
      return String(decoding: content, as: UTF8.self)
    }

    private mutating func integer() -> PythonLiteral? {
      var digits = ""
      if next == UInt8(ascii: "-") {
        digits = "-"
        position += 1
      }
      let start = position
      while let byte = next, byte >= 0x30, byte <= 0x39 { position += 1 }
      guard position > start else { return nil }
      digits += String(decoding: text[start..<position], as: UTF8.self)
      // Python 2 wrote long integers as 3L.
      if next == UInt8(ascii: "L") { position += 1 }
      return .integer(Int(digits))
    }

    private mutating func items(open: Unicode.Scalar, close: Unicode.Scalar, depth: Int) -> [PythonLiteral]? {
      guard take(open) else { return nil }
      var items: [PythonLiteral] = []
      while !take(close) {
        guard let item = value(depth: depth + 1) else { return nil }
        items.append(item)
        if !take(",") { return take(close) ? items : nil }
      }
      return items
    }

    private mutating func dictionary(depth: Int) -> PythonLiteral? {
      guard take("{") else { return nil }
      var entries: [String: PythonLiteral] = [:]
      while !take("}") {
        guard case .text(let key)? = value(depth: depth + 1), take(":"), let item = value(depth: depth + 1),
          entries.updateValue(item, forKey: key) == nil
        else { return nil }
        if !take(",") { return take("}") ? .dictionary(entries) : nil }
      }
      return .dictionary(entries)
    }
  }
}
