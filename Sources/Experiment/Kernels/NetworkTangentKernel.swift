import OrreryNetworks
import OrreryTensors

/// The empirical neural tangent kernel of one network between samples, Θ_op(x, x′) = Σ_μ λ_μ ∂_μ z_o(x) ∂_μ z_p(x′).
///
/// ```swift
/// let kernel = try NetworkTangentKernel<Float>(network, samples: 200)
/// let theta = try kernel.traced(parameters, images)            // (1/n_L) Σ_o Θ_oo, shape (samples, samples)
/// ```
///
/// λ is 1 for networks in the standard parametrization and the square of each tensor's unit in the NTK parametrization, whose kernel
/// tends to Theory's Θ; other rates can be given tensor by tensor. Dense layers go through Gram matrices, all others through
/// Jacobians. Compiled once, used at many points; one thread at a time, which has all others help.
public final class NetworkTangentKernel<Scalar: TensorScalar> {
  /// The tensors of parameters, in order.
  public var layout: ParameterLayout { parts.layout }
  private let parts: TangentKernelParts<Scalar>

  fileprivate init(_ parts: TangentKernelParts<Scalar>) { self.parts = parts }

  /// (1/n_L) Σ_o Θ_oo, (samples, other samples).
  ///
  /// - Parameters:
  ///   - parameters: as the network multiplies with them.
  ///   - inputs, other: (samples, features); nil for the same samples. A number of samples that was not announced is compiled for
  ///     when it first comes.
  public func traced(
    _ parameters: [Scalar], _ inputs: Matrix<Scalar>, _ other: Matrix<Scalar>? = nil
  ) -> Matrix<Scalar> {
    with(parameters, inputs, other, parts.traced)
  }

  /// The parts of each tensor, which add up to ``traced(_:_:_:)``.
  public func tracedTensors(
    _ parameters: [Scalar], _ inputs: Matrix<Scalar>, _ other: Matrix<Scalar>? = nil
  ) -> [Matrix<Scalar>] {
    with(parameters, inputs, other, parts.tensors)
  }

  /// Θ between all outputs, (samples, outputs, other samples, outputs): from whole Jacobians.
  ///
  /// - Throws: as the initializer.
  public func full(
    _ parameters: [Scalar], _ inputs: Matrix<Scalar>, _ other: Matrix<Scalar>? = nil
  ) throws -> Tensor<Scalar> {
    try with(parameters, inputs, other, parts.full)
  }

  private func with<Result>(
    _ parameters: [Scalar], _ inputs: Matrix<Scalar>, _ other: Matrix<Scalar>?,
    _ body: (TangentKernelParts<Scalar>.Point) throws -> Result
  ) rethrows -> Result {
    precondition(
      parameters.count == layout.count, "The network has \(layout.count) parameters, and these are \(parameters.count)."
    )
    precondition(
      inputs.columns == parts.features && other.map { $0.columns == parts.features } != false,
      "The network takes \(parts.features) features.")
    return try parameters.withUnsafeBufferPointer { w in
      try inputs.withUnsafeBuffer { x in
        guard let other else { return try body(.init(w: w.baseAddress!, x: x.baseAddress!, samples: inputs.rows)) }
        return try other.withUnsafeBuffer { y in
          try body(
            .init(w: w.baseAddress!, x: x.baseAddress!, samples: inputs.rows, y: y.baseAddress!, others: other.rows))
        }
      }
    }
  }
}

/// What a kernel does, without its type of number being one that programs run in.
private struct TangentKernelParts<Scalar: TensorScalar> {
  struct Point {
    let w: UnsafePointer<Scalar>
    let x: UnsafePointer<Scalar>
    let samples: Int
    var y: UnsafePointer<Scalar>?
    var others = 0
  }

  let layout: ParameterLayout
  let features: Int
  let traced: (Point) -> Matrix<Scalar>
  let tensors: (Point) -> [Matrix<Scalar>]
  let full: (Point) throws -> Tensor<Scalar>
}

extension TangentKernelParts where Scalar: TrainingScalar {
  init(_ network: ResolvedNetwork, samples: [Int], rates: [Double]?) throws {
    let programs = try TangentKernelEstimator<Scalar>.Programs(network, samples: samples, rates: rates)
    let estimator = TangentKernelEstimator<Scalar>(programs)
    self.init(
      layout: programs.layout, features: programs.features,
      traced: { estimator.traced($0.w, $0.left, $0.right) },
      tensors: { estimator.tracedTensors($0.w, $0.left, $0.right) },
      full: { try estimator.full($0.w, $0.left, $0.right) })
  }
}

extension TangentKernelParts.Point where Scalar: TrainingScalar {
  var left: TangentKernelEstimator<Scalar>.Samples { .init(x, count: samples) }
  var right: TangentKernelEstimator<Scalar>.Samples? { y.map { .init($0, count: others) } }
}

extension NetworkTangentKernel where Scalar == Float {
  /// - Parameters:
  ///   - samples: the numbers of samples that will be asked for; others take a moment longer at first.
  ///   - rates: λ of each tensor; nil for the optimizer's own units squared.
  /// - Throws: ``ExperimentError`` or `NetworkError` for a network that cannot be run or differentiated.
  public convenience init(_ network: ResolvedNetwork, samples: Int..., rates: [Double]? = nil) throws {
    self.init(try TangentKernelParts(network, samples: samples, rates: rates))
  }
}

extension NetworkTangentKernel where Scalar == Double {
  /// - Parameters:
  ///   - samples: the numbers of samples that will be asked for; others take a moment longer at first.
  ///   - rates: λ of each tensor; nil for the optimizer's own units squared.
  /// - Throws: ``ExperimentError`` or `NetworkError` for a network that cannot be run or differentiated.
  public convenience init(_ network: ResolvedNetwork, samples: Int..., rates: [Double]? = nil) throws {
    self.init(try TangentKernelParts(network, samples: samples, rates: rates))
  }
}
