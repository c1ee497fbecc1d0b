import OrreryTensors

/// Data as a network sees them: chosen, normalized, with targets.
///
/// ```swift
/// let digits = try DataSet<Double>.load(
///   DataDescription(.named("digits"), classes: [0, 1], train: 64, normalize: .sphere, targets: .plusMinusOne), seed: 7)
/// digits.train.inputs         // (64, 64)
/// digits.train.targets        // (64, 1)
/// ```
public struct DataSet<Scalar: TensorScalar>: Sendable {
  /// Training or test samples.
  public struct Part: Sendable, Equatable {
    /// Shape (samples, features).
    public var inputs: Matrix<Scalar>
    /// The label of each sample, as the data have it; nil without labels.
    public var labels: [Int]?
    /// Shape (samples, outputs), of a text (samples, positions); nil if no targets are asked for.
    public var targets: Matrix<Scalar>?
    /// Where each sample is in its file or in the data's own training or test set, counted from 0.
    public var places: [Int]

    /// The number of samples.
    public var count: Int { inputs.rows }
  }

  /// What was asked for.
  public let description: DataDescription
  /// The name of the catalogue, or the path of the inputs.
  public let name: String
  public let train: Part
  public let test: Part
  /// What the targets' numbers are: of a text, classes.
  public let targetKind: TargetKind
  /// The extents of one sample before it was laid out as features, such as [8, 8] pixels.
  public let sampleShape: [Int]
  /// The labels of the classes in the order of the targets; empty without labels.
  public let classes: [Int]
  /// The names of those classes.
  public let classNames: [String]
  /// Where the data come from, as a sentence's object.
  public let source: String
  public let licence: String?
  /// The SHA-256 digest, in hexadecimal, of the chosen samples as they are stored (element type, shape, bytes), their
  /// labels, and the names of normalization and targets. It does not depend on `Scalar`.
  public let digest: String

  /// n_0, the number of features.
  public var features: Int { train.inputs.columns }
  /// The shape of a network's output that the targets need, for one sample; nil without targets.
  public var outputShape: [Int]? {
    train.targets.map { targetKind == .values ? [$0.columns] : [$0.columns, classes.count] }
  }
  /// The number of outputs that the targets need, at each position where there are several; nil without targets.
  public var outputs: Int? { outputShape?.last }
}
