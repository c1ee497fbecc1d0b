import OrreryTensors

extension NumericArray {
  /// Checks that no element is NaN or infinite.
  ///
  /// - Parameter precision: the type that the caller will convert to; with `Float.self`, numbers too large for single
  ///   precision are refused too.
  /// - Throws: `FormatError` that names the first such element, in row-major order.
  public func requireFinite(as precision: any TensorScalar.Type = Double.self) throws {
    guard let offset = firstNonFinite(single: precision == Float.self) else { return }
    let value = elementText(at: offset)
    if value.tooLarge {
      throw FormatError(
        .notFinite, file: name, "the value \(value.text) at \(placeText(offset)) is too large for single precision",
        remedy: "scale the data, or compute in double precision")
    }
    throw FormatError(
      .notFinite, file: name, "the value at \(placeText(offset)) is \(value.text)",
      remedy: "remove or replace what is not finite")
  }

  private func firstNonFinite(single: Bool) -> Int? {
    switch storage {
    case .float32(let tensor): tensor.withUnsafeBuffer { $0.firstIndex { !$0.isFinite } }
    case .float64(let tensor):
      tensor.withUnsafeBuffer { single ? $0.firstIndex { !Float($0).isFinite } : $0.firstIndex { !$0.isFinite } }
    case .packed(let bytes):
      elementType == .float16
        ? bytes.withUnsafeBytes { raw in
          (0..<count).first { raw.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self) & 0x7c00 == 0x7c00 }
        } : nil
    }
  }

  private func elementText(at offset: Int) -> (text: String, tooLarge: Bool) {
    let value: Double =
      switch storage {
      case .float32(let tensor): tensor.withUnsafeBuffer { Double($0[offset]) }
      case .float64(let tensor): tensor.withUnsafeBuffer { $0[offset] }
      case .packed(let bytes):
        bytes.withUnsafeBytes {
          Double(Self.halfPrecision($0.loadUnaligned(fromByteOffset: 2 * offset, as: UInt16.self)))
        }
      }
    if value.isNaN { return ("NaN", false) }
    if value.isInfinite { return (value > 0 ? "infinite" : "minus infinity", false) }
    return ("\(value)", true)
  }

  /// `"index (3, 0), counted from 0"`.
  private func placeText(_ offset: Int) -> String {
    var rest = offset
    var indices: [Int] = []
    for extent in shape.reversed() {
      indices.append(rest % extent)
      rest /= extent
    }
    return "index \(shapeText(indices.reversed())), counted from 0,"
  }
}
