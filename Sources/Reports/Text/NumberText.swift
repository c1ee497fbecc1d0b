import Foundation

/// Numbers as a reader wants them: as many digits as mean something.
///
/// ```swift
/// NumberText.text(0.12341, error: 0.0056)     // "0.1234(56)"
/// NumberText.text(1.23e-4, error: 4.5e-6)     // "1.230e-4 ± 0.045e-4"
/// NumberText.text(1.4e-3, digits: 2)          // "1.4e-3"
/// ```
///
/// The digits in parentheses are the standard error in units of the last digits shown, to two significant digits.
public enum NumberText {
  /// How exponents and minus signs are written.
  public enum Style: String, Hashable, Codable, Sendable {
    /// `-1.4e-3`: for terminals and monospaced text.
    case plain
    /// `−1.4×10⁻³`: for pages.
    case typographic
  }

  /// Decimal exponents written without a power of ten.
  private static let fixedExponents = -3...5

  /// A number with `digits` significant digits (1 … 17).
  public static func text(_ value: Double, digits: Int = 3, style: Style = .plain) -> String {
    guard value.isFinite else { return nonFinite(value, style) }
    let digits = Swift.min(Swift.max(digits, 1), 17)
    if value == 0 { return "0" }
    let (mantissa, exponent) = scientific(value, decimals: digits - 1)
    if fixedExponents.contains(exponent) {
      return signed(fixed(value, decimals: Swift.max(0, digits - 1 - exponent)), style)
    }
    return signed(mantissa, style) + power(exponent, style)
  }

  /// A number with its standard error.
  ///
  /// An error of 0 means an exact number and shows six digits; an error below the number's own rounding counts as 0.
  public static func text(_ value: Double, error: Double, style: Style = .plain) -> String {
    guard value.isFinite else { return nonFinite(value, style) }
    let error = Swift.abs(error)
    if error.isNaN { return text(value, digits: 4, style: style) + " ± ?" }
    if error.isInfinite { return text(value, digits: 4, style: style) + " ± ∞" }
    if error <= Swift.abs(value) * 2e-16 { return exact(value, style: style) }
    let (_, errorExponent) = scientific(error, decimals: 1)
    let valueExponent = value == 0 ? errorExponent : scientific(value, decimals: 16).exponent
    let exponent = Swift.max(valueExponent, errorExponent)
    // Two digits of the error decide the last place of both.
    let lastPlace = errorExponent - 1
    if fixedExponents.contains(exponent) && lastPlace >= -17 {
      let shown = signed(fixed(rounded(value, toPlace: lastPlace), decimals: Swift.max(0, -lastPlace)), style)
      return shown + "(" + parenthesized(error, lastPlace: lastPlace) + ")"
    }
    let scale = pow(10, Double(-exponent))
    let decimals = Swift.max(0, exponent - lastPlace)
    // Below about 1e-307 the scale overflows; scaling twice keeps the digits.
    let (number, spread) =
      scale.isFinite
      ? (value * scale, error * scale)
      : (value * 1e300 * pow(10, Double(-exponent - 300)), error * 1e300 * pow(10, Double(-exponent - 300)))
    let mantissa = signed(fixed(number, decimals: decimals), style)
    switch style {
    case .plain:
      let tail = power(exponent, style)
      return mantissa + tail + " ± " + fixed(spread, decimals: decimals) + tail
    case .typographic:
      return mantissa + "(" + parenthesized(spread, lastPlace: -decimals) + ")" + power(exponent, style)
    }
  }

  /// A number without error: up to six digits, no trailing zeros.
  public static func exact(_ value: Double, style: Style = .plain) -> String {
    guard value.isFinite else { return nonFinite(value, style) }
    if value == 0 { return "0" }
    let (mantissa, exponent) = scientific(value, decimals: 5)
    if fixedExponents.contains(exponent) {
      return signed(trimmed(fixed(value, decimals: Swift.max(0, 5 - exponent))), style)
    }
    return signed(trimmed(mantissa), style) + power(exponent, style)
  }

  /// A number in machine form: the shortest text that reads back to the same bits.
  public static func machine(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return value == value.rounded() && Swift.abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }

  /// The error in units of the last digits shown; with its own decimal point where it reaches above the units.
  /// An integer as text; with five digits and more, groups of three are set apart by narrow no-break spaces.
  package static func grouped(_ integer: Int) -> String {
    let digits = String(integer.magnitude)
    guard digits.count > 4 else { return String(integer) }
    var result = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { result.append("\u{202F}") }
      result.append(digit)
    }
    return integer < 0 ? "−" + result : result
  }

  private static func parenthesized(_ error: Double, lastPlace: Int) -> String {
    if lastPlace >= 0 { return fixed(rounded(error, toPlace: lastPlace), decimals: 0) }
    let shown = fixed(error, decimals: -lastPlace)
    guard shown.hasPrefix("0.") else { return shown }
    let digits = shown.dropFirst(2).drop { $0 == "0" }
    return digits.isEmpty ? "0" : String(digits)
  }

  /// Rounds to tens, hundreds …; places behind the decimal point are left to the formatting.
  private static func rounded(_ value: Double, toPlace place: Int) -> Double {
    if place <= 0 { return value }
    let unit = pow(10, Double(place))
    return (value / unit).rounded() * unit
  }

  package static func fixed(_ value: Double, decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", value)
    // A rounded-away negative is plain zero.
    return text.hasPrefix("-") && !text.contains { "123456789".contains($0) } ? String(text.dropFirst()) : text
  }

  /// Mantissa and exponent after rounding, so that 9.996 with three digits is 1.00e1.
  package static func scientific(_ value: Double, decimals: Int) -> (mantissa: String, exponent: Int) {
    let text = String(format: "%.\(decimals)e", value)
    let parts = text.split(separator: "e")
    return (String(parts[0]), Int(parts[1]) ?? 0)
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var result = text
    while result.last == "0" { result.removeLast() }
    if result.last == "." { result.removeLast() }
    return result
  }

  private static func signed(_ text: String, _ style: Style) -> String {
    style == .typographic && text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  private static func power(_ exponent: Int, _ style: Style) -> String {
    switch style {
    case .plain: "e\(exponent)"
    case .typographic: "×10" + (InlineText.raised(String(exponent)) ?? "^\(exponent)")
    }
  }

  private static func nonFinite(_ value: Double, _ style: Style) -> String {
    if value.isNaN { return "—" }
    return (value < 0 ? (style == .plain ? "-" : "−") : "") + "∞"
  }
}
