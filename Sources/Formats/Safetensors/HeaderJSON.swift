/// The part of JSON that occurs in the header of a safetensors file: texts, integers from 0 on, lists and objects.
///
/// By hand, because a name that occurs twice must be seen: two readers could take different tensors for it. Foundation's
/// reader keeps one of the two.
enum HeaderJSON {
  case text(String)
  /// Nil for an integer that does not fit in 64 bits.
  case integer(Int?)
  case list([HeaderJSON])
  case object([(key: String, value: HeaderJSON)])

  /// Reads one value that fills the text, apart from white space; nil when it is none, or holds anything else.
  static func parse(_ text: [UInt8]) -> HeaderJSON? {
    // The format wants the brace at the very front, and permits padding at the end only.
    guard text.first == UInt8(ascii: "{") else { return nil }
    var parser = Parser(text: text)
    guard let value = parser.value(depth: 0), parser.isAtEnd() else { return nil }
    return value
  }

  private struct Parser: ByteParser {
    let text: [UInt8]
    var position = 0

    /// Nesting is limited, so that no header exhausts the stack.
    mutating func value(depth: Int) -> HeaderJSON? {
      guard depth < 4 else { return nil }
      skipSpace()
      switch next {
      case UInt8(ascii: "\""): return string().map { .text($0) }
      case UInt8(ascii: "["): return list(depth: depth)
      case UInt8(ascii: "{"): return object(depth: depth)
      default: return integer()
      }
    }

    private mutating func list(depth: Int) -> HeaderJSON? {
      position += 1
      var items: [HeaderJSON] = []
      if take("]") { return .list(items) }
      while true {
        guard let item = value(depth: depth + 1) else { return nil }
        items.append(item)
        if take("]") { return .list(items) }
        guard take(",") else { return nil }
      }
    }

    private mutating func object(depth: Int) -> HeaderJSON? {
      position += 1
      var members: [(key: String, value: HeaderJSON)] = []
      if take("}") { return .object(members) }
      while true {
        skipSpace()
        guard next == UInt8(ascii: "\""), let key = string(), take(":"),
          let value = value(depth: depth + 1)
        else { return nil }
        members.append((key, value))
        if take("}") { return .object(members) }
        guard take(",") else { return nil }
      }
    }

    private mutating func integer() -> HeaderJSON? {
      let start = position
      while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
      let digits = text[start..<position]
      // JSON has no leading zeros.
      guard !digits.isEmpty, digits.count == 1 || digits.first != 0x30 else { return nil }
      return .integer(Int(String(decoding: digits, as: UTF8.self)))
    }

    private mutating func string() -> String? {
      position += 1
      var bytes: [UInt8] = []
      while let byte = next {
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return String(validating: bytes, as: UTF8.self)
        case UInt8(ascii: "\\"):
          guard let scalar = escaped() else { return nil }
          bytes += Array(String(scalar).utf8)
        case 0..<0x20: return nil
        default: bytes.append(byte)
        }
      }
      return nil
    }

    private mutating func escaped() -> Unicode.Scalar? {
      guard let byte = next else { return nil }
      position += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
      case UInt8(ascii: "b"): return "\u{8}"
      case UInt8(ascii: "f"): return "\u{c}"
      case UInt8(ascii: "n"): return "\n"
      case UInt8(ascii: "r"): return "\r"
      case UInt8(ascii: "t"): return "\t"
      case UInt8(ascii: "u"):
        guard let unit = hexadecimal() else { return nil }
        guard (0xd800..<0xdc00).contains(unit) else { return Unicode.Scalar(unit) }
        // The second half of a surrogate pair must follow.
        guard position + 1 < text.count, text[position] == UInt8(ascii: "\\"), text[position + 1] == UInt8(ascii: "u")
        else { return nil }
        position += 2
        guard let low = hexadecimal(), (0xdc00..<0xe000).contains(low) else { return nil }
        return Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00))
      default: return nil
      }
    }

    private mutating func hexadecimal() -> UInt32? {
      guard position + 4 <= text.count else { return nil }
      let digits = text[position..<(position + 4)]
      position += 4
      guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
      return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
  }
}
