import Foundation

/// JSON as every command prints it and every report holds it.
///
/// Numbers that JSON has no word for, infinite kernels and what is 0/0, are `null`, so that every reader of JSON takes
/// them, and a column of numbers holds numbers and `null` only.
public enum JSONText {
  public static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: nonFinite, negativeInfinity: nonFinite, nan: nonFinite)
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    return text.replacingOccurrences(of: "\"\(nonFinite)\"", with: "null")
  }

  /// The encoder can put a text in place of such a number, and no null: this one, of a character for private use, becomes
  /// null afterwards. No other text is as odd.
  private static let nonFinite = "\u{F8FF}non-finite\u{F8FF}"

  /// One value as an object, several as a list.
  public static func encode(list values: [some Encodable]) throws -> String {
    values.count == 1 ? try encode(values[0]) : try encode(values)
  }
}
