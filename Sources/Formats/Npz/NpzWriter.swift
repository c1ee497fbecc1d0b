import Foundation
import OrreryTensors

/// Writes an npz file, array after array, each whole or piece by piece; nothing is compressed.
///
/// ```swift
/// var writer = try NpzWriter(URL(filePath: "K.npz"))
/// try writer.write(nngp.tensor, name: "nngp")
/// try writer.begin("ntk", elementType: .float32, shape: [rows, columns])
/// for row in 0..<rows { try writer.append(kernelRow(row).span) }
/// try writer.finish()
/// ```
///
/// Archives and arrays above 4 GiB use zip's 64-bit records, which numpy reads too. The same arrays give the same bytes:
/// the date in the archive is always 1 January 1980, as numpy writes it. The file appears under its name only in
/// `finish()`.
public struct NpzWriter {
  private struct Member {
    var name: [UInt8]
    var offset: Int
    var size: Int
    var checksum = Checksum()
    var header: NpyHeader
    var missingBytes: Int
  }

  private let file: AtomicFile
  /// Sizes from here on need 64-bit records.
  private let wideThreshold: Int
  private var finished: [Member] = []
  private var current: Member?

  /// - Throws: `OutputError` when the file cannot be written.
  public init(_ url: URL) throws { try self.init(url, wideThreshold: 0xffff_ffff) }

  /// For tests: 64-bit records from a lower size on.
  package init(_ url: URL, wideThreshold: Int) throws {
    file = try AtomicFile(url)
    self.wideThreshold = wideThreshold
  }

  /// Writes a whole array.
  public mutating func write<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>, name: String) throws {
    try begin(name, elementType: Scalar.self == Float.self ? .float32 : .float64, shape: tensor.shape)
    try tensor.withUnsafeBuffer { try append(UnsafeRawBufferPointer($0)) }
  }

  /// Starts an array whose elements come piece by piece.
  ///
  /// - Precondition: the array before is complete, the name is new and has no slash, and the element type is `float32` or
  ///   `float64`.
  public mutating func begin(_ name: String, elementType: ElementType, shape: [Int]) throws {
    precondition(elementType == .float32 || elementType == .float64, "Arrays are written as float32 or float64.")
    let memberName = Array((name + ".npy").utf8)
    precondition(!name.isEmpty && !name.contains("/") && memberName.count <= 0xffff, "'\(name)' is no array's name.")
    try endCurrent()
    precondition(finished.allSatisfy { $0.name != memberName }, "The archive has an array '\(name)' already.")
    let header = NpyHeader(elementType: elementType, shape: shape)
    let bytes = header.encoded
    current = Member(
      name: memberName, offset: file.count, size: bytes.count + header.elementByteCount, header: header,
      missingBytes: bytes.count + header.elementByteCount)
    try file.write(localHeader(current!))
    try bytes.withUnsafeBytes { try append($0) }
  }

  /// The next elements of the array begun last, row-major.
  ///
  /// - Precondition: it is of `float32`, and there are no more elements than its shape has places.
  public mutating func append(_ elements: Span<Float>) throws {
    precondition(current?.header.elementType == .float32, "No array of float32 has been begun.")
    try elements.withUnsafeBytes { try append($0) }
  }

  /// The next elements of the array begun last, row-major.
  ///
  /// - Precondition: it is of `float64`, and there are no more elements than its shape has places.
  public mutating func append(_ elements: Span<Double>) throws {
    precondition(current?.header.elementType == .float64, "No array of float64 has been begun.")
    try elements.withUnsafeBytes { try append($0) }
  }

  private mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    precondition(current != nil && bytes.count <= current!.missingBytes, "More elements than the array has places.")
    current!.missingBytes -= bytes.count
    current!.checksum.update(bytes)
    try file.write(bytes)
  }

  /// Writes the table of contents and puts the file in its place.
  ///
  /// - Precondition: every array is complete.
  public mutating func finish() throws {
    try endCurrent()
    let start = file.count
    for member in finished { try file.write(directoryEntry(member)) }
    try file.write(endRecords(directoryOffset: start, directorySize: file.count - start))
    try file.commit()
  }

  private mutating func endCurrent() throws {
    guard let member = current else { return }
    precondition(member.missingBytes == 0, "Elements are missing: \(byteCountText(member.missingBytes)).")
    var checksum: [UInt8] = []
    LittleEndian.append(Int(member.checksum.value), size: 4, to: &checksum)
    try file.overwrite(checksum, at: member.offset + 14)
    finished.append(member)
    current = nil
  }

  // MARK: Records (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.14–16)

  private func record(_ signature: Int, _ fields: [(value: Int, size: Int)]) -> [UInt8] {
    var bytes: [UInt8] = []
    LittleEndian.append(signature, size: 4, to: &bytes)
    for field in fields { LittleEndian.append(field.value, size: field.size, to: &bytes) }
    return bytes
  }

  /// Version needed, flags (names in UTF-8), method 0, time, date.
  private func commonFields(wide: Bool) -> [(value: Int, size: Int)] {
    [(wide ? 45 : 20, 2), (0x800, 2), (0, 2), (0, 2), (0x21, 2)]
  }

  private func localHeader(_ member: Member) -> [UInt8] {
    let wide = member.size >= wideThreshold
    let size = wide ? 0xffff_ffff : member.size
    var bytes = record(
      0x0403_4b50,
      commonFields(wide: wide) + [(0, 4), (size, 4), (size, 4), (member.name.count, 2), (wide ? 20 : 0, 2)])
    bytes += member.name
    if wide {
      for field in [(1, 2), (16, 2), (member.size, 8), (member.size, 8)] {
        LittleEndian.append(field.0, size: field.1, to: &bytes)
      }
    }
    return bytes
  }

  private func directoryEntry(_ member: Member) -> [UInt8] {
    let wideSize = member.size >= wideThreshold
    let wideOffset = member.offset >= wideThreshold
    var extra: [UInt8] = []
    if wideSize || wideOffset {
      LittleEndian.append(1, size: 2, to: &extra)
      LittleEndian.append((wideSize ? 16 : 0) + (wideOffset ? 8 : 0), size: 2, to: &extra)
      if wideSize { for _ in 0..<2 { LittleEndian.append(member.size, size: 8, to: &extra) } }
      if wideOffset { LittleEndian.append(member.offset, size: 8, to: &extra) }
    }
    let size = wideSize ? 0xffff_ffff : member.size
    // Made by: Unix, version 4.5; permissions rw-r--r--.
    let bytes = record(
      0x0201_4b50,
      [(3 << 8 | 45, 2)] + commonFields(wide: !extra.isEmpty) + [
        (Int(member.checksum.value), 4), (size, 4), (size, 4), (member.name.count, 2), (extra.count, 2), (0, 2), (0, 2),
        (0, 2), (0o100644 << 16, 4), (wideOffset ? 0xffff_ffff : member.offset, 4),
      ])
    return bytes + member.name + extra
  }

  private func endRecords(directoryOffset: Int, directorySize: Int) -> [UInt8] {
    let count = finished.count
    let wide = count >= 0xffff || directoryOffset >= wideThreshold
    var bytes: [UInt8] = []
    if wide {
      bytes += record(
        0x0606_4b50,
        [
          (44, 8), (3 << 8 | 45, 2), (45, 2), (0, 4), (0, 4), (count, 8), (count, 8), (directorySize, 8),
          (directoryOffset, 8),
        ])
      bytes += record(0x0706_4b50, [(0, 4), (directoryOffset + directorySize, 8), (1, 4)])
    }
    return bytes
      + record(
        0x0605_4b50,
        [
          (0, 2), (0, 2), (wide ? 0xffff : count, 2), (wide ? 0xffff : count, 2),
          (wide ? 0xffff_ffff : directorySize, 4),
          (wide ? 0xffff_ffff : directoryOffset, 4), (0, 2),
        ])
  }
}
