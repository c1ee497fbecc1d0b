import OrreryTensors
import Testing

/// Checks that permuting the samples permutes a kernel's rows and columns: k(PX) = P k(X) Pᵀ.
///
/// - Parameters:
///   - inputs: shape (samples, features).
///   - tolerance: the largest difference allowed, relative to the kernel's largest element.
///   - kernel: from inputs of shape (samples, features) to a kernel of shape (samples, samples).
public func checkPermutationEquivariance(
  inputs: Matrix<Double>, tolerance: Double, seed: UInt64 = 1, sourceLocation: SourceLocation = #_sourceLocation,
  kernel: (Matrix<Double>) throws -> Matrix<Double>
) rethrows {
  var generator = SplitMix(seed: seed)
  let permutation = Array(0..<inputs.rows).shuffled(using: &generator)
  let plain = try kernel(inputs)
  let permuted = try kernel(inputs.selectingRows(permutation))
  let expected = permutation.flatMap { i in permutation.map { j in plain[i, j] } }
  let error = relativeError(permuted.tensor.elements, expected)
  #expect(
    error <= tolerance, "Permuting the samples changes the kernel by \(error), relative to its largest element.",
    sourceLocation: sourceLocation)
}
