import Foundation

extension Safetensors {
  /// Writes the file whole, or leaves what was there.
  ///
  /// The elements lie by type, the largest first, then by name, as the reference implementation writes them: each is
  /// aligned, and the same tensors give the same bytes.
  ///
  /// - Precondition: no tensor is named `__metadata__`.
  /// - Throws: `OutputError`.
  public static func write(
    _ tensors: [String: NumericArray], metadata: [String: String] = [:], to url: URL
  ) throws {
    let ordered = order(tensors)
    let file = try AtomicFile(url)
    try file.write(header(ordered, metadata: metadata))
    for (_, array) in ordered { try array.withStoredBytes { try file.write($0) } }
    try file.commit()
  }

  /// The bytes of the file that holds these tensors.
  public static func encode(_ tensors: [String: NumericArray], metadata: [String: String] = [:]) -> [UInt8] {
    let ordered = order(tensors)
    var bytes = header(ordered, metadata: metadata)
    for (_, array) in ordered { array.withStoredBytes { bytes += $0 } }
    return bytes
  }

  private static func order(_ tensors: [String: NumericArray]) -> [(name: String, array: NumericArray)] {
    precondition(tensors["__metadata__"] == nil, "__metadata__ is no tensor's name.")
    return tensors.map { (name: $0.key, array: $0.value) }.sorted {
      let (left, right) = (SafetensorsType($0.array.elementType).rank, SafetensorsType($1.array.elementType).rank)
      // By bytes, as the reference does: Swift's own order of texts is that of their canonical forms.
      return left != right ? left < right : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
  }

  private static func header(_ tensors: [(name: String, array: NumericArray)], metadata: [String: String]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for (name, array) in tensors {
      let end = offset + array.count * array.elementType.size
      let shape = array.shape.map(String.init).joined(separator: ",")
      let type = SafetensorsType(array.elementType).rawValue
      members.append("\(quoted(name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    // Spaces align the elements.
    text += [UInt8](repeating: 0x20, count: -text.count & 7)
    var bytes: [UInt8] = []
    LittleEndian.append(text.count, size: 8, to: &bytes)
    return bytes + text
  }

  /// A text as JSON writes it.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{8}": quoted += "\\b"
      case "\u{c}": quoted += "\\f"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
