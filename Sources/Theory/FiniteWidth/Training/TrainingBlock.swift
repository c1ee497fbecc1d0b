import OrreryNetworks
import OrreryTensors

/// The last layer's tensors of the training samples and of some test samples together.
///
/// A test sample's mean takes tensors with one index of it, and a covariance of two test samples tensors with one of each: never
/// more. So test samples go in batches, each beside all training samples.
struct TrainingBlock: Sendable {
  let output: FiniteWidthLayer
  let tangent: TangentKernelTensors
  let differentials: DifferentialTensors
  /// The numbers of its test samples among all of them; input N + i is number i of these.
  let tests: [Int]

  /// N + the number of its test samples.
  var samples: Int { output.inputs }

  /// - Throws: ``FiniteWidthDynamicsError/noDifferentials(layer:)``.
  init(_ output: FiniteWidthLayer, tests: [Int]) throws {
    guard let tangent = output.tangentKernel, let differentials = output.differentials else {
      throw FiniteWidthDynamicsError.noDifferentials(layer: output.layer)
    }
    self.output = output
    self.tangent = tangent
    self.differentials = differentials
    self.tests = tests
  }
}

/// How the blocks of a network's tensors are made.
struct TrainingRecipe: Sendable {
  let network: PerceptronView
  let train: Matrix<Double>
  let test: Matrix<Double>
  let learningRates: [LayerLearningRates]
  let tolerance: Double

  /// A block with the sum over layers of the bounds on expectations' errors.
  func block(tests: [Int]) throws -> (block: TrainingBlock, expectationError: Double) {
    let inputs = Matrix(
      rows: train.rows + tests.count, columns: train.columns,
      elements: train.tensor.elements + test.selectingRows(tests).tensor.elements)
    let flow = try FiniteWidthFlow(network, inputs: inputs, learningRates: learningRates, tolerance: tolerance)
    guard let output = flow.layers.last else { throw FiniteWidthError.noInputs }
    return (try TrainingBlock(output, tests: tests), flow.layers.reduce(0) { $0 + $1.expectationError })
  }
}
