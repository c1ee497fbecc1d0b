import OrreryTensors

extension ExperimentError {
  /// Checks that there are samples, of a network's features and finite.
  ///
  /// - Parameters:
  ///   - inputs: shape (samples, features).
  ///   - features: what the network takes.
  /// - Throws: ``featureMismatch(expected:found:)``, ``nonFiniteInput(sample:feature:)``.
  static func check(_ inputs: Matrix<Double>, features: Int) throws(ExperimentError) {
    guard inputs.columns == features, inputs.rows > 0 else {
      throw .featureMismatch(expected: features, found: inputs.rows > 0 ? inputs.columns : 0)
    }
    for sample in 0..<inputs.rows {
      if let feature = inputs.row(sample).firstIndex(where: { !$0.isFinite }) {
        throw .nonFiniteInput(sample: sample, feature: feature)
      }
    }
  }

  /// Checks that networks have numbers that a random stream can tell apart.
  ///
  /// - Throws: ``noSuchNetwork(_:)``.
  static func check(members: Range<Int>) throws(ExperimentError) {
    guard members.lowerBound >= 0 else { throw .noSuchNetwork(members.lowerBound) }
    guard members.upperBound - 1 <= UInt32.max else { throw .noSuchNetwork(members.upperBound - 1) }
  }
}
