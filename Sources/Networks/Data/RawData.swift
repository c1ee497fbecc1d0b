import Foundation
import OrreryFormats
import OrreryTensors

/// Data as they are stored, before any choice and normalization.
package struct RawData {
  package struct Part {
    /// Shape (samples, features), any element type.
    package var inputs: NumericArray
    /// One label per sample; nil if the data have none.
    package var labels: [Int]?
    /// The file that holds the labels; nil where the data are none of the user's files.
    var labelsName: String?
    /// Of a text: the number of the symbol that follows each input, of the inputs' shape.
    package var nextSymbols: NumericArray?
  }

  var name: String
  package var train: Part
  /// The data's own test set; nil if test samples come from the same pool as training samples.
  package var test: Part?
  /// The extents of one sample.
  var shape: [Int]
  /// The names of classes by label; nil when labels are all there is.
  var classNames: [String]?
  var source: String
  var licence: String?

  /// Reads or draws what a description names.
  ///
  /// - Parameters:
  ///   - seed: the study's seed, for synthetic inputs.
  ///   - folder: what relative paths are relative to; the current folder if nil.
  /// - Throws: `DataError`, `FormatError`.
  static func read(_ description: DataDescription, seed: UInt64, relativeTo folder: URL?) throws -> RawData {
    if let text = try CharacterText(description.source, relativeTo: folder) {
      return try text.read(context: description.context ?? CharacterText.usualContext)
    }
    if description.context != nil {
      throw DataError(
        .wrongShape, name: "data", "a context is asked for, and the data are no text",
        remedy: "leave out context, or name a text.")
    }
    switch description.source {
    case .named("digits"): return try ShippedDigits.read()
    case .named("fashion-mnist"): return try FashionMNIST.read(from: FashionMNIST.folder())
    case .named(let name):
      throw DataError(
        .unknownName, name: "data", "there is no data set called '\(name)'",
        remedy: Spelling.remedy(for: name, among: DataCatalogue.names)
          + " Files of your own are named with files: { inputs: …, labels: … }.")
    case .files(let files): return try read(files, relativeTo: folder)
    case .synthetic(let synthetic): return try synthetic.draw(seed: seed)
    case .text: preconditionFailure("Texts have been read.")
    }
  }

  /// Inputs of any rank as a table (samples, features).
  static func table(_ array: NumericArray) throws -> NumericArray {
    guard !array.shape.isEmpty, array.rows > 0, array.rowCount > 0 else {
      throw DataError(
        .wrongShape, name: array.name, "the inputs have shape \(array.shape), and hold no samples with features",
        remedy: "give an array of shape [samples, features].")
    }
    try array.requireFinite()
    return array
  }

  /// Labels from an array of whole numbers, of shape [samples] or [samples, 1].
  static func labels(_ array: NumericArray, count: Int) throws -> [Int] {
    guard array.count == array.rows, !array.shape.isEmpty else {
      throw DataError(
        .labels, name: array.name, "the labels have shape \(array.shape)",
        remedy: "give one whole number for each sample, an array of shape [samples].")
    }
    guard array.count == count else {
      throw DataError(
        .labels, name: array.name, "there are \(array.count) labels for \(count) inputs",
        remedy: "give one label for each input.")
    }
    return try wholeNumbers(array.float64().elements, name: array.name)
  }

  /// Takes the column with the labels out of a table (samples, columns).
  static func split(_ table: NumericArray, labelColumn: Int, name: String) throws -> (NumericArray, [Int]) {
    guard table.shape.count == 2 else {
      throw DataError(
        .labels, name: name, "a label column is asked for, and the inputs have shape \(table.shape)",
        remedy: "give the labels in a file of their own.")
    }
    let columns = table.shape[1]
    let place = labelColumn < 0 ? columns + labelColumn : labelColumn
    guard (0..<columns).contains(place) else {
      throw DataError(
        .labels, name: name, "there is no column \(labelColumn) in a table of \(columns) columns",
        remedy: "choose one from 0 to \(columns - 1), or -1 for the last.")
    }
    guard columns > 1 else {
      throw DataError(
        .wrongShape, name: name, "the only column holds the labels", remedy: "give inputs with at least one feature.")
    }
    let values = table.float64()
    var column: [Double] = []
    let inputs = Tensor<Double>(shape: [table.rows, columns - 1]) { target in
      values.withUnsafeBuffer { source in
        var next = 0
        for (index, value) in source.enumerated() {
          if index % columns == place {
            column.append(value)
          } else {
            target.initializeElement(at: next, to: value)
            next += 1
          }
        }
      }
    }
    return (NumericArray(inputs, name: name), try wholeNumbers(column, name: name))
  }

  private static func wholeNumbers(_ values: [Double], name: String) throws -> [Int] {
    try values.enumerated().map { place, value in
      guard let label = Int(exactly: value) else {
        throw DataError(
          .labels, name: name, "the label of sample \(place), counted from 0, is \(value)",
          remedy: "labels are whole numbers; number the classes.")
      }
      return label
    }
  }
}
