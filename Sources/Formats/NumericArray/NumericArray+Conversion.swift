import OrreryTensors

extension NumericArray {
  /// The array in single precision.
  ///
  /// Numbers that are no floats are rounded to the nearest; double-precision numbers beyond ±3.4·10³⁸ become infinite
  /// (`requireFinite(as: Float.self)` finds them). Shares memory if the array is already in single precision.
  public func float32() -> Tensor<Float> {
    if case .float32(let tensor) = storage { return tensor }
    return float32(rows: 0..<rows).reshaped(shape)
  }

  /// The array in double precision.
  ///
  /// Exact, but for 64-bit integers beyond ±2⁵³, which are rounded to the nearest. Shares memory if the array is already
  /// in double precision.
  public func float64() -> Tensor<Double> {
    if case .float64(let tensor) = storage { return tensor }
    return float64(rows: 0..<rows).reshaped(shape)
  }

  /// Some rows (entries of the first axis) in single precision, shape (rows, …).
  ///
  /// - Precondition: the range lies inside `0..<rows`.
  public func float32(rows range: Range<Int>) -> Tensor<Float> {
    Tensor(shape: rowShape(range)) { target in
      withStoredElements(of: range) { Self.convert($0, elementType, to: target) }
    }
  }

  /// Some rows (entries of the first axis) in double precision, shape (rows, …).
  ///
  /// - Precondition: the range lies inside `0..<rows`.
  public func float64(rows range: Range<Int>) -> Tensor<Double> {
    Tensor(shape: rowShape(range)) { target in
      withStoredElements(of: range) { Self.convert($0, elementType, to: target) }
    }
  }

  /// The rows with the given numbers, in that order, with the element type unchanged.
  ///
  /// - Precondition: every index lies in `0..<rows`, and the array has at least one axis.
  public func selectingRows(_ indices: [Int]) -> NumericArray {
    precondition(!shape.isEmpty, "A single number has no rows.")
    let newShape = [indices.count] + shape.dropFirst()
    let rowBytes = rowCount * elementType.size
    func copy(to target: UnsafeMutableRawBufferPointer) {
      withStoredBytes { source in
        for (place, index) in indices.enumerated() {
          precondition(index >= 0 && index < rows, "Row \(index) is outside 0..<\(rows).")
          guard rowBytes > 0 else { continue }
          (target.baseAddress! + place * rowBytes).copyMemory(
            from: source.baseAddress! + index * rowBytes, byteCount: rowBytes)
        }
      }
    }
    let selected: Storage
    switch storage {
    case .float32: selected = .float32(Tensor(shape: newShape) { copy(to: UnsafeMutableRawBufferPointer($0)) })
    case .float64: selected = .float64(Tensor(shape: newShape) { copy(to: UnsafeMutableRawBufferPointer($0)) })
    case .packed:
      let size = indices.count * rowBytes
      selected = .packed(
        [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
          copy(to: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<size]))
          initialized = size
        })
    }
    return NumericArray(shape: newShape, elementType: elementType, storage: selected, name: name)
  }

  private func rowShape(_ range: Range<Int>) -> [Int] {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "Rows \(range) are outside 0..<\(rows).")
    return [range.count] + shape.dropFirst()
  }

  private func withStoredElements(of range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Void) {
    let rowBytes = rowCount * elementType.size
    withStoredBytes {
      body(UnsafeRawBufferPointer(rebasing: $0[(range.lowerBound * rowBytes)..<(range.upperBound * rowBytes)]))
    }
  }

  /// Converts element by element: `source` holds `target.count` elements of the given type.
  private static func convert(
    _ source: UnsafeRawBufferPointer, _ type: ElementType, to target: UnsafeMutableBufferPointer<Float>
  ) {
    switch type {
    case .bool: each(source, target) { (value: UInt8) in value == 0 ? 0 : 1 }
    case .int8: each(source, target) { (value: Int8) in Float(value) }
    case .int16: each(source, target) { (value: Int16) in Float(value) }
    case .int32: each(source, target) { (value: Int32) in Float(value) }
    case .int64: each(source, target) { (value: Int64) in Float(value) }
    case .uint8: each(source, target) { (value: UInt8) in Float(value) }
    case .uint16: each(source, target) { (value: UInt16) in Float(value) }
    case .uint32: each(source, target) { (value: UInt32) in Float(value) }
    case .uint64: each(source, target) { (value: UInt64) in Float(value) }
    case .float16: each(source, target) { (value: UInt16) in halfPrecision(value) }
    case .float32: each(source, target) { (value: Float) in value }
    case .float64: each(source, target) { (value: Double) in Float(value) }
    }
  }

  private static func convert(
    _ source: UnsafeRawBufferPointer, _ type: ElementType, to target: UnsafeMutableBufferPointer<Double>
  ) {
    switch type {
    case .bool: each(source, target) { (value: UInt8) in value == 0 ? 0 : 1 }
    case .int8: each(source, target) { (value: Int8) in Double(value) }
    case .int16: each(source, target) { (value: Int16) in Double(value) }
    case .int32: each(source, target) { (value: Int32) in Double(value) }
    case .int64: each(source, target) { (value: Int64) in Double(value) }
    case .uint8: each(source, target) { (value: UInt8) in Double(value) }
    case .uint16: each(source, target) { (value: UInt16) in Double(value) }
    case .uint32: each(source, target) { (value: UInt32) in Double(value) }
    case .uint64: each(source, target) { (value: UInt64) in Double(value) }
    case .float16: each(source, target) { (value: UInt16) in Double(halfPrecision(value)) }
    case .float32: each(source, target) { (value: Float) in Double(value) }
    case .float64: each(source, target) { (value: Double) in value }
    }
  }

  @inline(__always)
  private static func each<Source: BitwiseCopyable, Target>(
    _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableBufferPointer<Target>, _ transform: (Source) -> Target
  ) {
    guard let to = target.baseAddress else { return }
    // Stored elements are aligned: their memory begins at a multiple of 16, and rows are whole elements.
    source.withMemoryRebound(to: Source.self) { elements in
      guard let from = elements.baseAddress else { return }
      for index in 0..<target.count { (to + index).initialize(to: transform(from[index])) }
    }
  }

  /// An IEEE 754 half-precision number from its bits; exact.
  ///
  /// By hand, because `Float16` does not exist on every processor that this runs on.
  @inline(__always)
  static func halfPrecision(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1f
    let fraction = UInt32(bits & 0x3ff)
    switch exponent {
    case 0:
      // Zero and subnormal numbers: fraction · 2⁻²⁴.
      let magnitude = Float(fraction) * 0x1p-24
      return Float(bitPattern: sign | magnitude.bitPattern)
    case 31: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}

extension NumericArray {
  /// The elements in the given precision: ``float32()`` or ``float64()``.
  public func elements<Scalar: TensorScalar>(as type: Scalar.Type) -> Tensor<Scalar> {
    Scalar.self == Float.self ? float32() as! Tensor<Scalar> : float64() as! Tensor<Scalar>
  }

  /// The first row that has numbers other than 0, all of them too small for single precision, and its largest number.
  ///
  /// Such a row would silently become 0. Numbers beside larger ones in their row may: the row hardly changes.
  public func firstVanishingRow() -> (row: Int, largest: Double)? {
    guard case .float64(let tensor) = storage, rowCount > 0 else { return nil }
    return tensor.withUnsafeBuffer { values in
      for row in 0..<rows {
        var largest = 0.0
        for value in values[(row * rowCount)..<((row + 1) * rowCount)] { largest = max(largest, abs(value)) }
        if largest > 0, largest < Double(Float.leastNormalMagnitude) { return (row, largest) }
      }
      return nil
    }
  }
}
