import Foundation

/// Writes one array to an npy file piece by piece, for arrays that need not be in memory at once.
///
/// ```swift
/// var writer = try NpyWriter(url, elementType: .float32, shape: [rows, columns])
/// for row in 0..<rows { try writer.append(kernelRow(row).span) }
/// try writer.finish()
/// ```
///
/// The file appears under its name only in `finish()`; a writer that is dropped earlier leaves nothing.
public struct NpyWriter {
  public let header: NpyHeader
  private let file: AtomicFile
  private var missingBytes: Int

  /// - Precondition: the element type is `float32` or `float64`.
  /// - Throws: `OutputError` when the file cannot be written.
  public init(_ url: URL, elementType: ElementType, shape: [Int]) throws {
    precondition(elementType == .float32 || elementType == .float64, "Arrays are written as float32 or float64.")
    header = NpyHeader(elementType: elementType, shape: shape)
    missingBytes = header.elementByteCount
    file = try AtomicFile(url)
    try file.write(header.encoded)
  }

  /// The next elements, row-major.
  ///
  /// - Precondition: the header says `float32`, and there are no more elements than the shape has places.
  public mutating func append(_ elements: Span<Float>) throws {
    precondition(header.elementType == .float32, "This file holds float64.")
    try elements.withUnsafeBytes { try append($0) }
  }

  /// The next elements, row-major.
  ///
  /// - Precondition: the header says `float64`, and there are no more elements than the shape has places.
  public mutating func append(_ elements: Span<Double>) throws {
    precondition(header.elementType == .float64, "This file holds float32.")
    try elements.withUnsafeBytes { try append($0) }
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    precondition(bytes.count <= missingBytes, "More elements than the shape \(header.shape) has places.")
    missingBytes -= bytes.count
    try file.write(bytes)
  }

  /// Puts the file in its place.
  ///
  /// - Precondition: every element has been appended.
  public func finish() throws {
    precondition(missingBytes == 0, "Elements are missing: \(byteCountText(missingBytes)).")
    try file.commit()
  }
}
