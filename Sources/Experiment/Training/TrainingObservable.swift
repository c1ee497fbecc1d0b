/// What is recorded of a network while it is trained: numbers at steps, and arrays where asked for.
public enum TrainingObservable: String, Hashable, Codable, Sendable, CaseIterable {
  /// The loss of the whole training set, in its own convention.
  case loss
  /// The fraction of the training set classified rightly: the largest output at the largest target; for one output, equal
  /// signs.
  case accuracy
  /// The loss of the step's own batch, before the step; not at the end, where no step is taken. It costs nothing.
  case batchLoss = "batch-loss"
  case testLoss = "test-loss"
  case testAccuracy = "test-accuracy"
  /// The Euclidean norm of the step's gradient (of its batch), before clipping; not at the end, where no step is taken.
  case gradientNorm = "gradient-norm"
  /// The Euclidean norm of all parameters.
  case weightNorm = "weight-norm"
  /// The largest eigenvalue of the loss's Hessian on the whole training set, and the bound ‖Hv − λv‖ of its error.
  case sharpness
  /// z of every training sample: (samples, outputs).
  case outputs
  /// z of every test sample: (samples, outputs).
  case testOutputs = "test-outputs"

  /// Whether it is one number at each step, and not an array.
  public var isNumber: Bool { ![.outputs, .testOutputs].contains(self) }

  /// Rises whenever the estimator gets other digits.
  public var numericsVersion: Int { 1 }

  /// What is recorded unless asked otherwise: everything that costs no more than passes over the data.
  public static let usual: [TrainingObservable] = [
    .loss, .accuracy, .testLoss, .testAccuracy, .gradientNorm, .weightNorm,
  ]

  /// What a report calls it.
  public var title: String {
    switch self {
    case .loss: "training loss"
    case .accuracy: "training accuracy"
    case .batchLoss: "batch loss"
    case .testLoss: "test loss"
    case .testAccuracy: "test accuracy"
    case .gradientNorm: "gradient norm"
    case .weightNorm: "weight norm"
    case .sharpness: "sharpness"
    case .outputs: "training outputs"
    case .testOutputs: "test outputs"
    }
  }
}
