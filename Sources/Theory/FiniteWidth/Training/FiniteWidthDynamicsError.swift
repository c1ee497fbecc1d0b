import OrreryNetworks

/// Why the dynamics at order 1/n cannot be given; each text says what is wrong and what to do.
public enum FiniteWidthDynamicsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The layer has no tensors of the NTK's differentials.
  case noDifferentials(layer: Int)
  /// A tensor flow of fewer inputs than there are training samples.
  case tooFewInputs(inputs: Int, trainSamples: Int)
  /// Weights of another law, whose fourth cumulant shifts means at order 1/n.
  case nonGaussianWeights(layer: Int)
  /// Tensors that would not fit.
  case memory(bytes: Double, limit: Int, trainSamples: Int, testSamples: Int)
  /// No number of test samples.
  case badBatch(Int)
  case noOutput(Int, outputs: Int)
  /// Learning rates that change with the width, where one flow stands for all widths.
  case notNTKParametrization(Parametrization)
  /// A depth or width that no network has.
  case badShape(name: String, value: Int)
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
    case .nonGaussianWeights(let layer):
      "The weights of layer \(layer) are not Gaussian, and their excess kurtosis shifts trained networks at order 1/n by as much as "
        + "what is computed here; choose weights: gaussian."
    case .memory(let bytes, let limit, let trainSamples, let testSamples):
      "The tensors of \(trainSamples) training and \(testSamples) test samples take \(Self.gibibytes(bytes)) GiB, and the limit is "
        + "\(Self.gibibytes(Double(limit))) GiB; take fewer training samples (memory grows as their fourth power, and only "
        + "linearly with test samples), or raise the limit."
    case .badBatch(let batch):
      "Batches of \(batch) test samples hold none; give a number above 0."
    case .noOutput(let output, let outputs):
      "There is no output \(output): the network has \(outputs), numbered from 0."
    case .notNTKParametrization(let parametrization):
      "In the \(parametrization.rawValue) parametrization learning rates change with the width, so that one expansion does not hold for "
        + "all widths; choose the ntk parametrization."
    case .badShape(let name, let value):
      "A network of \(name) \(value) is none that has a hidden layer; give numbers above 0."
    case .targetNotFinite(let sample, let output):
      "The target of output \(output) of training sample \(sample) is not a finite number; remove that sample or replace the value."
    case .endless(let modes, let coupling):
      "The tangent kernel of infinite width has \(modes) eigenvalue\(modes == 1 ? "" : "s") of 0 on the training samples, and "
        + "at finite width networks do move there (tensors reach \(coupling) of their size): the expansion in 1/n has no limit at "
        + "the end of training; leave out samples that nearly coincide, lower the tolerance of the tensors if they coincide, or ask for "
        + "a finite time."
    case .momentum:
      "Order 1/n is offered for gradient descent without momentum, and for gradient flow; set the momentum to 0."
    case .overflow(let time):
      "At the time \(time) the correction of order 1/n does not fit float64; lower the time, the targets or the kernels."
    }
  }

  private static func gibibytes(_ bytes: Double) -> String {
    let tenths = (bytes / 1_073_741_824 * 10).rounded(.up)
    return tenths < 1e15 ? "\(tenths / 10)" : "more than 1e14"
  }
}
