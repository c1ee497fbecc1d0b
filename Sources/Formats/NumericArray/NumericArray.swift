import OrreryTensors

/// An array as a file holds it: it knows its original element type, and converts to the two that Orrery computes with.
///
/// ```swift
/// let images = try NumericArray.read(from: URL(filePath: "train-images-idx3-ubyte.gz"))
/// images.shape                          // [60000, 28, 28]
/// images.elementType                    // .uint8
/// try images.requireFinite()
/// let first = images.float32(rows: 0..<100)
/// ```
///
/// Single- and double-precision arrays are held as tensors, so that conversion to their own type shares memory. Others
/// are held as they were stored, in the machine's byte order and row-major: 70 000 images of 8-bit pixels take 55 MB until
/// someone asks for some of them as numbers.
public struct NumericArray: Sendable {
  package enum Storage: Sendable {
    case float32(Tensor<Float>)
    case float64(Tensor<Double>)
    /// The elements in little-endian byte order, row-major, without gaps.
    case packed([UInt8])
  }

  /// The extent of each axis, slowest first.
  public let shape: [Int]
  /// What the elements were in the file.
  public let elementType: ElementType
  /// Where the array came from, as messages say it: `"X.npy"`, `"K.npz, array nngp"`.
  public let name: String
  package let storage: Storage

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The extent of the first axis; 1 for a single number.
  public var rows: Int { shape.first ?? 1 }

  /// The number of elements in one row, the product of all extents but the first.
  public var rowCount: Int { shape.dropFirst().reduce(1, *) }

  public init(_ tensor: Tensor<Float>, name: String = "array") {
    shape = tensor.shape
    elementType = .float32
    self.name = name
    storage = .float32(tensor)
  }

  public init(_ tensor: Tensor<Double>, name: String = "array") {
    shape = tensor.shape
    elementType = .float64
    self.name = name
    storage = .float64(tensor)
  }

  /// - Precondition: as many bytes as the shape and the element type say.
  package init(shape: [Int], elementType: ElementType, packed bytes: [UInt8], name: String) {
    precondition(bytes.count == shape.reduce(1, *) * elementType.size, "The bytes do not fill the shape \(shape).")
    self.shape = shape
    self.elementType = elementType
    self.name = name
    storage = .packed(bytes)
  }

  package init(shape: [Int], elementType: ElementType, storage: Storage, name: String) {
    self.shape = shape
    self.elementType = elementType
    self.name = name
    self.storage = storage
  }

  /// Reads the stored bytes without a copy.
  package func withStoredBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch storage {
    case .float32(let tensor): try tensor.withUnsafeBuffer { try body(UnsafeRawBufferPointer($0)) }
    case .float64(let tensor): try tensor.withUnsafeBuffer { try body(UnsafeRawBufferPointer($0)) }
    case .packed(let bytes): try bytes.withUnsafeBytes(body)
    }
  }
}

extension NumericArray: CustomStringConvertible {
  public var description: String { "\(name): \(elementType.rawValue) of shape \(shapeText(shape))" }
}
