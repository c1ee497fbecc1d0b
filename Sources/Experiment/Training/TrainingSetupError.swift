/// Why training cannot begin or go on.
public enum TrainingSetupError: Error, Hashable, Sendable, CustomStringConvertible {
  case duplicateTensor(String)
  case emptyTensor(String, shape: [Int])
  case tooManyParameters
  /// Multipliers name a tensor that the network does not have.
  case unknownTensor(String, nearest: String?, known: [String])
  case learningRateNotSet
  /// The method does not take steps of a learning rate.
  case notAnUpdateRule(String)
  /// A number that is 0 or infinite in the precision of the parameters.
  case notRepresentable(name: String, value: Double, precision: String)
  case batchTooLarge(batch: Int, samples: Int)
  case emptyBatch(Int)
  case noSamples
  /// A step to be recorded lies outside the training.
  case noSuchStep(Int, last: Int)
  case tooManySamples(Int)
  /// A saved state lacks an array, has one too many, or one of another length.
  case stateMismatch(problem: String)

  public var description: String {
    switch self {
    case .duplicateTensor(let name):
      "Two parameter tensors are called \(name); give each a name of its own."
    case .emptyTensor(let name, let shape):
      "The parameter tensor \(name) has the shape \(shape), without elements; give every axis at least one."
    case .tooManyParameters:
      "The network has more parameters than memory can be addressed for; choose smaller widths."
    case .unknownTensor(let name, let nearest, let known):
      "A learning-rate multiplier is for the tensor \(name), which the network does not have; "
        + (nearest.map { "did you mean \($0)?" } ?? "its tensors are \(Self.list(known)).")
    case .learningRateNotSet:
      "The learning rate is auto and has not been set; resolve the study first, or give a number."
    case .notAnUpdateRule(let name):
      "\(name) is followed by an integrator of differential equations, not step by step; choose another optimizer here."
    case .notRepresentable(let name, let value, let precision):
      "The \(name) is \(value), which is 0 or infinite in \(precision); choose another, or train in float64."
    case .batchTooLarge(let batch, let samples):
      "A batch has \(batch) samples and the training set \(samples); take smaller batches, batch: full, or more data."
    case .emptyBatch(let size): "A batch has \(size) samples; give it at least one, or write batch: full."
    case .tooManySamples(let samples):
      "The training set has \(samples) samples, and they are numbered in 31 bits; take fewer."
    case .noSamples: "The training set has no samples; give it at least one."
    case .noSuchStep(let step, let last):
      "Step \(step) is to be recorded, and the training has steps 0 to \(last); choose among them, or train for longer."
    case .stateMismatch(let problem):
      "The saved state of the optimizer does not fit: \(problem); use a checkpoint of the same network and optimizer."
    }
  }

  private static func list(_ names: [String]) -> String {
    names.count <= 12 ? names.joined(separator: ", ") : names.prefix(12).joined(separator: ", ") + ", …"
  }
}
