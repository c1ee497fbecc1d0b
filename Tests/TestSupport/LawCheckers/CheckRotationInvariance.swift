import OrreryTensors
import Testing

/// Checks that rotating all inputs together leaves a kernel alone: k(XQ) = k(X) for orthogonal Q.
///
/// Q is a product of `features` random Householder reflections (at most 8), orthogonal to rounding.
///
/// - Parameters:
///   - inputs: shape (samples, features).
///   - tolerance: the largest difference allowed, relative to the kernel's largest element.
///   - kernel: from inputs of shape (samples, features) to a kernel of shape (samples, samples).
public func checkRotationInvariance(
  inputs: Matrix<Double>, tolerance: Double, seed: UInt64 = 1, sourceLocation: SourceLocation = #_sourceLocation,
  kernel: (Matrix<Double>) throws -> Matrix<Double>
) rethrows {
  var generator = SplitMix(seed: seed)
  var rows = (0..<inputs.rows).map { inputs.row($0) }
  for _ in 0..<min(8, inputs.columns) {
    let direction = generator.normals(inputs.columns)
    let norm = direction.reduce(0) { $0 + $1 * $1 }
    for i in rows.indices {
      let factor = 2 * zip(rows[i], direction).reduce(0) { $0 + $1.0 * $1.1 } / norm
      for k in direction.indices { rows[i][k] -= factor * direction[k] }
    }
  }
  let plain = try kernel(inputs)
  let rotated = try kernel(Matrix(rows))
  let error = relativeError(rotated.tensor.elements, plain.tensor.elements)
  #expect(
    error <= tolerance, "Rotating the inputs changes the kernel by \(error), relative to its largest element.",
    sourceLocation: sourceLocation)
}
