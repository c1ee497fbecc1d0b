import OrreryTensors

extension TargetEncoding {
  /// The number of outputs that the targets need; nil for none.
  ///
  /// - Parameter classCount: the number of classes.
  public func outputs(classCount: Int) -> Int? {
    switch self {
    case .none: nil
    case .plusMinusOne: 1
    case .oneHot, .centred: classCount
    }
  }

  /// The targets of some samples, shape (samples, outputs); nil for none.
  ///
  /// - Precondition: every label is in `classes`, which has two entries for ``plusMinusOne``.
  func matrix<Scalar: TensorScalar>(of labels: [Int], classes: [Int]) -> Matrix<Scalar>? {
    guard let columns = outputs(classCount: classes.count) else { return nil }
    let index = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let share = self == .centred ? 1 / Scalar(classes.count) : 0
    var elements = [Scalar](repeating: -share, count: labels.count * columns)
    for (row, label) in labels.enumerated() {
      let place = index[label]!
      if self == .plusMinusOne {
        elements[row] = place == 0 ? -1 : 1
      } else {
        elements[row * columns + place] = 1 - share
      }
    }
    return Matrix(rows: labels.count, columns: columns, elements: elements)
  }
}
