import OrreryTensors

extension DataSet where Scalar == Double {
  /// Checks that the inputs, as they are after normalization, can be held in the precision that networks run in.
  ///
  /// - Throws: `DataError` that names the first number beyond its range.
  package func requireRange(of precision: Precision) throws {
    var testName = name
    if case .files(let files) = description.source, let own = files.testInputs { testName = own.path }
    for (part, name, what) in [(train, name, "sample"), (test, testName, "test sample")] {
      let beyond = part.inputs.withUnsafeBuffer { values in
        values.firstIndex { $0.magnitude > precision.greatestFinite }.map { ($0, values[$0]) }
      }
      guard let (place, value) = beyond else { continue }
      let (row, feature) = place.quotientAndRemainder(dividingBy: part.inputs.columns)
      throw DataError(
        .range, name: name,
        "feature \(feature) of \(what) \(part.places[row]), both counted from 0, is \(value) and exceeds "
          + "\(precision.rawValue) (\(precision.greatestText))",
        remedy: "set precision: float64, or normalize the data.")
    }
  }
}

extension Precision {
  /// The largest finite number, to two digits or exactly.
  fileprivate var greatestText: String {
    switch self {
    case .float16: "65504"
    case .bfloat16, .float32: "3.4e38"
    case .float64: "1.8e308"
    }
  }
}
