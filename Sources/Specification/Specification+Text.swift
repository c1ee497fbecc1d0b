extension Specification {
  /// The most bytes that a description may have: far more than any needs, and little enough to be read at once.
  public static let largestSize = 1 << 20

  static let sizeMessage =
    "The text is larger than \(largestSize >> 20) MiB, and descriptions are small; check that this is the right file."

  /// The text of a description's file.
  ///
  /// - Parameters:
  ///   - bytes: the file's contents; of a larger file, at least one byte more than ``largestSize``.
  ///   - origin: what errors call it, usually the file's name.
  /// - Throws: `SpecificationError` when it is too large, or is not in UTF-8, with the line.
  public static func text(_ bytes: [UInt8], origin: String) throws -> String {
    guard bytes.count <= largestSize else {
      throw SpecificationError(origin: origin, line: nil, message: sizeMessage)
    }
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      throw SpecificationError(
        origin: origin, line: nil,
        message: "The text is in the encoding UTF-16, and descriptions are read in UTF-8; save the file in UTF-8.")
    }
    let place = firstInvalidByte(bytes)
    let code = String(bytes[place], radix: 16, uppercase: true)
    throw SpecificationError(
      origin: origin, line: line(ofByte: place, in: bytes),
      message: "The byte \(code) (hexadecimal) does not belong in the encoding UTF-8; save the file in UTF-8.")
  }

  /// Where decoding first fails.
  private static func firstInvalidByte(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var place = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { place += UTF8.width(scalar) }
    return min(place, bytes.count - 1)
  }

  /// The number of the line that a byte is in, from 1.
  static func line(ofByte place: Int, in bytes: some Sequence<UInt8>) -> Int {
    1 + bytes.prefix(max(0, place)).count { $0 == UInt8(ascii: "\n") }
  }
}
