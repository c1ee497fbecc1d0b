import OrreryTensors

extension DataNormalization {
  /// Scales a row to |x|² = n_0, the number of its elements, with sums in Double.
  ///
  /// - Returns: false, and leaves the row alone, when its length is 0.
  @inline(__always)
  static func scaleToSphere<Scalar: TensorScalar>(_ row: UnsafeMutableBufferPointer<Scalar>) -> Bool {
    var sum = 0.0
    for value in row { sum += Double(value) * Double(value) }
    if sum > 1e-290, sum < .infinity {
      let scale = (Double(row.count) / sum).squareRoot()
      for index in row.indices { row[index] = Scalar(Double(row[index]) * scale) }
      return true
    }
    // Squares of the largest doubles overflow, of the smallest vanish: divide by the largest element first.
    var largest = 0.0
    for value in row { largest = max(largest, abs(Double(value))) }
    guard largest > 0 else { return false }
    sum = 0
    for value in row {
      let ratio = Double(value) / largest
      sum += ratio * ratio
    }
    let scale = (Double(row.count) / sum).squareRoot()
    for index in row.indices { row[index] = Scalar(Double(row[index]) / largest * scale) }
    return true
  }

  /// Normalizes training and test inputs in place, shapes (samples, features).
  ///
  /// - Parameter places: where the samples are in the file, for messages.
  /// - Throws: `DataError` when an input has length 0 (sphere), or there is no training sample (standard).
  @inline(__always)
  func apply<Scalar: TensorScalar>(
    train: inout Matrix<Scalar>, test: inout Matrix<Scalar>, places: (train: [Int], test: [Int]), name: String
  ) throws {
    switch self {
    case .none: break
    case .sphere:
      try Self.applySphere(&train, places.train, name: name, part: "sample")
      try Self.applySphere(&test, places.test, name: name, part: "test sample")
    case .standard:
      guard train.rows > 0 else {
        throw DataError(
          .normalization, name: name, "there is no training sample to take means and variances from",
          remedy: "choose train: 2 or more, or another normalization.")
      }
      let (means, scales) = Self.statistics(train)
      Self.standardize(&train, means, scales)
      Self.standardize(&test, means, scales)
    }
  }

  @inline(__always)
  private static func applySphere<Scalar: TensorScalar>(
    _ inputs: inout Matrix<Scalar>, _ places: [Int], name: String, part: String
  ) throws {
    let (rows, columns) = (inputs.rows, inputs.columns)
    let failed = inputs.withUnsafeMutableBuffer { buffer in
      (0..<rows).first { row in
        !scaleToSphere(UnsafeMutableBufferPointer(rebasing: buffer[(row * columns)..<((row + 1) * columns)]))
      }
    }
    if let failed {
      throw DataError(
        .normalization, name: name,
        "\(part) \(places[failed]), counted from 0, is zero everywhere and cannot be scaled to a sphere",
        remedy: "remove it, or choose another normalization.")
    }
  }

  /// The mean of every feature, and one over its standard deviation (divisor N), 0 where the feature is constant.
  @inline(__always)
  private static func statistics<Scalar: TensorScalar>(_ inputs: Matrix<Scalar>) -> ([Double], [Double]) {
    let (rows, columns) = (inputs.rows, inputs.columns)
    var means = [Double](repeating: 0, count: columns)
    var squares = means
    var constant = [Bool](repeating: true, count: columns)
    inputs.withUnsafeBuffer { values in
      for row in 0..<rows {
        for column in 0..<columns {
          let value = values[row &* columns &+ column]
          means[column] += Double(value)
          if value != values[column] { constant[column] = false }
        }
      }
      for column in 0..<columns { means[column] /= Double(rows) }
      // A second pass, since the difference of mean square and squared mean would cancel.
      for row in 0..<rows {
        for column in 0..<columns {
          let deviation = Double(values[row &* columns &+ column]) - means[column]
          squares[column] += deviation * deviation
        }
      }
    }
    let scales = (0..<columns).map { constant[$0] || squares[$0] == 0 ? 0 : (Double(rows) / squares[$0]).squareRoot() }
    return (means, scales)
  }

  @inline(__always)
  private static func standardize<Scalar: TensorScalar>(
    _ inputs: inout Matrix<Scalar>, _ means: [Double], _ scales: [Double]
  ) {
    let (rows, columns) = (inputs.rows, inputs.columns)
    inputs.withUnsafeMutableBuffer { values in
      for row in 0..<rows {
        for column in 0..<columns {
          let place = row &* columns &+ column
          // A constant feature becomes 0 in every sample, also where a test sample differs.
          values[place] = scales[column] == 0 ? 0 : Scalar((Double(values[place]) - means[column]) * scales[column])
        }
      }
    }
  }
}
