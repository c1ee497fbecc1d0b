import Foundation
import OrreryTensors

/// numpy's format for one array.
///
/// Versions 1.0 to 3.0 are read, with booleans, integers of 8 to 64 bits, and floating-point numbers of 16 to 64 bits, in
/// either byte order, row-major or column-major. Pickled objects, records, complex numbers and text are refused. Written
/// are `Float` and `Double`, byte for byte as numpy writes them.
public enum Npy {
  /// Whether these are the first bytes of an npy file.
  public static func matches(_ bytes: [UInt8]) -> Bool { bytes.starts(with: NpyHeader.magic) }

  /// Reads a file.
  ///
  /// - Throws: `FormatError`.
  public static func read(from url: URL, limits: ReadLimits = ReadLimits()) throws -> NumericArray {
    try read(SourceStream(ByteSource(opening: url)), limits: limits)
  }

  /// Reads a file in memory; `name` is what messages call it.
  public static func read(_ bytes: [UInt8], name: String, limits: ReadLimits = ReadLimits()) throws -> NumericArray {
    try read(SourceStream(ByteSource(bytes, name: name)), limits: limits)
  }

  static func read(_ stream: any ByteStream, limits: ReadLimits) throws -> NumericArray {
    let description = try NpyHeader.decode(from: stream)
    return try NumericArray(
      description, from: stream, limits: limits, remedy: "copy the file again, or save it again with numpy.save")
  }

  /// The bytes of the file that holds this array.
  public static func encode(_ tensor: Tensor<Float>) -> [UInt8] {
    tensor.withUnsafeBuffer {
      NpyHeader(elementType: .float32, shape: tensor.shape).encoded + Array(UnsafeRawBufferPointer($0))
    }
  }

  /// The bytes of the file that holds this array.
  public static func encode(_ tensor: Tensor<Double>) -> [UInt8] {
    tensor.withUnsafeBuffer {
      NpyHeader(elementType: .float64, shape: tensor.shape).encoded + Array(UnsafeRawBufferPointer($0))
    }
  }

  /// Writes the file whole, or leaves what was there.
  ///
  /// - Throws: `OutputError`.
  public static func write(_ tensor: Tensor<Float>, to url: URL) throws {
    var writer = try NpyWriter(url, elementType: .float32, shape: tensor.shape)
    try tensor.withUnsafeBuffer { try writer.append(UnsafeRawBufferPointer($0)) }
    try writer.finish()
  }

  /// Writes the file whole, or leaves what was there.
  ///
  /// - Throws: `OutputError`.
  public static func write(_ tensor: Tensor<Double>, to url: URL) throws {
    var writer = try NpyWriter(url, elementType: .float64, shape: tensor.shape)
    try tensor.withUnsafeBuffer { try writer.append(UnsafeRawBufferPointer($0)) }
    try writer.finish()
  }
}
