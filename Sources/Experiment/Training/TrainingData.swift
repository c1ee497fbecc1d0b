import OrreryNetworks
import OrreryTensors

/// What a network is trained and tested on.
public struct TrainingData: Sendable {
  /// Inputs and targets of some samples.
  public struct Part: Sendable {
    /// Shape (samples, features).
    public let inputs: Matrix<Double>
    /// Shape (samples, outputs).
    public let targets: Matrix<Double>

    /// - Throws: ``ExperimentError`` for different numbers of samples, and for numbers that are not finite.
    public init(inputs: Matrix<Double>, targets: Matrix<Double>) throws {
      guard inputs.rows == targets.rows else {
        throw ExperimentError.badData(
          "there are \(inputs.rows) inputs and \(targets.rows) targets; give one target for each input")
      }
      self.inputs = inputs
      self.targets = targets
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

  public init(train: Part, test: Part? = nil) {
    self.train = train
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

/// The same numbers in a precision, shared by all threads and written by none.
package final class TrainingArrays<Scalar: ExperimentScalar>: Sendable {
  package let samples: Int
  package let features: Int
  package let outputs: Int
  package let inputs: AlignedStorage<Scalar>
  package let targets: AlignedStorage<Scalar>

  package init(_ part: TrainingData.Part) {
    samples = part.samples
    features = part.inputs.columns
    outputs = part.targets.columns
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
