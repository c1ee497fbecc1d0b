import Foundation
import OrreryFormats

extension RawData {
  /// Reads inputs, labels and test set from a user's files.
  static func read(_ files: DataFiles, relativeTo folder: URL?) throws -> RawData {
    let train = try part(files.inputs, labels: files.labels, relativeTo: folder)
    var test: Part?
    if let inputs = files.testInputs {
      let labels: LabelReference? =
        switch files.labels {
        case .column, .columnName: files.labels
        case .array, nil: files.testLabels.map { .array($0) }
        }
      let own = try part(inputs, labels: labels, relativeTo: folder)
      guard own.inputs.rowCount == train.inputs.rowCount else {
        throw DataError(
          .wrongShape, name: inputs.path,
          "the test inputs have \(own.inputs.rowCount) features, the training inputs \(train.inputs.rowCount)",
          remedy: "give both the same features.")
      }
      guard (own.labels == nil) == (train.labels == nil) else {
        throw DataError(
          .labels, name: inputs.path,
          own.labels == nil
            ? "the training inputs have labels, the test inputs have none"
            : "the test inputs have labels, the training inputs have none",
          remedy: "give labels to both or to neither.")
      }
      test = own
    } else if let labels = files.testLabels {
      throw DataError(
        .labels, name: labels.path, "there are test labels without test inputs",
        remedy: "give test-inputs too, or leave test-labels out.")
    }
    return RawData(
      name: files.inputs.path, train: train, test: test, shape: Array(train.inputs.shape.dropFirst()), classNames: nil,
      source: files.inputs.path, licence: nil)
  }

  private static func part(
    _ inputs: ArrayReference, labels: LabelReference?, relativeTo folder: URL?
  ) throws -> Part {
    func url(_ reference: ArrayReference) -> URL { URL(filePath: reference.path, relativeTo: folder) }
    switch labels {
    case nil: return Part(inputs: try table(.read(from: url(inputs), array: inputs.array)), labels: nil)
    case .array(let reference):
      let values = try table(.read(from: url(inputs), array: inputs.array))
      let array = try NumericArray.read(from: url(reference), array: reference.array)
      return Part(inputs: values, labels: try Self.labels(array, count: values.rows), labelsName: reference.path)
    case .column(let column):
      let values = try table(.read(from: url(inputs), array: inputs.array))
      let (own, labels) = try split(values, labelColumn: column, name: inputs.path)
      return Part(inputs: own, labels: labels, labelsName: inputs.path)
    case .columnName(let name):
      let csv = try Csv.read(from: url(inputs))
      guard let column = csv.columnNames?.firstIndex(of: name) else {
        throw DataError(
          .labels, name: inputs.path,
          csv.columnNames == nil
            ? "a label column '\(name)' is asked for, and the table has no header line"
            : "the table has no column '\(name)'",
          remedy: csv.columnNames.map { Spelling.remedy(for: name, among: $0) } ?? "give the column's number.")
      }
      let (own, labels) = try split(table(csv.values), labelColumn: column, name: inputs.path)
      return Part(inputs: own, labels: labels, labelsName: inputs.path)
    }
  }
}
