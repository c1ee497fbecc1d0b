import OrreryTensors

/// How the elements of an array lie in a file.
struct ArrayDescription: Hashable {
  var elementType: ElementType
  var shape: [Int]
  var bigEndian = false
  /// Column-major: the first index runs fastest.
  var fortranOrder = false

  /// The bytes that the elements take, or nil when that number overflows.
  ///
  /// Zero extents do not excuse the others: (2⁶², 4, 0) overflows too.
  var byteCount: Int? {
    var product = elementType.size
    for extent in shape where extent != 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow || extent < 0 { return nil }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }
}

extension NumericArray {
  /// Reads the elements that a header has announced, straight into the memory where they will stay.
  ///
  /// - Throws: `FormatError` when the shape disagrees with the number of bytes that follow, or exceeds the limits; then
  ///   nothing has been allocated.
  init(_ description: ArrayDescription, from stream: any ByteStream, limits: ReadLimits, remedy: String) throws {
    let shape = description.shape
    let type = description.elementType
    let announced = "the header promises shape \(shapeText(shape)) of \(type.rawValue)"
    guard shape.count <= 64, shape.allSatisfy({ $0 >= 0 }) else {
      throw FormatError(.malformed, file: stream.name, "\(announced), which no array has", remedy: remedy)
    }
    guard let byteCount = description.byteCount else {
      throw FormatError(
        .inconsistent, file: stream.name, "\(announced), more bytes than can be counted, but \(Self.follow(stream))",
        remedy: remedy)
    }
    guard byteCount == stream.remaining else {
      throw FormatError(
        byteCount > stream.remaining ? .truncated : .inconsistent, file: stream.name,
        "\(announced), \(byteCountText(byteCount)), but \(Self.follow(stream))", remedy: remedy)
    }
    guard byteCount <= limits.arrayBytes else {
      throw FormatError(
        .tooLarge, file: stream.name,
        "the array takes \(byteCountText(byteCount)), more than the limit of \(byteCountText(limits.arrayBytes))",
        remedy: "split it into several files, or use a machine with more memory")
    }
    let storage: Storage
    switch type {
    case .float32:
      storage = .float32(
        try Tensor(shape: shape) { try Self.fill(UnsafeMutableRawBufferPointer($0), description, from: stream) })
    case .float64:
      storage = .float64(
        try Tensor(shape: shape) { try Self.fill(UnsafeMutableRawBufferPointer($0), description, from: stream) })
    default:
      storage = .packed(
        try [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, initialized in
          let elements = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<byteCount]))
          try Self.fill(elements, description, from: stream)
          initialized = byteCount
        })
    }
    try stream.finish()
    self.init(shape: shape, elementType: type, storage: storage, name: stream.name)
  }

  private static func follow(_ stream: any ByteStream) -> String {
    "\(byteCountText(stream.remaining)) follow\(stream.remaining == 1 ? "s" : "") it"
  }

  private static func fill(
    _ target: UnsafeMutableRawBufferPointer, _ description: ArrayDescription, from stream: any ByteStream
  ) throws {
    guard target.count > 0 else { return }
    let transposes = description.fortranOrder && description.shape.count { $0 > 1 } > 1
    if transposes {
      let columnMajor = UnsafeMutableRawBufferPointer.allocate(byteCount: target.count, alignment: 64)
      defer { columnMajor.deallocate() }
      try stream.read(into: columnMajor)
      ElementOrder.makeRowMajor(
        UnsafeRawBufferPointer(columnMajor), shape: description.shape, size: description.elementType.size, into: target)
    } else {
      try stream.read(into: target)
    }
    if description.bigEndian { ElementOrder.swapBytes(of: target, size: description.elementType.size) }
  }
}

/// Reordering of stored elements, which are moved as they are, whatever they mean.
enum ElementOrder {
  /// Reverses the bytes of each element.
  static func swapBytes(of elements: UnsafeMutableRawBufferPointer, size: Int) {
    switch size {
    case 2: swap(elements, UInt16.self)
    case 4: swap(elements, UInt32.self)
    case 8: swap(elements, UInt64.self)
    default: break
    }
  }

  @inline(__always)
  private static func swap<Word: FixedWidthInteger & BitwiseCopyable>(
    _ elements: UnsafeMutableRawBufferPointer, _ type: Word.Type
  ) {
    guard let start = elements.baseAddress else { return }
    let size = MemoryLayout<Word>.size
    for index in 0..<(elements.count / size) {
      let place = start + index &* size
      place.storeBytes(of: place.loadUnaligned(as: Word.self).byteSwapped, as: Word.self)
    }
  }

  /// Turns column-major elements (the first index fastest) into row-major ones (the last index fastest).
  static func makeRowMajor(
    _ source: UnsafeRawBufferPointer, shape: [Int], size: Int, into target: UnsafeMutableRawBufferPointer
  ) {
    switch size {
    case 1: reorder(source, shape, target, UInt8.self)
    case 2: reorder(source, shape, target, UInt16.self)
    case 4: reorder(source, shape, target, UInt32.self)
    default: reorder(source, shape, target, UInt64.self)
    }
  }

  /// Column-major (d₀, d₁, …, d_k) is, in memory, row-major (d_k, …, d₁, d₀). The first and the last index are
  /// exchanged in square blocks that stay in cache; the ones between run outside.
  @inline(__always)
  private static func reorder<Word: BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ shape: [Int], _ target: UnsafeMutableRawBufferPointer, _ type: Word.Type
  ) {
    guard let from = source.baseAddress, let to = target.baseAddress else { return }
    let size = MemoryLayout<Word>.size
    let first = shape.first ?? 1
    let last = shape.count > 1 ? shape[shape.count - 1] : 1
    let middle = shape.count > 2 ? Array(shape[1..<(shape.count - 1)]) : []
    let middleCount = middle.reduce(1, *)
    let block = 32
    for index in 0..<middleCount {
      // `index` counts the middle indices row-major; their place in the column-major source:
      var rest = index
      var sourceMiddle = 0
      var stride = middleCount
      for extent in middle.reversed() {
        stride /= extent
        sourceMiddle += (rest % extent) * stride
        rest /= extent
      }
      for rowStart in Swift.stride(from: 0, to: first, by: block) {
        for columnStart in Swift.stride(from: 0, to: last, by: block) {
          for row in rowStart..<min(first, rowStart + block) {
            let targetRow = to + (row &* middleCount &+ index) &* last &* size
            let sourceRow = from + (sourceMiddle &* first &+ row) &* size
            for column in columnStart..<min(last, columnStart + block) {
              let value = sourceRow.loadUnaligned(
                fromByteOffset: column &* middleCount &* first &* size, as: Word.self)
              targetRow.storeBytes(of: value, toByteOffset: column &* size, as: Word.self)
            }
          }
        }
      }
    }
  }
}
