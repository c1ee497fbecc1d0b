/// Numbers in text, as tables hold them: decimal, in any case `nan` or `inf`, never hexadecimal.
enum DecimalNumber {
  /// The powers of ten that a double holds exactly.
  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// The nearest double, or nil when the text is no number.
  ///
  /// With at most 2⁵³ as digits and a power of ten up to 22 both factors are exact, so that one multiplication or division
  /// rounds correctly (W. Clinger, "How to read floating point numbers accurately", PLDI 1990). Longer numbers go to the
  /// standard library.
  static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    var position = 0
    let negative = text.first == UInt8(ascii: "-")
    if negative || text.first == UInt8(ascii: "+") { position = 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var significant = 0
    var exponent = 0
    var afterPoint = false
    while position < text.count {
      let byte = text[position]
      if byte >= 0x30 && byte <= 0x39 {
        digits += 1
        if significant > 0 || byte != 0x30 { significant += 1 }
        if significant <= 19 { mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30) }
        if afterPoint { exponent -= 1 }
      } else if byte == UInt8(ascii: "."), !afterPoint {
        afterPoint = true
      } else {
        break
      }
      position += 1
    }
    guard digits > 0 else { return special(text[position...], negative: negative) }
    if position < text.count {
      guard let explicit = self.exponent(text[position...]) else { return nil }
      exponent += explicit
    }
    if significant <= 19, mantissa <= 1 << 53, abs(exponent) <= 22 {
      let value = exponent < 0 ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
      return negative ? -value : value
    }
    if mantissa == 0 { return negative ? -0.0 : 0 }
    // The grammar has been checked; what the library cannot hold is too large or too small.
    if let value = Double(String(decoding: text, as: UTF8.self)) { return value }
    let magnitude = exponent > 0 ? Double.infinity : 0
    return negative ? -magnitude : magnitude
  }

  private static func exponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    var rest = text
    guard let letter = rest.popFirst(), letter | 0x20 == UInt8(ascii: "e") else { return nil }
    let negative = rest.first == UInt8(ascii: "-")
    if negative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    guard !rest.isEmpty else { return nil }
    var value = 0
    for byte in rest {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      value = min(value * 10 + Int(byte - 0x30), 1_000_000)
    }
    return negative ? -value : value
  }

  private static func special(_ text: Slice<UnsafeBufferPointer<UInt8>>, negative: Bool) -> Double? {
    guard text.count <= 8 else { return nil }
    switch String(decoding: text.map { $0 | 0x20 }, as: UTF8.self) {
    case "nan": return .nan
    case "inf", "infinity": return negative ? -.infinity : .infinity
    default: return nil
    }
  }
}
