/// Why a Gram-matrix chain cannot be set up or sampled.
public enum GramChainError: Error, Equatable, CustomStringConvertible {
  case noInputs
  case featureMismatch(expected: Int, found: Int)
  case nonFiniteInput(sample: Int, feature: Int)
  case wrongLayerCount(expected: Int, found: Int)
  case badWidth(layer: Int, width: Int)
  case badVariance(layer: Int, name: String, value: Double)
  /// Weights that are not independent: given one layer, neurons of the next are then not either.
  case dependentWeights(layer: Int)
  case notPositiveSemidefinite(sample: Int)
  case notSymmetric(row: Int, column: Int)
  case tooFewNetworks(Int)
  case entryOutOfRange(KernelEntry, layers: Int, samples: Int)
  case overflow(layer: Int, networks: Int, precision: String)
  case cancelled(networks: Int)

  public var description: String {
    switch self {
    case .noInputs:
      "The Gram-matrix chain needs at least one input with at least one feature; give it some rows of data."
    case .featureMismatch(let expected, let found):
      "The network takes \(expected) features but the inputs have \(found); make the two agree."
    case .nonFiniteInput(let sample, let feature):
      "Feature \(feature) of input \(sample) is not a finite number; remove that input or replace the value."
    case .wrongLayerCount(let expected, let found):
      "The network has \(expected) dense layers and initializations for \(found); give one for each."
    case .badWidth(let layer, let width):
      "Layer \(layer) has \(width) neurons; a width must be at least 1."
    case .badVariance(let layer, let name, let value):
      "Layer \(layer) has \(name) = \(value); a variance must be finite and not negative."
    case .dependentWeights(let layer):
      "The weights of layer \(layer) are orthogonal, and the law of finite widths is that of independent weights; choose weights: gaussian, or "
        + "ask for kernels of infinite width."
    case .notPositiveSemidefinite(let sample):
      "The first layer's kernel is not positive semidefinite at sample \(sample); give a covariance matrix."
    case .notSymmetric(let row, let column):
      "The first layer's kernel differs between elements (\(row), \(column)) and (\(column), \(row)); make it symmetric."
    case .tooFewNetworks(let networks):
      "Statistics over networks need at least 2 of them; \(networks) were asked for."
    case .entryOutOfRange(let entry, let layers, let samples):
      "There is no kernel entry \(entry): layers go from 1 to \(layers), samples from 0 to \(samples - 1)."
    case .cancelled(let networks):
      "The Gram-matrix chain was interrupted before all of its \(networks) networks were sampled; run it again."
    case .overflow(let layer, let networks, let precision):
      "The kernel of layer \(layer) is not finite in \(networks) sampled network(s) in \(precision); "
        + "lower the weight variance or the depth" + (precision == "float64" ? "." : ", or sample with method plain.")
    }
  }
}
