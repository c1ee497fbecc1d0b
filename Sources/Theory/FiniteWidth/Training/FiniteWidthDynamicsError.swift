/// Why the dynamics at order 1/n cannot be given; each text says what is wrong and what to do.
public enum FiniteWidthDynamicsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The layer has no tensors of the NTK's differentials.
  case noDifferentials(layer: Int)
  /// A tensor flow of fewer inputs than there are training samples.
  case tooFewInputs(inputs: Int, trainSamples: Int)
  case targetNotFinite(sample: Int, output: Int)
  /// Θ has modes of eigenvalue 0 in which networks of finite width move: at order 1/n their mean grows with t without end.
  case endless(modes: Int, coupling: Double)
  /// Steps along gradients of the past.
  case momentum
  /// Corrections of order 1/n that are no numbers.
  case overflow(time: Double)

  public var description: String {
    switch self {
    case .noDifferentials(let layer):
      "Layer \(layer) comes without the tensors P to U, which move the tangent kernel in training; make its flow with the extent "
        + "`.differentials`."
    case .tooFewInputs(let inputs, let trainSamples):
      "The tensors are those of \(inputs) inputs, and there are \(trainSamples) training samples; compute them on training and "
        + "test samples together, training samples first."
    case .targetNotFinite(let sample, let output):
      "The target of output \(output) of training sample \(sample) is not a finite number; remove that sample or replace the value."
    case .endless(let modes, let coupling):
      "The tangent kernel of infinite width has \(modes) eigenvalue\(modes == 1 ? "" : "s") of 0 on the training samples, and "
        + "at finite width networks do move there (tensors reach \(coupling) of their size): the expansion in 1/n has no limit at "
        + "the end of training; leave out samples that nearly coincide, or ask for a finite time."
    case .momentum:
      "Order 1/n is offered for gradient descent without momentum, and for gradient flow; set the momentum to 0."
    case .overflow(let time):
      "At the time \(time) the correction of order 1/n does not fit float64; lower the time, the targets or the kernels."
    }
  }
}
