/// One number for each parameter of a network: the parameters themselves, a gradient, a direction.
///
/// ```swift
/// let gradient = try network.gradient()
/// for tensor in gradient.layout.tensors {
///   let part = gradient[tensor]            // row-major, of the tensor's shape
/// }
/// ```
public struct ParameterVector: Hashable, Sendable {
  /// Names, roles, shapes and places of the tensors.
  public let layout: ParameterLayout
  /// In the layout's order, (``ParameterLayout/count``).
  public private(set) var elements: [Double]

  /// - Precondition: as many elements as the layout has.
  public init(_ layout: ParameterLayout, _ elements: [Double]) {
    precondition(elements.count == layout.count, "A vector of parameters has one number for each of them.")
    self.layout = layout
    self.elements = elements
  }

  /// The elements of one tensor, row-major.
  ///
  /// - Precondition: the tensor is of the same layout.
  public subscript(tensor: ParameterLayout.Tensor) -> ArraySlice<Double> { elements[tensor.range] }

  /// The elements of the tensor of this name; nil when there is none.
  public subscript(name: String) -> ArraySlice<Double>? { layout.tensor(named: name).map { elements[$0.range] } }

  /// Each tensor times its unit: of a gradient ∂L/∂w the gradient ∂L/∂ω = unit · ∂L/∂w with respect to the optimizer's own parameters,
  /// and of a step δω the change δw of what the network multiplies with (``ParameterLayout/Tensor/unit``).
  public func timesUnits() -> ParameterVector {
    var result = self
    for tensor in layout.tensors where tensor.unit != 1 {
      for i in tensor.range { result.elements[i] *= tensor.unit }
    }
    return result
  }
}
