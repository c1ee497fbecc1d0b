import Foundation
import OrreryTensors

/// The format of named tensors that checkpoints are shared in: a header of JSON, then the elements.
///
/// ```swift
/// let file = try Safetensors(URL(filePath: "model.safetensors"))
/// file.names                          // ["layer-1.weight", "layer-1.bias"]
/// let weight = try file.read("layer-1.weight")
/// ```
///
/// Eight bytes hold the header's length, little-endian; the header maps each name to an element type, a shape and the
/// place of its elements, which follow one another without holes. Opening reads the header only. Booleans, integers of 8
/// to 64 bits and floating-point numbers of 16 to 64 bits are read; bfloat16 becomes single precision, exactly.
/// Reference: Hugging Face, safetensors, format 0.3 (https://github.com/huggingface/safetensors).
public struct Safetensors: Sendable {
  /// The names of the tensors, in the order of their elements in the file.
  public var names: [String] { entries.map(\.name) }
  /// Texts that the writer has added, by key.
  public let metadata: [String: String]
  let entries: [SafetensorsEntry]
  private let places: [String: Int]
  private let source: ByteSource
  /// Where the elements begin.
  private let start: Int

  /// The longest header that is read, as the reference implementation has it.
  static let largestHeader = 100_000_000

  /// Opens a file.
  ///
  /// - Throws: `FormatError`.
  public init(_ url: URL) throws { try self.init(ByteSource(opening: url)) }

  /// Opens a file in memory; `name` is what messages call it.
  public init(_ bytes: [UInt8], name: String) throws { try self.init(ByteSource(bytes, name: name)) }

  init(_ source: ByteSource) throws {
    func truncated(_ problem: String) -> FormatError {
      FormatError(.truncated, file: source.name, problem, remedy: Self.remedy)
    }
    guard source.count >= 8 else {
      throw truncated("the file ends within the first bytes of a safetensors file")
    }
    let length = LittleEndian.integer(try source.bytes(in: 0..<8), at: 0, size: 8)
    guard let length, length <= Self.largestHeader else {
      throw FormatError(
        .malformed, file: source.name,
        "the first eight bytes announce a header larger than any safetensors file has", remedy: Self.remedy)
    }
    guard length <= source.count - 8 else { throw truncated("the file ends within its header") }
    let header = try SafetensorsHeader(source.bytes(in: 8..<(8 + length)), file: source.name)
    try header.requireContiguous(byteCount: source.count - 8 - length, file: source.name)
    self.source = source
    start = 8 + length
    metadata = header.metadata
    entries = header.entries
    places = Dictionary(uniqueKeysWithValues: header.entries.enumerated().map { ($1.name, $0) })
  }

  static let remedy = "copy it again, or save it again with safetensors"

  /// The shape of a tensor; nil when there is none of this name.
  public func shape(of name: String) -> [Int]? { places[name].map { entries[$0].shape } }

  /// Reads one tensor.
  ///
  /// - Throws: `FormatError` when there is none of this name, or it exceeds the limits.
  public func read(_ name: String, limits: ReadLimits = ReadLimits()) throws -> NumericArray {
    guard let place = places[name] else {
      let shown = names.prefix(12).map { printable($0) }.joined(separator: ", ") + (names.count > 12 ? ", …" : "")
      throw FormatError(
        .noSuchArray, file: source.name, "the file holds no tensor named '\(printable(name))'",
        remedy: names.isEmpty ? "save tensors with safetensors" : "name one that it holds (\(shown))")
    }
    let entry = entries[place]
    let stream = SourceStream(
      source, range: (start + entry.range.lowerBound)..<(start + entry.range.upperBound),
      name: "\(source.name), tensor '\(printable(name))'")
    let stored = try NumericArray(
      ArrayDescription(elementType: entry.type.storage, shape: entry.shape), from: stream, limits: limits,
      remedy: Self.remedy)
    return entry.type == .bfloat16 ? stored.widenedFromBrainFloat() : stored
  }

  /// Reads every tensor.
  ///
  /// - Throws: `FormatError`.
  public func readAll(limits: ReadLimits = ReadLimits()) throws -> [String: NumericArray] {
    try Dictionary(uniqueKeysWithValues: names.map { ($0, try read($0, limits: limits)) })
  }
}

extension NumericArray {
  /// bfloat16, held as its 16 bits, in single precision: the upper half of a Float, so that nothing is rounded.
  fileprivate func widenedFromBrainFloat() -> NumericArray {
    let tensor = Tensor<Float>(shape: shape) { target in
      withStoredBytes { source in
        for index in 0..<target.count {
          let bits = source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
          target.initializeElement(at: index, to: Float(bitPattern: UInt32(bits) << 16))
        }
      }
    }
    return NumericArray(tensor, name: name)
  }
}
