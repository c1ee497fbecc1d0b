/// A dense array of any rank: contiguous, row-major, copy-on-write, 64-byte aligned.
///
/// ```swift
/// var images = Tensor<Float>(shape: [60_000, 28, 28])
/// images[0, 14, 14] = 1
/// ```
///
/// Strided views are deliberately not offered: kernels that need them work on tiles and pack them once.
public struct Tensor<Scalar: TensorScalar>: Sendable {
  /// The extent of each axis, slowest first.
  public let shape: [Int]
  package private(set) var storage: AlignedStorage<Scalar>

  /// The number of elements, the product of `shape`.
  public var count: Int { storage.elements.count }

  /// A tensor with every element equal to `value`.
  public init(shape: [Int], repeating value: Scalar = 0) {
    self.init(shape: shape) { $0.initialize(repeating: value) }
  }

  /// A tensor of the given elements in row-major order.
  ///
  /// - Precondition: as many elements as the shape has places.
  public init(shape: [Int], elements: [Scalar]) {
    precondition(elements.count == shape.reduce(1, *), "\(elements.count) elements do not fill the shape \(shape).")
    self.init(shape: shape) { buffer in
      _ = buffer.initialize(from: elements)
    }
  }

  /// A tensor whose elements the closure writes, every one of them.
  package init(shape: [Int], initializing body: (UnsafeMutableBufferPointer<Scalar>) throws -> Void) rethrows {
    precondition(shape.allSatisfy { $0 >= 0 }, "A shape has no negative extent; this one is \(shape).")
    self.shape = shape
    storage = AlignedStorage(uninitializedCount: shape.reduce(1, *))
    try body(storage.elements)
  }

  /// The same elements under another shape of equal count.
  public func reshaped(_ newShape: [Int]) -> Tensor {
    precondition(newShape.reduce(1, *) == count, "\(count) elements do not fill the shape \(newShape).")
    return Tensor(shape: newShape, storage: storage)
  }

  init(shape: [Int], storage: AlignedStorage<Scalar>) {
    self.shape = shape
    self.storage = storage
  }

  /// One element, by one index per axis.
  public subscript(indices: Int...) -> Scalar {
    get { storage.elements[offset(indices)] }
    set {
      makeUnique()
      storage.elements[offset(indices)] = newValue
    }
  }

  /// The elements in row-major order.
  public var elements: [Scalar] { Array(storage.elements) }

  /// Reads the elements, in row-major order, without a copy.
  public func withSpan<Result>(_ body: (Span<Scalar>) throws -> Result) rethrows -> Result {
    defer { withExtendedLifetime(storage) {} }
    let elements = UnsafeBufferPointer(storage.elements)
    return try body(elements.span)
  }

  /// Writes the elements in place, after a copy if they are shared.
  public mutating func withMutableSpan<Result>(_ body: (inout MutableSpan<Scalar>) throws -> Result) rethrows -> Result
  {
    makeUnique()
    defer { withExtendedLifetime(storage) {} }
    let elements = storage.elements
    var span = elements.mutableSpan
    return try body(&span)
  }

  package func withUnsafeBuffer<Result>(_ body: (UnsafeBufferPointer<Scalar>) throws -> Result) rethrows -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(storage.elements))
  }

  package mutating func withUnsafeMutableBuffer<Result>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    makeUnique()
    defer { withExtendedLifetime(storage) {} }
    return try body(storage.elements)
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = AlignedStorage(copying: storage) }
  }

  private func offset(_ indices: [Int]) -> Int {
    precondition(indices.count == shape.count, "\(indices.count) indices for a tensor of rank \(shape.count).")
    var offset = 0
    for (index, extent) in zip(indices, shape) {
      precondition(index >= 0 && index < extent, "Index \(index) is outside 0..<\(extent).")
      offset = offset * extent + index
    }
    return offset
  }
}

extension Tensor: Equatable {
  public static func == (left: Tensor, right: Tensor) -> Bool {
    left.shape == right.shape && left.storage.elements.elementsEqual(right.storage.elements)
  }
}
