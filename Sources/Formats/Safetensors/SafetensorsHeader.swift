/// The element types of safetensors that are read.
///
/// In the order in which the reference implementation writes them.
enum SafetensorsType: String, CaseIterable {
  case uint64 = "U64"
  case int64 = "I64"
  case float64 = "F64"
  case float32 = "F32"
  case uint32 = "U32"
  case int32 = "I32"
  case bfloat16 = "BF16"
  case float16 = "F16"
  case uint16 = "U16"
  case int16 = "I16"
  case int8 = "I8"
  case uint8 = "U8"
  case bool = "BOOL"

  /// The place in a file: low ones first.
  var rank: Int { Self.allCases.firstIndex(of: self)! }

  /// As what the elements are first read.
  var storage: ElementType {
    switch self {
    case .float64: .float64
    case .float32: .float32
    case .float16: .float16
    case .int64: .int64
    case .int32: .int32
    case .int16: .int16
    case .int8: .int8
    case .uint64: .uint64
    case .uint32: .uint32
    case .uint16, .bfloat16: .uint16
    case .uint8: .uint8
    case .bool: .bool
    }
  }

  init(_ type: ElementType) { self = Self.allCases.first { $0 != .bfloat16 && $0.storage == type }! }
}

/// One tensor of the header.
struct SafetensorsEntry: Hashable {
  var name: String
  var type: SafetensorsType
  var shape: [Int]
  /// Where its elements lie, counted from the end of the header.
  var range: Range<Int>
}

/// The header of a safetensors file, every entry checked against its own shape.
struct SafetensorsHeader {
  /// In the order of their elements.
  var entries: [SafetensorsEntry] = []
  var metadata: [String: String] = [:]

  /// - Throws: `FormatError`.
  init(_ text: [UInt8], file: String) throws {
    func malformed(_ problem: String) -> FormatError {
      FormatError(.malformed, file: file, problem, remedy: Safetensors.remedy)
    }
    guard case .object(let members)? = HeaderJSON.parse(text) else {
      throw malformed("the header is no JSON object of names, types, shapes and places")
    }
    var seen: Set<String> = []
    for (name, value) in members {
      guard seen.insert(name).inserted else {
        throw malformed("the header holds two tensors named '\(printable(name))'")
      }
      guard case .object(let fields) = value else {
        throw malformed("the header describes '\(printable(name))' by no object")
      }
      if name == "__metadata__" {
        for (key, value) in fields {
          guard case .text(let text) = value else {
            throw malformed("the metadata '\(printable(key))' is no text")
          }
          guard metadata.updateValue(text, forKey: key) == nil else {
            throw malformed("the header holds two metadata named '\(printable(key))'")
          }
        }
      } else {
        entries.append(try SafetensorsEntry(name: name, fields, file: file))
      }
    }
    // Empty tensors share their place with the next one, and come before it.
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
  }

  /// Checks that the tensors fill the bytes after the header exactly, one after another.
  func requireContiguous(byteCount: Int, file: String) throws {
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw FormatError(
          .inconsistent, file: file,
          entry.range.lowerBound < end
            ? "the tensor '\(printable(entry.name))' overlaps another"
            : "there is a hole of \(byteCountText(entry.range.lowerBound - end)) before the tensor "
              + "'\(printable(entry.name))'", remedy: Safetensors.remedy)
      }
      end = entry.range.upperBound
    }
    guard end == byteCount else {
      throw FormatError(
        end > byteCount ? .truncated : .inconsistent, file: file,
        "the header promises \(byteCountText(end)) of elements, but \(byteCountText(byteCount)) "
          + "follow\(byteCount == 1 ? "s" : "") it", remedy: Safetensors.remedy)
    }
  }
}

extension SafetensorsEntry {
  fileprivate init(name: String, _ fields: [(key: String, value: HeaderJSON)], file: String) throws {
    let shown = printable(name)
    func error(_ kind: FormatError.Kind, _ problem: String, _ remedy: String = Safetensors.remedy) -> FormatError {
      FormatError(kind, file: file, "the tensor '\(shown)' \(problem)", remedy: remedy)
    }
    let values = Dictionary(fields.map { ($0.key, $0.value) }) { first, _ in first }
    guard fields.count == 3, case .text(let typeName)? = values["dtype"], case .list(let extents)? = values["shape"],
      case .list(let offsets)? = values["data_offsets"]
    else { throw error(.malformed, "is not described by dtype, shape and data_offsets") }
    guard let type = SafetensorsType(rawValue: typeName) else {
      throw error(
        .unsupported, "has the element type \(printable(typeName, limit: 12)), which is not read",
        "save it as F32, F64, F16 or BF16")
    }
    func integers(_ list: [HeaderJSON], _ what: String) throws -> [Int] {
      try list.map { item in
        guard case .integer(let value) = item else {
          throw error(.malformed, "has \(what) that do not consist of integers from 0 on")
        }
        guard let value else { throw error(.inconsistent, "has \(what) that do not fit in 64 bits") }
        return value
      }
    }
    let shape = try integers(extents, "extents")
    let range = try integers(offsets, "offsets")
    guard shape.count <= 64 else { throw error(.unsupported, "has \(shape.count) axes, and at most 64 are read") }
    guard range.count == 2, range[0] <= range[1] else {
      throw error(.malformed, "has data_offsets that are no beginning and end")
    }
    let description = ArrayDescription(elementType: type.storage, shape: shape)
    guard let count = description.byteCount else {
      throw error(.inconsistent, "has shape \(shapeText(shape)), more bytes than can be counted")
    }
    guard count == range[1] - range[0] else {
      throw error(
        .inconsistent,
        "has shape \(shapeText(shape)) of \(type.rawValue), \(byteCountText(count)), and a place of "
          + "\(byteCountText(range[1] - range[0]))")
    }
    self.init(name: name, type: type, shape: shape, range: range[0]..<range[1])
  }
}
