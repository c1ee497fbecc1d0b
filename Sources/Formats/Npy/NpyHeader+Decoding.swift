extension NpyHeader {
  /// Reads the header at the front of a stream; afterwards the stream stands at the first element.
  ///
  /// - Throws: `FormatError` when it is none, or announces what is not read here.
  static func decode(from stream: any ByteStream) throws -> ArrayDescription {
    let file = stream.name
    guard stream.remaining >= 10 else {
      throw FormatError(
        .truncated, file: file, "the file ends within the first bytes of an npy file",
        remedy: "copy it again, or save it again with numpy.save")
    }
    let start = try stream.bytes(8)
    guard start.starts(with: magic) else {
      throw FormatError(
        .malformed, file: file, "the file does not start as an npy file does",
        remedy: "save the array with numpy.save, or give the file the extension of its real format")
    }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw FormatError(
        .unsupported, file: file, "npy version \(start[6]).\(start[7]) is unknown (1.0, 2.0 and 3.0 are read)",
        remedy: "save it again with numpy.save")
    }
    let lengthBytes = start[6] == 1 ? 2 : 4
    guard stream.remaining >= lengthBytes else { throw truncatedHeader(file) }
    let length = try stream.bytes(lengthBytes).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= stream.remaining else { throw truncatedHeader(file) }
    guard length <= 1 << 20 else {
      throw FormatError(
        .unsupported, file: file, "the header takes \(byteCountText(length)), as only records with many fields need",
        remedy: "save each field as an array of its own")
    }
    return try description(try stream.bytes(length), file: file)
  }

  private static func truncatedHeader(_ file: String) -> FormatError {
    FormatError(
      .truncated, file: file, "the file ends within its header",
      remedy: "copy it again, or save it again with numpy.save")
  }

  private static func description(_ text: [UInt8], file: String) throws -> ArrayDescription {
    func malformed(_ what: String) -> FormatError {
      FormatError(.malformed, file: file, "the header \(what)", remedy: "save the array again with numpy.save")
    }
    guard case .dictionary(let entries)? = PythonLiteral.parse(text) else {
      throw malformed("cannot be understood")
    }
    guard Set(entries.keys) == ["descr", "fortran_order", "shape"] else {
      throw malformed("does not consist of descr, fortran_order and shape")
    }
    guard case .truth(let fortranOrder)? = entries["fortran_order"] else {
      throw malformed("has a fortran_order that is neither True nor False")
    }
    guard case .tuple(let extents)? = entries["shape"] else { throw malformed("has a shape that is no tuple") }
    guard extents.count <= 64 else { throw malformed("has a shape of \(extents.count) axes where numpy permits 64") }
    let shape = try extents.map { extent in
      guard case .integer(let value) = extent else { throw malformed("has a shape that does not consist of integers") }
      guard let value else {
        throw FormatError(
          .inconsistent, file: file, "the header has a shape with an extent that does not fit in 64 bits",
          remedy: "save the array again with numpy.save")
      }
      guard value >= 0 else { throw malformed("has a shape with the negative extent \(value)") }
      return value
    }
    let (type, bigEndian) = try elementType(entries["descr"], file: file)
    return ArrayDescription(elementType: type, shape: shape, bigEndian: bigEndian, fortranOrder: fortranOrder)
  }

  private static func elementType(_ descr: PythonLiteral?, file: String) throws -> (ElementType, bigEndian: Bool) {
    func unsupported(_ what: String, _ remedy: String) -> FormatError {
      FormatError(.unsupported, file: file, what, remedy: remedy)
    }
    let text: String
    switch descr {
    case .text(let value)?: text = value
    case .list?:
      throw unsupported("the array holds records with named fields", "save each field as an array of its own")
    default: throw unsupported("the array has fields of its own shape", "save the field as a plain array")
    }
    let code = text.drop { "<>|=".contains($0) }
    if text.count - code.count <= 1, let type = ElementType(code: String(code)) {
      return (type, text.hasPrefix(">") && type.size > 1)
    }
    switch code.first {
    case "O":
      throw unsupported(
        "the array holds pickled Python objects, which are never loaded, because loading them can run any program",
        "save numbers, as in numpy.save(path, array.astype(float))")
    case "c": throw unsupported("the array holds complex numbers", "save its real and its imaginary part as two arrays")
    case "U", "S", "a", "T":
      throw unsupported("the array holds text", "save numbers, as in numpy.save(path, array.astype(float))")
    case "V": throw unsupported("the array holds raw records", "save each field as an array of its own")
    case "M", "m":
      throw unsupported("the array holds dates or times", "save numbers, as in numpy.save(path, array.astype(float))")
    case "f":
      throw unsupported(
        "the array holds floating-point numbers of an unusual size (\(printable(text)))",
        "save array.astype('float64')")
    default:
      throw unsupported("the element type '\(printable(text))' is unknown", "save array.astype('float64')")
    }
  }
}

/// A piece of an untrusted text that can be shown in a message: short, and without control characters.
package func printable(_ text: String, limit: Int = 32) -> String {
  let shown = text.unicodeScalars.prefix(limit).map { scalar -> Character in
    scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      ? "\u{fffd}" : Character(scalar)
  }
  return String(shown) + (text.unicodeScalars.count > limit ? "…" : "")
}
