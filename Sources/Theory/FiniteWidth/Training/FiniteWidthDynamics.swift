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
/// V and G1 do not enter the mean, since at infinite width outputs are linear in their initial values; D and F neither, since in the
/// mean ΔĤ meets at most one z, and D, F are E[z z ΔĤ].
///
/// Means are offered in steps of gradient descent too (``means(_:steps:)``), second moments and losses for gradient flow only.
///
/// Cost: tensors of N + b inputs for each batch of b ≈ N/3 test samples, O((N + b)⁴) expectations each, nearly all the time; then
/// O(N⁴) a mean. ``memory(trainSamples:testSamples:outputs:layers:batch:)`` tells the memory beforehand.
///
/// Sources: Roberts, Yaida, Hanin, PDLT (arXiv:2106.10165), chapter ∞; E. Dyer and G. Gur-Ari, arXiv:1909.11304; J. Huang and
/// H.-T. Yau, arXiv:1909.08156 (the hierarchy).
///
/// Domain: L/n and rN small, r = (A + 2B)/(nΘ²) the relative variance of the NTK (``tangentKernelFluctuation``): it is the NTK whose
/// eigenvalues repel as it fluctuates, a mode's by r times the number of others; the kernel's fluctuation V/(nK²) does not enter.
/// Gaussian weights and biases; the whole training set in every step, no weight decay. Networks whose learning rate is not small
/// differ from gradient flow at this same order in 1/n. Smooth activations: what kinks add is of order n^(−1/2), and not here
/// (``neglected``).
public struct FiniteWidthDynamics: Sendable {
  /// Training at infinite width, on the same samples.
  public let infiniteWidth: KernelDynamics
  /// n, the width of the layer before the outputs.
  public let width: Int
  /// How far the tensors of the mean are from vanishing in modes of Θ whose eigenvalue is 0, relative to their size: rounding where
  /// samples coincide or the network is linear in fewer features than samples, more where finite width has more directions than
  /// infinite. Second moments have their own, held against the same tolerance when they are asked for at t = ∞.
  public let nullCoupling: Double
  /// r = (A + 2B)/(nΘ²), the largest of the training samples: Var Ĥ/Θ² of one output.
  public let tangentKernelFluctuation: Double
  /// The error of a tensor's element relative to the largest: the bounds on the four-point expectations, added up over layers.
  public let tensorError: Double

  /// What of this network's training is left out although it is larger than order 1/n, as a sentence; nil when nothing is, or where
  /// tensors are all that is known.
  ///
  /// A sample that moves an active neuron of ReLU past its kink loses hold of it, and does not reach inactive ones: about √n of n neurons are
  /// lost whatever the sign of their output weights, and the mean of trained networks departs from their linearizations by order n^(−1/2).
  public let neglected: String?

  let blocks: [TrainingBlock]
  let sources: TrainingSources
  /// The ``nullCoupling`` up to which it is the error of the tensors, N² 10⁻¹² + min(tolerance, N² times the bound on expectations).
  ///
  /// An element of four modes is off by at most ‖v‖₁⁴ ≤ N² times what an element of four samples is. Where series end at their
  /// largest degree that bound may be far above the tolerance, but what they lack then is the same on samples that coincide: two
  /// ways to the same expectation differ by what each stops early at, the tolerance.
  let nullTolerance: Double
  let covarianceSources: Deferred<CovarianceSources>
  /// One for each block.
  let covarianceTensors: [Deferred<CovarianceTensors>]
  /// Those of test samples in two batches, for each pair of batches, with the number of test samples of the first.
  let covariancePairs: [BatchPair]

  /// The tensors of two batches' test samples, with how many of them are the first batch's.
  struct BatchPair: Sendable {
    let tensors: Deferred<CovarianceTensors>
    let first: Int
  }

  /// The tensors of training samples with test samples, in batches, and their dynamics.
  ///
  /// - Parameters:
  ///   - train: (N, n₀), N ≤ 16 for a second of work at each time.
  ///   - test: (M, n₀); nil for none.
  ///   - targets: y, (N, outputs).
  ///   - loss: a squared error, in its own convention.
  ///   - multipliers: the optimizer's factors of single tensors' learning rates.
  ///   - tolerance: of four-point expectations, as ``FiniteWidthFlow``.
  ///   - batch: how many test samples have their tensors worked out together; nil for the fastest.
  ///   - memoryLimit: in bytes.
  /// - Throws: ``FiniteWidthError``, ``DynamicsError``, ``FiniteWidthDynamicsError``.
  public init(
    _ network: PerceptronView, train: Matrix<Double>, test: Matrix<Double>? = nil, targets: Matrix<Double>,
    loss: Loss, multipliers: LearningRateMultipliers = [:], tolerance: Double = 1e-8, batch: Int? = nil,
    memoryLimit: Int = 8 << 30
  ) throws {
    let test = test ?? Matrix(rows: 0, columns: train.columns)
    guard train.rows > 0 else { throw FiniteWidthError.noInputs }
    guard test.columns == train.columns else {
      throw DynamicsError.shapeMismatch(
        what: "The test inputs", expected: [test.rows, train.columns], found: [test.rows, test.columns])
    }
    let rates = network.denseScales(multipliers).map { LayerLearningRates(bias: $0.biasRate, weight: $0.weightRate) }
    let inputs = Matrix(
      rows: train.rows + test.rows, columns: train.columns, elements: train.tensor.elements + test.tensor.elements)
    try FiniteWidthError.check(network, inputs: inputs, learningRates: rates, tolerance: tolerance)
    try Self.check(network, targets: targets)
    let batch = batch ?? Self.fastestBatch(trainSamples: train.rows, testSamples: test.rows)
    guard batch > 0 else { throw FiniteWidthDynamicsError.badBatch(batch) }
    let memory = Self.memory(
      trainSamples: train.rows, testSamples: test.rows, outputs: targets.columns, layers: network.layers.count,
      batch: batch)
    guard memory <= Double(memoryLimit) else {
      throw FiniteWidthDynamicsError.memory(
        bytes: memory, limit: memoryLimit, trainSamples: train.rows, testSamples: test.rows)
    }
    let recipe = TrainingRecipe(
      network: network, train: train, test: test, learningRates: rates, tolerance: tolerance)
    let batches = stride(from: 0, to: max(1, test.rows), by: batch).map {
      Array($0..<min(test.rows, $0 + batch))
    }
    let made = try batches.map { try recipe.block(tests: $0) }
    let testKernel =
      batches.count > 1 ? try InfiniteWidthKernels(network, tangents: false).matrices(test).nngp : nil
    try self.init(
      blocks: made.map { $0.block }, testKernel: testKernel, recipe: recipe, targets: targets, loss: loss,
      expectationError: made.map { $0.expectationError }.max() ?? 0, tolerance: tolerance)
  }

  /// The dynamics of an output layer's tensors.
  ///
  /// The tensors do not tell whether weights are Gaussian, as they must be; those of the flow are so as ``FiniteWidthFlow/neglected``
  /// says.
  ///
  /// - Parameters:
  ///   - output: the last layer of a flow of all samples, training samples first.
  ///   - trainSamples: N.
  ///   - tolerance: that of the flow.
  /// - Throws: ``DynamicsError``, ``FiniteWidthDynamicsError``.
  public init(
    output: FiniteWidthLayer, trainSamples: Int, targets: Matrix<Double>, loss: Loss, tolerance: Double = 1e-8
  ) throws {
    guard trainSamples <= output.inputs else {
      throw FiniteWidthDynamicsError.tooFewInputs(inputs: output.inputs, trainSamples: trainSamples)
    }
    guard trainSamples > 0 else { throw FiniteWidthError.noInputs }
    // Layers before are taken to be as exact.
    try self.init(
      blocks: [TrainingBlock(output, tests: Array(0..<(output.inputs - trainSamples)))], testKernel: nil, recipe: nil,
      targets: targets, loss: loss, expectationError: Double(max(1, output.layer - 1)) * output.expectationError,
      tolerance: tolerance)
  }

  /// ``neglected`` of an activation.
  public static func neglected(_ activation: Activation) -> String? {
    activation.kinks.isEmpty
      ? nil
      : "Training loses neurons at the kinks of \(activation.function.name), by which means move by order n^(−1/2): more than order 1/n, "
        + "and not part of it."
  }

  private init(
    blocks: [TrainingBlock], testKernel: Matrix<Double>?, recipe: TrainingRecipe?, targets: Matrix<Double>, loss: Loss,
    expectationError: Double, tolerance: Double
  ) throws {
    for (place, target) in targets.tensor.elements.enumerated() where !target.isFinite {
      throw FiniteWidthDynamicsError.targetNotFinite(sample: place / targets.columns, output: place % targets.columns)
    }
    let count = blocks[0].samples - blocks[0].tests.count
    let dynamics = try KernelDynamics(
      try Self.kernels(blocks, trainSamples: count, testKernel: testKernel), targets: targets, loss: loss)
    let (output, tangent) = (blocks[0].output, blocks[0].tangent)
    let tensorError = expectationError + 1e-13
    let square = Double(count * count)
    let nullTolerance = square * 1e-12 + min(tolerance, square * expectationError)
    let tensors = TrainingTensors(blocks, dynamics: dynamics, tolerance: nullTolerance)
    let sources = TrainingSources(tensors: tensors, dynamics: dynamics)
    neglected = recipe.flatMap { Self.neglected($0.network.architecture.activation) }
    self.blocks = blocks
    self.sources = sources
    self.tensorError = tensorError
    infiniteWidth = dynamics
    width = output.fanIn
    self.nullTolerance = nullTolerance
    nullCoupling = tensors.nullCoupling
    tangentKernelFluctuation =
      (0..<count).reduce(0.0) { largest, i in
        let theta = tangent.mean[i, i]
        return theta > 0 ? max(largest, (tangent.a[i, i, i, i] + 2 * tangent.b[i, i, i, i]) / (theta * theta)) : largest
      } / Double(output.fanIn)
    let motion = tensors.motion
    let prepared = Deferred {
      CovarianceSources(motion: motion, dynamics: dynamics, tensorError: tensorError)
    }
    covarianceSources = prepared
    covarianceTensors = blocks.map { block in
      Deferred {
        try CovarianceTensors(
          block, modes: prepared().modes, dynamics: dynamics, members: nil, tolerance: nullTolerance)
      }
    }
    var pairs: [BatchPair] = []
    for first in blocks.indices {
      for second in blocks.indices.dropFirst(first + 1) {
        guard let recipe else { continue }
        let tests = blocks[first].tests + blocks[second].tests
        let tensors = Deferred {
          try CovarianceTensors(
            recipe.block(tests: tests).block, modes: prepared().modes, dynamics: dynamics,
            members: tests.map { count + $0 }, tolerance: nullTolerance)
        }
        pairs.append(BatchPair(tensors: tensors, first: blocks[first].tests.count))
      }
    }
    covariancePairs = pairs
  }

  /// Weights of other laws shift the mean kernel and NTK at this same order, which G1, H1 and with them everything here leave out.
  private static func check(_ network: PerceptronView, targets: Matrix<Double>) throws {
    for (index, layer) in network.layers.enumerated()
    where layer.weightDistribution != .gaussian && layer.weightVariance > 0 {
      throw FiniteWidthDynamicsError.nonGaussianWeights(layer: index + 1)
    }
    for (place, target) in targets.tensor.elements.enumerated() where !target.isFinite {
      throw FiniteWidthDynamicsError.targetNotFinite(sample: place / targets.columns, output: place % targets.columns)
    }
  }

  /// K and Θ of infinite width, put together from blocks.
  private static func kernels(
    _ blocks: [TrainingBlock], trainSamples: Int, testKernel: Matrix<Double>?
  ) throws -> DynamicsKernels {
    let train = 0..<trainSamples
    let tests = blocks.reduce(0) { $0 + $1.tests.count }
    var (cross, crossTangents): ([Double], [Double]) = ([], [])
    var corner = testKernel ?? Matrix<Double>(rows: tests, columns: tests)
    for block in blocks {
      let own = trainSamples..<block.samples
      cross += block.output.kernel.block(own, train).tensor.elements
      crossTangents += block.tangent.mean.block(own, train).tensor.elements
      for (i, x) in block.tests.enumerated() {
        for (j, y) in block.tests.enumerated() {
          corner[x, y] = block.output.kernel[trainSamples + i, trainSamples + j]
        }
      }
    }
    return try DynamicsKernels(
      trainKernel: blocks[0].output.kernel.block(train, train),
      trainTangentKernel: blocks[0].tangent.mean.block(train, train),
      crossKernel: Matrix(rows: tests, columns: trainSamples, elements: cross),
      crossTangentKernel: Matrix(rows: tests, columns: trainSamples, elements: crossTangents), testKernel: corner)
  }
}

extension Matrix where Scalar == Double {
  fileprivate func block(_ rows: Range<Int>, _ columns: Range<Int>) -> Matrix {
    Matrix(
      rows: rows.count, columns: columns.count, elements: rows.flatMap { row in columns.map { self[row, $0] } })
  }
}
