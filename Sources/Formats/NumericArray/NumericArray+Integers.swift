extension NumericArray {
  /// An array of integers, held as they are: UInt8, Int32 or Int64, and their like.
  ///
  /// - Precondition: as many elements as the shape has places.
  public init<Integer: FixedWidthInteger & BitwiseCopyable>(
    shape: [Int], integers: [Integer], name: String = "array"
  ) {
    let code = (Integer.isSigned ? "i" : "u") + "\(MemoryLayout<Integer>.size)"
    guard let type = ElementType(code: code) else {
      preconditionFailure("Arrays hold integers of 8 to 64 bits, and not \(Integer.self).")
    }
    self.init(shape: shape, elementType: type, packed: integers.withUnsafeBytes { Array($0) }, name: name)
  }

  /// The elements as integers, without rounding; nil for floating-point numbers, and where one exceeds 63 bits.
  public var integers: [Int]? {
    withStoredBytes { bytes in
      switch elementType {
      case .bool: bytes.map { $0 == 0 ? 0 : 1 }
      case .int8: Self.widen(bytes, Int8.self)
      case .int16: Self.widen(bytes, Int16.self)
      case .int32: Self.widen(bytes, Int32.self)
      case .int64: Self.widen(bytes, Int64.self)
      case .uint8: Self.widen(bytes, UInt8.self)
      case .uint16: Self.widen(bytes, UInt16.self)
      case .uint32: Self.widen(bytes, UInt32.self)
      case .uint64: Self.widen(bytes, UInt64.self)
      case .float16, .float32, .float64: nil
      }
    }
  }

  private static func widen<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ type: Integer.Type
  ) -> [Int]? {
    let size = MemoryLayout<Integer>.size
    var integers: [Int] = []
    integers.reserveCapacity(bytes.count / size)
    for offset in stride(from: 0, to: bytes.count, by: size) {
      guard let value = Int(exactly: bytes.loadUnaligned(fromByteOffset: offset, as: type)) else { return nil }
      integers.append(value)
    }
    return integers
  }
}
