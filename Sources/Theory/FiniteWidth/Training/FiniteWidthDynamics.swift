import OrreryNetworks
import OrreryTensors

/// Gradient flow of a network of finite width under squared error: the mean output over initializations to order 1/n.
///
/// ```swift
/// let dynamics = try FiniteWidthDynamics(network, train: images, test: others, targets: labels, loss: loss)
/// let late = try dynamics.mean(time: .infinity)
/// late.test.infiniteWidth[0, 0]                              // kernel regression
/// late.test.mean[0, 0]                                       // + M/n
/// late.test.contributions[.secondDifferential]![0, 0]        // what R, S, T, U add to M
/// ```
///
/// With L = (h/2) Σ (z − y)², ε = z − y and t in units of 1/h, training is exactly
///
///     dε_δ/dt = −Ĥ_δa ε_a,   dĤ_δa/dt = −(dĤ_δab + dĤ_aδb) ε_b,   d(dĤ)/dt = −(ddĤ_I + ddĤ_II + ddĤ_II) ε,   …
///
/// and order 1/n needs Ĥ to second order in its fluctuation, dĤ to first and the mean of ddĤ: E z = z_∞ + M/n with
///
///     dM_δ/dt = −Θ_δa M_a − J_δ(t),   M(0) = 0,   J = J^H1 + J^AB + J^d + J^dd
///
/// (at ``FiniteWidthContribution`` each one's meaning). In the eigenbasis of Θ on the training samples every J is a sum of
/// products of exponentials over ordered times, and M of iterated integrals that are divided differences of e^(−xt): exact at any
/// t, no time grid, O(N⁴) of them.
///
/// V and G1 do not enter the mean, since at infinite width outputs are linear in their initial values; D and F neither.
///
/// Sources: Roberts, Yaida, Hanin, PDLT (arXiv:2106.10165), chapter ∞; E. Dyer and G. Gur-Ari, arXiv:1909.11304; J. Huang and
/// H.-T. Yau, arXiv:1909.08156 (the hierarchy).
///
/// Domain: L/n and r N small (r = V/(nK²)), as eigenvalues of a fluctuating NTK repel; Gaussian weights and biases; gradient flow
/// on the whole training set without weight decay. Networks whose learning rate is not small differ at this same order in 1/n.
public struct FiniteWidthDynamics: Sendable {
  /// Training at infinite width, on the same samples.
  public let infiniteWidth: KernelDynamics
  /// n, the width of the layer before the outputs.
  public let width: Int
  /// How far the tensors are from vanishing in modes of Θ whose eigenvalue is 0, relative to their size: rounding where samples
  /// coincide or the network is linear in fewer features than samples, more where finite width has more directions than infinite.
  public let nullCoupling: Double

  let differentials: DifferentialTensors
  let sources: TrainingSources
  let secondMoments: CovarianceSources
  /// The ``nullCoupling`` up to which it is the error of the tensors.
  let nullTolerance: Double

  /// The tensors of all samples together, O((N + M)⁴) of them, and their dynamics.
  ///
  /// - Parameters:
  ///   - train: (N, n₀), N ≤ 16 for a second of work at each time.
  ///   - test: (M, n₀); nil for none.
  ///   - targets: y, (N, outputs).
  ///   - loss: a squared error, in its own convention.
  ///   - multipliers: the optimizer's factors of single tensors' learning rates.
  ///   - tolerance: of four-point expectations, as ``FiniteWidthFlow``.
  /// - Throws: ``FiniteWidthError``, ``DynamicsError``, ``FiniteWidthDynamicsError``.
  public init(
    _ network: ResolvedPerceptron, train: Matrix<Double>, test: Matrix<Double>? = nil, targets: Matrix<Double>,
    loss: Loss, multipliers: LearningRateMultipliers = [:], tolerance: Double = 1e-8
  ) throws {
    let test = test ?? Matrix(rows: 0, columns: train.columns)
    guard test.columns == train.columns else {
      throw DynamicsError.shapeMismatch(
        what: "The test inputs", expected: [test.rows, train.columns], found: [test.rows, test.columns])
    }
    let rates = network.denseScales(multipliers).map { LayerLearningRates(bias: $0.biasRate, weight: $0.weightRate) }
    let inputs = Matrix(
      rows: train.rows + test.rows, columns: train.columns, elements: train.tensor.elements + test.tensor.elements)
    let flow = try FiniteWidthFlow(network, inputs: inputs, learningRates: rates, tolerance: tolerance)
    guard let output = flow.layers.last else { throw FiniteWidthError.noInputs }
    try self.init(output: output, trainSamples: train.rows, targets: targets, loss: loss)
  }

  /// The dynamics of an output layer's tensors.
  ///
  /// - Parameters:
  ///   - output: the last layer of a flow of all samples, training samples first.
  ///   - trainSamples: N.
  /// - Throws: ``DynamicsError``, ``FiniteWidthDynamicsError``.
  public init(output: FiniteWidthLayer, trainSamples: Int, targets: Matrix<Double>, loss: Loss) throws {
    guard let tangent = output.tangentKernel, let differentials = output.differentials else {
      throw FiniteWidthDynamicsError.noDifferentials(layer: output.layer)
    }
    guard trainSamples <= output.inputs else {
      throw FiniteWidthDynamicsError.tooFewInputs(inputs: output.inputs, trainSamples: trainSamples)
    }
    guard trainSamples > 0 else { throw FiniteWidthError.noInputs }
    for (place, target) in targets.tensor.elements.enumerated() where !target.isFinite {
      throw FiniteWidthDynamicsError.targetNotFinite(sample: place / targets.columns, output: place % targets.columns)
    }
    let (train, test) = (0..<trainSamples, trainSamples..<output.inputs)
    let kernels = try DynamicsKernels(
      trainKernel: output.kernel.block(train, train), trainTangentKernel: tangent.mean.block(train, train),
      crossKernel: output.kernel.block(test, train), crossTangentKernel: tangent.mean.block(test, train),
      testKernel: output.kernel.block(test, test))
    infiniteWidth = try KernelDynamics(kernels, targets: targets, loss: loss)
    width = output.fanIn
    nullTolerance = 1e-9 + 1000 * output.expectationError
    self.differentials = differentials
    let tensors = TrainingTensors(
      tangent: tangent, differentials: differentials, dynamics: infiniteWidth, tolerance: nullTolerance)
    nullCoupling = tensors.nullCoupling
    sources = TrainingSources(tensors: tensors, dynamics: infiniteWidth)
    let modes = ExtendedModes(infiniteWidth)
    let silent = infiniteWidth.eigenvalues.map { $0 <= 0 } + test.map { _ in false }
    secondMoments = CovarianceSources(
      tensors: CovarianceTensors(
        output: output, tangent: tangent, differentials: differentials, modes: modes, outputs: targets.columns,
        silent: silent, tolerance: nullTolerance),
      modes: modes, kernel: output.kernel, targets: targets)
  }
}

extension Matrix where Scalar == Double {
  fileprivate func block(_ rows: Range<Int>, _ columns: Range<Int>) -> Matrix {
    Matrix(
      rows: rows.count, columns: columns.count, elements: rows.flatMap { row in columns.map { self[row, $0] } })
  }
}
