import OrreryNetworks
import OrreryTensors

/// The loss of a network on a data set, by running it: gradients by the passes that train, Hessian products forward over reverse, third
/// derivatives as the tangents of those.
///
/// It is the function that losses are of, in evaluation: without dropout, and with running averages as numbers that stay. Where a
/// derivative jumps (ReLU, hinge loss) the jumps count as none. What is not asked for is not compiled.
package final class NetworkLandscape<Scalar: TrainingScalar>: LossLandscape {
  package let count: Int
  private let network: ResolvedNetwork
  private let loss: Loss
  private let data: TrainingArrays<Scalar>
  /// The given weights and the weights at the point, running averages behind both.
  private let start: AlignedStorage<Scalar>
  private let point: AlignedStorage<Scalar>
  /// U: √multiplier times the unit of the optimizer's own parameter.
  private let units: AlignedStorage<Scalar>
  /// The multipliers' reciprocals, where there are any: gradient descent with them is that in the metric D.
  private let metric: [Double]?
  private let passes: BatchGradient<Scalar>
  private var curvature: CurvatureOperator<Scalar>?
  private var curvatureIsHere = false
  private var derivative: CurvatureOperator<Scalar>?
  /// At the point.
  private var known: (value: Double, gradient: [Scalar])?

  /// - Parameters:
  ///   - weights: as the network multiplies with them, in the layout's order; running averages may stand behind them, and are those of the
  ///     beginning where they do not.
  ///   - multipliers: factors of the learning rate for single tensors.
  /// - Throws: as `ResolvedNetwork.landscape`.
  package init(
    _ network: ResolvedNetwork, at weights: [Scalar], loss: Loss, data: TrainingData.Part,
    multipliers: LearningRateMultipliers = [:]
  ) throws {
    try TrainingData(train: data).validate(for: network, loss: loss)
    let layout = try NetworkParameters(network).layout
    try layout.check(multipliers)
    guard layout.count > 0 else { throw ExperimentError.noParameters }
    let programs = try BatchGradient<Scalar>.Programs(
      network, loss: loss, samples: data.samples, targets: data.targetKind, mode: .evaluation, isParallel: true)
    let averages = programs.averages.flatMap { [Scalar](repeating: Scalar($0.initial), count: $0.count) }
    let given = weights.count == layout.count ? weights + averages : weights
    precondition(
      given.count == layout.count + averages.count,
      "The network has \(layout.count) parameters and \(averages.count) running averages, and these are \(weights.count) numbers."
    )
    count = layout.count
    (self.network, self.loss, self.data) = (network, loss, TrainingArrays(data))
    passes = BatchGradient(programs, loss: loss, isGradient: true)
    start = AlignedStorage(uninitializedCount: given.count)
    point = AlignedStorage(uninitializedCount: given.count)
    units = AlignedStorage(uninitializedCount: count)
    var metric = [Double](repeating: 1, count: count)
    for i in given.indices { (start.elements[i], point.elements[i]) = (given[i], given[i]) }
    for tensor in layout.tensors {
      let factor = multipliers.factor(tensor: tensor.name, role: tensor.role)
      for i in tensor.range {
        units.elements[i] = Scalar(tensor.unit * factor.squareRoot())
        metric[i] = 1 / factor
      }
    }
    self.metric = metric.allSatisfy { $0 == 1 } ? nil : metric
  }

  package func move(to displacement: [Scalar]) {
    check(displacement)
    let (base, origin) = (point.elements.baseAddress!, UnsafePointer(start.elements.baseAddress!))
    displacement.withUnsafeBufferPointer {
      ArrayArithmetic.multiply($0.baseAddress!, UnsafePointer(units.elements.baseAddress!), into: base, count: count)
    }
    ArrayArithmetic.combine(1, origin, 1, UnsafePointer(base), into: base, count: count)
    (known, curvatureIsHere) = (nil, false)
  }

  package func value() -> Double { pass().value }

  package func gradient() -> [Scalar] { pass().gradient }

  private func pass() -> (value: Double, gradient: [Scalar]) {
    if let known { return known }
    let (value, slopes) = passes.run(UnsafePointer(point.elements.baseAddress!), on: data)
    let gradient = [Scalar](unsafeUninitializedCapacity: count) { result, filled in
      ArrayArithmetic.multiply(
        UnsafePointer(slopes), UnsafePointer(units.elements.baseAddress!), into: result.baseAddress!, count: count)
      filled = count
    }
    known = (value, gradient)
    return (value, gradient)
  }

  package func hessianProduct(_ v: [Scalar]) throws -> [Scalar] {
    let curvature = try self.curvature ?? curvature(isDirectional: false)
    self.curvature = curvature
    if !curvatureIsHere {
      curvature.move(to: UnsafePointer(point.elements.baseAddress!), on: data, preconditioner: metric)
    }
    curvatureIsHere = true
    return product(curvature, v)
  }

  package func thirdDerivative(_ u: [Scalar], _ v: [Scalar]) throws -> [Scalar] {
    check(u)
    let derivative = try self.derivative ?? curvature(isDirectional: true)
    self.derivative = derivative
    u.withUnsafeBufferPointer {
      derivative.move(
        to: UnsafePointer(point.elements.baseAddress!), on: data, preconditioner: metric, along: $0.baseAddress!)
    }
    return product(derivative, v)
  }

  private func curvature(isDirectional: Bool) throws -> CurvatureOperator<Scalar> {
    CurvatureOperator(
      try .init(
        .hessian, of: network, loss: loss, samples: data.samples, targets: data.targetKind, mode: .evaluation,
        isDirectional: isDirectional, isParallel: true))
  }

  private func product(_ curvature: CurvatureOperator<Scalar>, _ v: [Scalar]) -> [Scalar] {
    check(v)
    return v.withUnsafeBufferPointer { v in
      [Scalar](unsafeUninitializedCapacity: count) { result, filled in
        curvature.apply(v.baseAddress!, into: result.baseAddress!)
        filled = count
      }
    }
  }

  private func check(_ numbers: [Scalar]) {
    precondition(numbers.count == count, "The network has \(count) parameters, and these are \(numbers.count).")
  }
}

extension ResolvedNetwork {
  /// The loss of this network on a data set around given weights, for Theory to look at.
  ///
  /// ```swift
  /// let landscape = try network.landscape(at: network.drawnParameters(seed: 7), loss: .crossEntropy, data: data)
  /// let slope = landscape.gradient()
  /// ```
  ///
  /// It is the function that losses are of, in evaluation: without dropout, and with running averages as numbers that stay.
  ///
  /// - Parameters:
  ///   - weights: as the network multiplies with them (``drawnParameters(seed:member:)``); running averages may stand behind them, and are
  ///     those of the beginning where they do not.
  ///   - multipliers: factors of the learning rate for single tensors, which are in the landscape's units.
  /// - Throws: ``ExperimentError`` or `NetworkError` for a network that cannot be run or has no parameters, and for data that do not fit;
  ///   ``TrainingSetupError`` for multipliers of tensors that do not exist.
  public func landscape(
    at weights: [Double], loss: Loss, data: TrainingData.Part, multipliers: LearningRateMultipliers = [:]
  ) throws -> any LossLandscape<Double> {
    try NetworkLandscape(self, at: weights, loss: loss, data: data, multipliers: multipliers)
  }

  /// The same in single precision.
  public func landscape(
    at weights: [Float], loss: Loss, data: TrainingData.Part, multipliers: LearningRateMultipliers = [:]
  ) throws -> any LossLandscape<Float> {
    try NetworkLandscape(self, at: weights, loss: loss, data: data, multipliers: multipliers)
  }
}
