import OrreryTensors

/// What the threads that share a step of an update rule work on: written before they begin.
///
/// Norms are of whole tensors, and every parameter is updated by itself: results are the same to the bit for any number of
/// threads.
final class SharedUpdate<Scalar: TensorScalar>: @unchecked Sendable {
  /// A tensor's place, without its name. The layout's tensors will not do: threads that train networks of one plan would wait
  /// for each other where they count references to their shapes.
  struct Span {
    let offset: Int
    let count: Int
    let unit: Double
  }

  let spans: [Span]
  /// Σ g² of each tensor.
  let squares: AlignedStorage<Double>

  var parameters: UnsafeMutablePointer<Scalar>?
  var gradient: UnsafePointer<Scalar>?
  var first: UnsafeMutablePointer<Scalar>?
  var second: UnsafeMutablePointer<Scalar>?
  var rule = UpdatePlan.Rule.descent
  var coefficients = UpdateCoefficients()
  var parts = VectorParts(0)

  init(_ layout: ParameterLayout) {
    spans = layout.tensors.map { Span(offset: $0.offset, count: $0.count, unit: $0.unit) }
    squares = AlignedStorage(uninitializedCount: layout.tensors.count)
  }

  func sumSquares(tensor index: Int) {
    squares.elements[index] = UpdateKernels<Scalar>.sumOfSquares(
      gradient! + spans[index].offset, count: spans[index].count)
  }

  /// A part of a stretch under a rule that goes element by element.
  func update(part index: Int) {
    let range = parts.range(index)
    let (w, g, m, v) = (
      parameters! + range.lowerBound, gradient! + range.lowerBound, first! + range.lowerBound,
      second! + range.lowerBound
    )
    switch rule {
    case .descent: UpdateKernels<Scalar>.descent(coefficients, w, g, count: range.count)
    case .momentum: UpdateKernels<Scalar>.momentum(coefficients, w, velocity: m, g, count: range.count)
    case .adam: UpdateKernels<Scalar>.adam(coefficients, w, first: m, second: v, g, count: range.count)
    case .rmsProp: UpdateKernels<Scalar>.rmsProp(coefficients, w, second: v, g, count: range.count)
    case .lion: UpdateKernels<Scalar>.lion(coefficients, w, first: m, g, count: range.count)
    case .orthogonal: preconditionFailure("A matrix is orthogonalized as a whole.")
    }
  }
}
