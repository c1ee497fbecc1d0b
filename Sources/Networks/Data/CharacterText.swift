import Foundation
import OrreryFormats
import OrreryTensors

/// A text as samples for a network that foresees the next character.
///
/// The characters are Unicode scalars, numbered in rising order. Sample k holds the characters kT … kT + T − 1 of its part,
/// T the context; its targets are the characters that follow each of them. So every character of a part, but its first and
/// the rest behind its last sample, is a target once. The last tenth of the text is held out, as the data's own test set:
/// no sample reaches over the border.
struct CharacterText {
  let name: String
  let source: String
  let licence: String?
  let text: String

  /// The part of the text that is held out, at its end.
  static var heldOut: Double { 0.1 }
  /// T, unless asked otherwise.
  static var usualContext: Int { 128 }

  /// - Parameter context: T.
  /// - Throws: `DataError` for a context below 1 and for a text too short for one sample of each part.
  func read(context: Int) throws -> RawData {
    guard context >= 1 else {
      throw DataError(
        .wrongShape, name: name, "the context is \(context) characters", remedy: "give it at least one.")
    }
    let scalars = Array(text.unicodeScalars)
    let vocabulary = Set(scalars).sorted()
    let border = scalars.count - Int(Self.heldOut * Double(scalars.count))
    guard border > context, scalars.count - border > context else {
      throw DataError(
        .tooFewSamples, name: name,
        "the text has \(scalars.count) characters, and the last tenth must hold a context of \(context) and one more",
        remedy: "give a longer text, or a shorter data.context.")
    }
    var numbers = [Float](repeating: 0, count: Int(vocabulary[vocabulary.count - 1].value) + 1)
    for (number, scalar) in vocabulary.enumerated() { numbers[Int(scalar.value)] = Float(number) }
    let symbols = scalars.map { numbers[Int($0.value)] }
    return RawData(
      name: name, train: part(symbols[..<border], context), test: part(symbols[border...], context), shape: [context],
      classNames: vocabulary.map(Self.title), source: source, licence: licence)
  }

  private func part(_ symbols: ArraySlice<Float>, _ context: Int) -> RawData.Part {
    let samples = (symbols.count - 1) / context
    func windows(from start: Int) -> NumericArray {
      let first = symbols.startIndex + start
      return NumericArray(
        Tensor(shape: [samples, context], elements: Array(symbols[first..<(first + samples * context)])), name: name)
    }
    return RawData.Part(inputs: windows(from: 0), labels: nil, nextSymbols: windows(from: 1))
  }

  /// A character as lists of classes show it.
  private static func title(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "newline"
    case " ": "space"
    case "\t": "tab"
    default: String(Character(scalar))
    }
  }

  /// The text that a source names; nil for sources that are none.
  ///
  /// - Throws: `DataError`, `FormatError`.
  init?(_ source: DataSource, relativeTo folder: URL?) throws {
    switch source {
    case .named("king-james-bible"): self = try KingJamesBible.read()
    case .text(let path): self = try Self.file(path, relativeTo: folder)
    default: return nil
    }
  }

  init(name: String, source: String, licence: String?, text: String) {
    (self.name, self.source, self.licence, self.text) = (name, source, licence, text)
  }

  /// A user's file, in UTF-8.
  static func file(_ path: String, relativeTo folder: URL?) throws -> CharacterText {
    let url = URL(filePath: path, relativeTo: folder)
    let source = try ByteSource(opening: url)
    let bytes = try source.bytes(in: 0..<source.count)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DataError(
        .wrongShape, name: path, "the file is not text in UTF-8", remedy: "convert it, such as with iconv -t UTF-8.")
    }
    return CharacterText(name: path, source: path, licence: nil, text: text)
  }
}
