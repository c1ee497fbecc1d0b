import OrreryNetworks
import OrreryTensors

/// Products of a loss's Hessian, or of a Gauss–Newton or Fisher matrix, with directions in the space of a network's parameters.
///
/// ```swift
/// let curvature = try NetworkCurvature<Double>(.hessian, of: network, loss: .crossEntropy, data: data)
/// curvature.move(to: try network.drawnParameters(seed: 7))
/// let product = curvature.apply(direction)                // H v, one number for each parameter
/// let largest = curvature.largestEigenvalues(5, seed: 1)  // with ‖Hv − λv‖ of each
/// ```
///
/// Samples that fit into one chunk (256 vectors; fewer images, and sequences by their length) go through the network once for all directions
/// at a point; more of them again for each. Directions are in units of
/// the optimizer's own parameters: those of the NTK parametrization where a network has it. One thread at a time.
public final class NetworkCurvature<Scalar: TensorScalar> {
  /// The number of parameters.
  public var count: Int { parts.count }
  private let parts: CurvatureParts<Scalar>

  fileprivate init(_ parts: CurvatureParts<Scalar>) { self.parts = parts }

  /// - Parameter parameters: `count` numbers, as the network multiplies with them.
  public func move(to parameters: [Scalar]) {
    precondition(parameters.count == count, "The network has \(count) parameters, and these are \(parameters.count).")
    parameters.withUnsafeBufferPointer { parts.go($0.baseAddress!) }
  }

  /// The product with a direction, at the point that was gone to.
  public func apply(_ direction: [Scalar]) -> [Scalar] {
    precondition(direction.count == count, "The network has \(count) parameters, and these are \(direction.count).")
    return direction.withUnsafeBufferPointer { direction in
      // Not filled first: number by number of a type that is not known here, that takes a twentieth of a product.
      [Scalar](unsafeUninitializedCapacity: count) { result, filled in
        parts.multiply(direction.baseAddress!, result.baseAddress!)
        filled = count
      }
    }
  }

  /// The largest eigenvalues, descending, each with its measured residual ‖Av − λv‖: an eigenvalue lies that near.
  ///
  /// - Parameters:
  ///   - tolerance: relative to the largest.
  ///   - mostProducts: of the Lanczos process.
  public func largestEigenvalues(
    _ wanted: Int, tolerance: Double = 1e-3, mostProducts: Int = 120, seed: UInt64
  ) -> (values: [Double], residuals: [Double]) {
    parts.eigenvalues(wanted, tolerance, mostProducts, seed)
  }
}

/// What a curvature does, without its type of number being one that programs run in.
private struct CurvatureParts<Scalar: TensorScalar> {
  let count: Int
  let go: (UnsafePointer<Scalar>) -> Void
  let multiply: (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  let eigenvalues: (Int, Double, Int, UInt64) -> (values: [Double], residuals: [Double])
}

extension CurvatureParts where Scalar: TrainingScalar {
  init(_ kind: CurvatureKind, of network: ResolvedNetwork, loss: Loss, data: TrainingData.Part) throws {
    try TrainingData(train: data).validate(for: network, loss: loss)
    let programs = try CurvatureOperator<Scalar>.Programs(
      kind, of: network, loss: loss, samples: data.samples, targets: data.targetKind, isParallel: true)
    let (curvature, arrays) = (CurvatureOperator<Scalar>(programs), TrainingArrays<Scalar>(data))
    self.init(
      count: curvature.count, go: { curvature.move(to: $0, on: arrays) }, multiply: { curvature.apply($0, into: $1) },
      eigenvalues: { wanted, tolerance, most, seed in
        let result = LargestEigenpairs(curvature, seed: seed).run(wanted, tolerance: tolerance, mostSteps: most)
        return (result.values, result.residuals)
      })
  }
}

extension NetworkCurvature where Scalar == Float {
  /// - Throws: ``ExperimentError`` or `NetworkError` for a network that cannot be run or differentiated, or data that do not fit.
  public convenience init(
    _ kind: CurvatureKind, of network: ResolvedNetwork, loss: Loss, data: TrainingData.Part
  ) throws {
    self.init(try CurvatureParts(kind, of: network, loss: loss, data: data))
  }
}

extension NetworkCurvature where Scalar == Double {
  /// - Throws: ``ExperimentError`` or `NetworkError` for a network that cannot be run or differentiated, or data that do not fit.
  public convenience init(
    _ kind: CurvatureKind, of network: ResolvedNetwork, loss: Loss, data: TrainingData.Part
  ) throws {
    self.init(try CurvatureParts(kind, of: network, loss: loss, data: data))
  }
}

extension ResolvedNetwork {
  /// The parameters that a member draws: W1, b1, W2, …, each row-major, one behind the other.
  ///
  /// - Throws: ``TrainingSetupError`` or `NetworkError`.
  public func drawnParameters(seed: UInt64, member: Int = 0) throws -> [Double] { try drawn(seed, member) }

  /// The same in single precision.
  public func drawnSingleParameters(seed: UInt64, member: Int = 0) throws -> [Float] { try drawn(seed, member) }

  private func drawn<Scalar: ExperimentScalar>(_ seed: UInt64, _ member: Int) throws -> [Scalar] {
    let parameters = try NetworkParameters(self)
    var values = [Scalar](repeating: 0, count: parameters.layout.count)
    values.withUnsafeMutableBufferPointer { buffer in
      if let start = buffer.baseAddress { parameters.draw(start, seed: seed, member: member) }
    }
    return values
  }
}
