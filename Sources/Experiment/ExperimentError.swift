/// Why an experiment cannot be run or did not finish.
public enum ExperimentError: Error, Hashable, CustomStringConvertible {
  /// Experiment has no way to run this layer.
  case unsupportedLayer(key: String, index: Int)
  case unsupportedPrecision(String)
  case badLayer(index: Int, problem: String)
  /// Numbers of an initialization that nothing can be drawn with; `weights` counts weight tensors from 1.
  case badNumbers(weights: Int, problem: String)
  case featureMismatch(expected: Int, found: Int)
  case nonFiniteInput(sample: Int, feature: Int)
  case tooFewNetworks(Int)
  /// Networks are numbered by 32 bits of a random stream.
  case noSuchNetwork(Int)
  case tooMuchMemory(needed: Int, allowed: Int, networks: Int)
  case overflow(layer: Int, networks: Int, precision: String)
  case cancelled(finished: Int, networks: Int)
  /// Training that was stopped; what is saved goes on from there.
  case stopped(finished: Int, members: Int)
  /// Data that do not fit, with what to do.
  case badData(String)
  /// A window of a convolution or of pooling that finds no place in the image.
  case windowDoesNotFit(height: Int, width: Int, window: [Int])
  /// Linearizations are trained by gradient descent under squared error only.
  case notLinearized
  /// A layer whose running averages a measurement has no place for; `layer` counts from 0.
  case keepsAverages(layer: Int)
  /// Training whose steps differ otherwise than by their parameters, which no differential equation of theirs has; `layer` counts
  /// from 0.
  case noFlow(layer: Int)
  /// Dropout, whose masks a linearization has no place for.
  case dropsOut
  /// A network without a twin: its last layer is not linear in its own weights.
  case noTwin(key: String)
  /// A derivative that a primitive does not have.
  case noDerivative(String)
  /// A network with nothing to take derivatives with respect to.
  case noParameters

  public var description: String {
    switch self {
    case .unsupportedLayer(let key, let index):
      "Experiment cannot run layer \(index + 1), \"\(key)\"; use a layer that it runs, or conform this one to "
        + "Lowerable."
    case .unsupportedPrecision(let name):
      "Experiment does not run in \(name); choose float32 or float64."
    case .badLayer(let index, let problem):
      "Layer \(index + 1) cannot be drawn: \(problem)."
    case .badNumbers(let weights, let problem):
      "Weight tensor \(weights) cannot be drawn: \(problem)."
    case .featureMismatch(let expected, let found):
      "The network takes \(expected) features but the inputs have \(found); make the two agree."
    case .nonFiniteInput(let sample, let feature):
      "Feature \(feature) of input \(sample) is not a finite number; remove that input or replace the value."
    case .tooFewNetworks(let networks):
      "Standard errors over networks need at least 2 of them; \(networks) were asked for."
    case .noSuchNetwork(let number):
      "Networks have the numbers 0 to \(UInt32.max), and there is none with the number \(number); ask for fewer."
    case .tooMuchMemory(let needed, let allowed, let networks):
      "The records of \(networks) networks need \(needed >> 20) MiB, more than the \(allowed >> 20) MiB allowed; take "
        + "fewer networks or inputs, or allow more memory."
    case .overflow(let layer, let networks, let precision):
      "The preactivations of layer \(layer) are not finite in \(networks) network(s) in \(precision); lower the weight "
        + "variance or the depth" + (precision == "float64" ? "." : ", or run in float64.")
    case .stopped(let finished, let members):
      "Training was stopped with \(finished) of \(members) network(s) finished; run it again to go on from there."
    case .notLinearized:
      "A network's linearization is trained by gradient descent on the whole training set under mse, without weight decay and "
        + "clipping; choose gradient-descent and mse."
    case .badData(let problem): "The data cannot be trained on: \(problem)."
    case .windowDoesNotFit(let height, let width, let window):
      "A window of \(window[0]) × \(window[1]) does not fit into an image of \(height) × \(width); take a smaller one, or "
        + "the padding \"same\" or \"circular\"."
    case .keepsAverages(let layer):
      "Layer \(layer + 1) keeps running averages (batch normalization), which this measurement does not take in; measure a "
        + "network with layer-norm or without normalization."
    case .noFlow(let layer):
      "Gradient flow does not go through layer \(layer + 1), which in training is not a function of parameters and inputs alone "
        + "(dropout, batch normalization); leave it out, take layer-norm, or choose gradient-descent."
    case .dropsOut:
      "A network with dropout has no linearization whose steps are the network's own; leave its dropout out."
    case .noTwin(let key):
      "An antithetic twin flips the signs of the last layer's weights, and the last layer here, \"\(key)\", is not linear in them; end "
        + "the network with dense, or run without twins."
    case .noDerivative(let what):
      "The measurement needs \(what), which is not offered; ask for fewer derivatives."
    case .noParameters:
      "The network has no parameters to take derivatives with respect to; give it a layer that has some, such as dense."
    case .cancelled(let finished, let networks):
      "The experiment was stopped after \(finished) of \(networks) networks; run it again to finish."
    }
  }
}
