/// The header of an npy file, as numpy writes it: what the elements are and how many.
///
/// Reference: the documentation of `numpy.lib.format`. `encoded` gives, byte for byte, what numpy (1.23 and later)
/// writes for a row-major array of this shape: version 1.0, padded so that the elements start at a multiple of 64 bytes.
///
/// ```swift
/// var file = NpyHeader(elementType: .float32, shape: [2, 3]).encoded
/// // … followed by six floats, little-endian, row after row
/// ```
public struct NpyHeader: Hashable, Sendable {
  public let elementType: ElementType
  public let shape: [Int]

  /// - Precondition: no extent is negative, and there are at most 64.
  public init(elementType: ElementType, shape: [Int]) {
    precondition(shape.allSatisfy { $0 >= 0 } && shape.count <= 64, "No array has the shape \(shape).")
    self.elementType = elementType
    self.shape = shape
  }

  /// The bytes before the first element.
  public var encoded: [UInt8] {
    let order = elementType.size == 1 ? "|" : "<"
    var text = "{'descr': '\(order)\(elementType.code)', 'fortran_order': False, 'shape': \(shapeText(shape)), }"
    // Room for the first extent to grow to 21 digits in place, as numpy leaves it.
    if let first = shape.first { text += String(repeating: " ", count: 21 - String(first).count) }
    let unpadded = Self.magic.count + 4 + text.utf8.count + 1
    text += String(repeating: " ", count: 64 - unpadded % 64) + "\n"
    let length = text.utf8.count
    return Self.magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(text.utf8)
  }

  /// The bytes of the elements.
  ///
  /// - Precondition: they can be counted.
  public var elementByteCount: Int { shape.reduce(elementType.size, *) }

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
}
