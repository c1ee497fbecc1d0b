import OrreryNetworks
import OrreryTensors

/// The kernels that training at infinite width is made of, of one output neuron: N training and M test samples.
public struct DynamicsKernels: Sendable {
  /// K, the covariance of outputs at initialization, of the training samples: (N, N).
  public var trainKernel: Matrix<Double>
  /// Θ of the training samples, with the tensors' own learning rates: (N, N).
  public var trainTangentKernel: Matrix<Double>
  /// K and Θ of test samples with training samples: (M, N).
  public var crossKernel: Matrix<Double>
  public var crossTangentKernel: Matrix<Double>
  /// K of the test samples: (M, M).
  public var testKernel: Matrix<Double>

  public var trainSamples: Int { trainKernel.rows }
  public var testSamples: Int { testKernel.rows }

  /// - Throws: ``DynamicsError/shapeMismatch(what:expected:found:)``.
  public init(
    trainKernel: Matrix<Double>, trainTangentKernel: Matrix<Double>, crossKernel: Matrix<Double>,
    crossTangentKernel: Matrix<Double>, testKernel: Matrix<Double>
  ) throws {
    let (train, test) = (trainKernel.rows, testKernel.rows)
    for (name, matrix, shape) in [
      ("The kernel of the training samples", trainKernel, [train, train]),
      ("The tangent kernel of the training samples", trainTangentKernel, [train, train]),
      ("The kernel of test with training samples", crossKernel, [test, train]),
      ("The tangent kernel of test with training samples", crossTangentKernel, [test, train]),
      ("The kernel of the test samples", testKernel, [test, test]),
    ] where [matrix.rows, matrix.columns] != shape {
      throw DynamicsError.shapeMismatch(what: name, expected: shape, found: [matrix.rows, matrix.columns])
    }
    self.trainKernel = trainKernel
    self.trainTangentKernel = trainTangentKernel
    self.crossKernel = crossKernel
    self.crossTangentKernel = crossTangentKernel
    self.testKernel = testKernel
  }

  /// The kernels of a network at infinite width.
  ///
  /// - Parameters:
  ///   - train: (N, n₀).
  ///   - test: (M, n₀); nil for none.
  ///   - multipliers: the optimizer's factors of single tensors' learning rates.
  /// - Throws: ``InfiniteWidthError``.
  public init(
    _ network: PerceptronView, train: Matrix<Double>, test: Matrix<Double>? = nil,
    multipliers: LearningRateMultipliers = [:]
  ) throws {
    let kernels = try InfiniteWidthKernels(network, scales: network.denseScales(multipliers))
    let own = try kernels.matrices(train)
    guard let ownTangents = own.ntk else { preconditionFailure("The tangent kernel was asked for.") }
    let none = Matrix<Double>(rows: 0, columns: train.rows)
    var (cross, crossTangents, testKernel) = (none, none, Matrix<Double>(rows: 0, columns: 0))
    if let test, test.rows > 0 {
      let both = try kernels.matrices(test, train)
      (cross, crossTangents) = (both.nngp, both.ntk ?? none)
      testKernel = try InfiniteWidthKernels(network, tangents: false).matrices(test).nngp
    }
    try self.init(
      trainKernel: own.nngp, trainTangentKernel: ownTangents, crossKernel: cross, crossTangentKernel: crossTangents,
      testKernel: testKernel)
  }
}

extension PerceptronView {
  /// The scales of the dense layers, with a multiplier of a tensor's learning rate in its λ: `W1`, `b1`, … and roles.
  public func denseScales(_ multipliers: LearningRateMultipliers) -> [DenseScales] {
    denseScales.enumerated().map { index, scales in
      let isReadout = index == layers.count - 1 && index > 0
      var scales = scales
      scales.weightRate *= multipliers.factor(
        tensor: "W\(index + 1)", role: index == 0 ? .input : (isReadout ? .readout : .hidden))
      scales.biasRate *= multipliers.factor(tensor: "b\(index + 1)", role: isReadout ? .readoutBias : .hiddenBias)
      return scales
    }
  }
}
