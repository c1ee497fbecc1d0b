/// A reader of a short text by hand, byte by byte: what formats that differ in their values have in common.
protocol ByteParser {
  var text: [UInt8] { get }
  /// The place of the next byte.
  var position: Int { get set }
}

extension ByteParser {
  var next: UInt8? { position < text.count ? text[position] : nil }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
  }

  /// Whether nothing but white space is left.
  mutating func isAtEnd() -> Bool {
    skipSpace()
    return position == text.count
  }

  /// Goes behind a character of ASCII, and white space before it, if it is next.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }
}
