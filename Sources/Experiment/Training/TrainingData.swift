import OrreryNetworks
import OrreryTensors

/// What a network is trained and tested on.
public struct TrainingData: Sendable {
  /// Inputs and targets of some samples.
  public struct Part: Sendable {
    /// Shape (samples, features).
    public let inputs: Matrix<Double>
    /// Shape (samples, outputs); of numbers of classes (samples, positions).
    public let targets: Matrix<Double>
    public let targetKind: TargetKind

    /// - Throws: ``ExperimentError`` for different numbers of samples, and for numbers that are not finite.
    public init(inputs: Matrix<Double>, targets: Matrix<Double>, targetKind: TargetKind = .values) throws {
      guard inputs.rows == targets.rows else {
        throw ExperimentError.badData(
          "there are \(inputs.rows) inputs and \(targets.rows) targets; give one target for each input")
      }
      self.inputs = inputs
      self.targets = targets
      self.targetKind = targetKind
      for (name, matrix) in [("input", inputs), ("target", targets)] {
        for sample in 0..<matrix.rows {
          if let place = matrix.row(sample).firstIndex(where: { !$0.isFinite }) {
            throw ExperimentError.badData(
              "number \(place) of \(name) \(sample) is not finite; remove that sample or replace the value")
          }
        }
      }
    }

    public var samples: Int { inputs.rows }
  }

  public let train: Part
  /// Nil where nothing is held out.
  public let test: Part?
  /// False where numbers stand in for targets that the data do not have, and nothing is compared with them.
  public let hasTargets: Bool

  public init(train: Part, test: Part? = nil, hasTargets: Bool = true) {
    self.train = train
    self.hasTargets = hasTargets
    self.test = test.flatMap { $0.samples > 0 ? $0 : nil }
  }

  /// Checks that data, network and loss fit.
  ///
  /// - Throws: ``ExperimentError``; `NetworkError` when layers do not fit to each other.
  func validate(for network: ResolvedNetwork, loss: Loss) throws {
    guard train.samples > 0 else {
      throw ExperimentError.badData("the training set is empty; ask for at least one sample")
    }
    let outputs = try network.outputShape()
    for part in [train, test].compactMap({ $0 }) {
      guard part.inputs.columns == network.inputs else {
        throw ExperimentError.featureMismatch(expected: network.inputs, found: part.inputs.columns)
      }
      if let embedding = network.architecture.layers.first?.description as? Embedding {
        try part.validateSymbols(part.inputs, below: embedding.vocabulary, what: "the embedding's vocabulary")
      }
      if part.targetKind == .classNumbers {
        try part.validateClassNumbers(outputs: outputs, loss: loss)
        continue
      }
      guard outputs == [part.targets.columns] else {
        throw ExperimentError.badData(
          "the network's output has the shape \(outputs) and the targets \([part.targets.columns]); make the two agree"
        )
      }
      for sample in 0..<part.samples {
        let row = part.targets.row(sample)
        if loss.needsSigns, let value = row.first(where: { abs($0) != 1 }) {
          throw ExperimentError.badData(
            "\(loss.name) takes targets of −1 and 1, and target \(sample) has \(value); choose data.targets: plus-minus-one"
          )
        }
        if case .crossEntropy = loss, row.contains(where: { $0 < 0 }) || abs(row.reduce(0, +) - 1) > 1e-9 {
          throw ExperimentError.badData(
            "cross-entropy takes probabilities of classes, and target \(sample) is none; choose data.targets: one-hot")
        }
      }
    }
  }
}

extension TrainingData.Part {
  /// - Throws: ``ExperimentError`` unless the numbers are whole and in 0 ..< `count`.
  fileprivate func validateSymbols(_ matrix: Matrix<Double>, below count: Int, what: String) throws {
    let place = matrix.withUnsafeBuffer { values in
      values.firstIndex { !($0 >= 0 && $0 < Double(count) && $0 == $0.rounded()) }
    }
    guard let place else { return }
    let value = matrix.withUnsafeBuffer { $0[place] }
    throw ExperimentError.badData(
      "sample \(place / matrix.columns) has \(value) at place \(place % matrix.columns), and \(what) has the numbers 0 to "
        + "\(count - 1); choose it as large as the data need")
  }

  fileprivate func validateClassNumbers(outputs: [Int], loss: Loss) throws {
    guard case .crossEntropy = loss else {
      throw ExperimentError.badData(
        "the targets are numbers of classes, which \(loss.name) cannot compare outputs with; choose loss: cross-entropy"
      )
    }
    guard let classes = outputs.last, outputs.dropLast().reduce(1, *) == targets.columns else {
      throw ExperimentError.badData(
        "the network's output has the shape \(outputs), and a sample has \(targets.columns) targets; make the positions agree"
      )
    }
    try validateSymbols(targets, below: classes, what: "the network's output")
  }
}

/// The same numbers in a precision, shared by all threads and written by none.
package final class TrainingArrays<Scalar: ExperimentScalar>: Sendable {
  package let samples: Int
  package let features: Int
  /// Numbers of one sample's target.
  package let outputs: Int
  package let targetKind: TargetKind
  package let inputs: AlignedStorage<Scalar>
  package let targets: AlignedStorage<Scalar>

  package init(_ part: TrainingData.Part) {
    samples = part.samples
    features = part.inputs.columns
    outputs = part.targets.columns
    targetKind = part.targetKind
    inputs = Self.converted(part.inputs)
    targets = Self.converted(part.targets)
  }

  private static func converted(_ matrix: Matrix<Double>) -> AlignedStorage<Scalar> {
    let storage = AlignedStorage<Scalar>(uninitializedCount: matrix.rows * matrix.columns)
    matrix.withUnsafeBuffer { source in
      for i in 0..<source.count { storage.elements[i] = Scalar(source[i]) }
    }
    return storage
  }

  /// Copies chosen samples one behind the other.
  func gather(
    _ indices: UnsafePointer<Int32>, count: Int, inputs target: UnsafeMutablePointer<Scalar>,
    targets labels: UnsafeMutablePointer<Scalar>
  ) {
    let (x, y) = (inputs.elements.baseAddress!, self.targets.elements.baseAddress!)
    for place in 0..<count {
      let sample = Int(indices[place])
      (target + place * features).update(from: x + sample * features, count: features)
      (labels + place * outputs).update(from: y + sample * outputs, count: outputs)
    }
  }
}
