/// Why kernels at infinite width cannot be computed; each text says what is wrong, where, and what to do.
public enum InfiniteWidthError: Error, Equatable, CustomStringConvertible {
  /// A kernel of preactivation layer `layer` is too large for the precision, or not a number.
  case overflow(layer: Int, layers: Int, quantity: String, precision: String)
  /// σ jumps, so ⟨σ′²⟩ is infinite.
  case discontinuousActivation(layer: Int)
  /// A layer that Theory does not know how to pass kernels through.
  case noKernel(layer: String, index: Int)
  /// An elementwise function of a signal that is not Gaussian at infinite width.
  case notGaussian(layer: String, index: Int)
  /// A layer whose kernels of one pair depend on all samples, asked for a tile of some.
  case needsWholeBatch(layer: String, index: Int)
  /// Outputs at positions, where one kernel for each pair of samples was asked for.
  case positionsAtOutput([Int])
  /// The data do not have the features the network takes.
  case wrongFeatureCount(expected: Int, found: Int, matrix: String)
  /// An input is NaN or infinite.
  case inputNotFinite(row: Int, column: Int, matrix: String)
  /// An input is finite, and the sum of its squares is not.
  case inputTooLarge(row: Int, matrix: String, precision: String)
  /// A layer without numbers, or numbers without a layer.
  case wrongScaleCount(expected: Int, found: Int)
  /// C_b or C_W is negative or not finite.
  case badScale(layer: Int, name: String, value: Double)

  public var description: String {
    switch self {
    case .overflow(layer: 1, let layers, let quantity, let precision):
      // Layer 1 is C_b + C_W |x|²/n_0: no depth is at fault.
      "The \(quantity) of layer 1 of \(layers) does not fit \(precision): the inputs are too large, or C_W of the first layer "
        + "is; scale or normalize the data" + (precision == "float32" ? ", or compute in float64." : ".")
    case .overflow(let layer, let layers, let quantity, let precision):
      "The \(quantity) of layer \(layer) of \(layers) does not fit \(precision): the inputs are large, or the initialization is "
        + "so chaotic that kernels grow without bound; scale or normalize the data, lower the weight variance C_W, or take "
        + "fewer layers."
    case .inputTooLarge(let row, let matrix, let precision):
      "\(matrix) is finite at row \(row), but |x|² is not in \(precision); scale or normalize the data."
    case .discontinuousActivation(let layer):
      "The activation before layer \(layer) jumps, so its neural tangent kernel is infinite on the diagonal; ask for the "
        + "NNGP kernel only, or choose a continuous activation."
    case .noKernel(let layer, let index):
      "Layer \(index), `\(layer)`, has no kernel in Theory (infinite width); remove it, or extend its description by "
        + "`KernelPropagating`."
    case .notGaussian(let layer, let index):
      "Layer \(index), `\(layer)`, has no kernel in Theory: the signal that enters is not Gaussian, as only one behind random weights is; "
        + "put a dense layer before it, or write it and the function before it as one activation."
    case .needsWholeBatch(let layer, let index):
      "Layer \(index), `\(layer)`, mixes the samples of a batch, and a tile of others than the batch itself was asked for; ask for the "
        + "kernel of the whole batch."
    case .positionsAtOutput(let shape):
      "The network's outputs have the shape \(shape), with positions, and a kernel is of one output for each sample; end with a flatten "
        + "layer and a dense one."
    case .wrongFeatureCount(let expected, let found, let matrix):
      "\(matrix) has \(found) features and the network takes \(expected); change the network's inputs or the data."
    case .inputNotFinite(let row, let column, let matrix):
      "\(matrix) is not finite at row \(row), column \(column); remove or replace that value."
    case .wrongScaleCount(let expected, let found):
      "There are \(expected) sets of scales to give, and \(found) were given; give one for each layer."
    case .badScale(let layer, let name, let value):
      "\(name) of layer \(layer) is \(value); it must be finite and not negative."
    }
  }
}
