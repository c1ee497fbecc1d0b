import OrreryNetworks
import OrreryTensors

/// Why the theory at order 1/n cannot be computed; each text says what is wrong, where, and what to do.
public enum FiniteWidthError: Error, Equatable, CustomStringConvertible {
  case noInputs
  case wrongFeatureCount(expected: Int, found: Int)
  case inputNotFinite(row: Int, column: Int)
  /// Weights that are not independent: the expansion is that of independent ones.
  case dependentWeights(layer: Int)
  /// Biases that are not Gaussian: preactivations are not then, at any width.
  case nonGaussianBiases(layer: Int)
  /// σ has a kink that is neither smooth nor a change of slope.
  case kinkedActivation(String)
  case wrongRateCount(expected: Int, found: Int)
  case badNumber(layer: Int, name: String, value: Double)
  case badTolerance(Double)
  /// K so large that a smooth activation's structure, at |z| ~ 1, is lost in its spread.
  case kernelTooLarge(layer: Int, input: Int, kernel: Double, largest: Double)
  case overflow(layer: Int)
  /// Inputs between which the derivatives of a kinked activation's kernels lose their digits.
  case inputsTooAlike(layer: Int, first: Int, second: Int, error: Double, tolerance: Double)
  /// Too few features for a first layer with weights that are not Gaussian: its preactivations are not either, at any width.
  case firstLayerNotGaussian(input: Int, excessKurtosis: Double, largest: Double)
  /// A layer's Gaussian moments of a two-slope activation.
  case moments(layer: Int, TwoSlopeError)
  case wrongLayerCount(expected: Int, found: Int)
  case badTensor(name: String, expected: [Int], found: [Int])
  case tensorNotFinite(name: String)

  public var description: String {
    switch self {
    case .noInputs:
      "The theory at finite width needs at least one input with at least one feature; give it some rows of data."
    case .wrongFeatureCount(let expected, let found):
      "The network takes \(expected) features but the inputs have \(found); make the two agree."
    case .inputNotFinite(let row, let column):
      "Feature \(column) of input \(row) is not a finite number; remove that input or replace the value."
    case .dependentWeights(let layer):
      "The weights of layer \(layer) are orthogonal, and the expansion in 1/n is that of independent weights; choose "
        + "weights: gaussian, or ask for kernels of infinite width."
    case .nonGaussianBiases(let layer):
      "The biases of layer \(layer) are not Gaussian, so its preactivations are not even at infinite width; give the "
        + "initialization by its numbers, init: { weight-variance: …, bias-variance: … }, with biases: gaussian, or a bias variance of 0."
    case .kinkedActivation(let name):
      "The activation `\(name)` is neither smooth nor of two slopes, and the tensors at order 1/n are offered for those; "
        + "choose another, or sample the Gram chain."
    case .wrongRateCount(let expected, let found):
      "There are learning rates for \(found) layers and the network has \(expected); give one pair for each."
    case .badNumber(let layer, let name, let value):
      "Layer \(layer) has \(name) = \(value); it must be finite and not negative."
    case .badTolerance(let value):
      "A tolerance of \(value) cannot be met; give one between 1e-14 and 0.01."
    case .kernelTooLarge(let layer, let input, let kernel, let largest):
      "The kernel of input \(input) in layer \(layer) is \(kernel), and order 1/n of this activation is offered to \(largest); "
        + "normalize the inputs, or lower C_W and C_b."
    case .overflow(let layer):
      "A tensor of layer \(layer) does not fit float64: the inputs are large, or the initialization is so chaotic that kernels "
        + "grow without bound; scale the data, lower the weight variance C_W, or take fewer layers."
    case .inputsTooAlike(let layer, let first, let second, let error, let tolerance):
      "Inputs \(first) and \(second) are too alike in layer \(layer): with them rounding leaves \(error) of the NTK's statistics, and "
        + "the tolerance is \(tolerance); leave one of them out, make them equal, or ask for a larger tolerance."
    case .firstLayerNotGaussian(let input, let excessKurtosis, let largest):
      "The first layer's weights are not Gaussian and input \(input) has few features, so that its preactivations have an excess "
        + "kurtosis of \(excessKurtosis) at any width, beyond the \(largest) to which they are expanded; choose weights: gaussian for that "
        + "layer."
    case .moments(let layer, let error):
      "Layer \(layer) has kernels without Gaussian moments, so scale the data or lower C_W and C_b. \(error)"
    case .wrongLayerCount(let expected, let found):
      "The network has \(expected) dense layers and initializations for \(found); give one for each."
    case .badTensor(let name, let expected, let found):
      "\(name) has the shape \(found), and \(expected) is what the number of inputs asks for; make the two agree."
    case .tensorNotFinite(let name):
      "\(name) has an element that is not a finite number; replace it."
    }
  }

  /// The excess kurtosis of first-layer preactivations to which their fourth cumulant is a small correction.
  static let largestKurtosis = 0.1

  static func check(
    _ network: PerceptronView, inputs: Matrix<Double>, learningRates: [LayerLearningRates], tolerance: Double
  ) throws {
    guard network.layers.count == network.architecture.layerCount else {
      throw FiniteWidthError.wrongLayerCount(expected: network.architecture.layerCount, found: network.layers.count)
    }
    guard inputs.rows > 0, inputs.columns > 0 else { throw FiniteWidthError.noInputs }
    guard inputs.columns == network.inputs else {
      throw FiniteWidthError.wrongFeatureCount(expected: network.inputs, found: inputs.columns)
    }
    for row in 0..<inputs.rows {
      if let column = inputs.row(row).firstIndex(where: { !$0.isFinite }) {
        throw FiniteWidthError.inputNotFinite(row: row, column: column)
      }
    }
    guard learningRates.count == network.layers.count else {
      throw FiniteWidthError.wrongRateCount(expected: network.layers.count, found: learningRates.count)
    }
    guard tolerance >= 1e-14, tolerance <= 0.01 else { throw FiniteWidthError.badTolerance(tolerance) }
    for (index, layer) in network.layers.enumerated() {
      if layer.weightDistribution == .orthogonal { throw FiniteWidthError.dependentWeights(layer: index + 1) }
      if layer.biasDistribution != .gaussian, layer.biasVariance > 0 {
        throw FiniteWidthError.nonGaussianBiases(layer: index + 1)
      }
      let rates = learningRates[index]
      for (name, value) in [
        ("C_W", layer.weightVariance), ("C_b", layer.biasVariance), ("λ_W", rates.weight), ("λ_b", rates.bias),
      ] where !(value >= 0 && value.isFinite) {
        throw FiniteWidthError.badNumber(layer: index + 1, name: name, value: value)
      }
    }
  }
}
