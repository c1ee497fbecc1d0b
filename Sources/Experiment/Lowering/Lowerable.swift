import OrreryNetworks

/// A layer that can be run: how its computation is written in primitives. Derivatives of every order follow.
///
/// Conform a layer of your own to `LayerDescription` (its shapes and parameters) and to this, and it can be trained and
/// measured like the rest:
///
/// ```swift
/// extension Bilinear: Lowerable {                       // z = (A x) ⊙ (B x)
///   public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
///     let left = graph.matrixProduct(input, parameters[0], transposingRight: true)
///     let right = graph.matrixProduct(input, parameters[1], transposingRight: true)
///     return graph.multiply(left, right)
///   }
/// }
/// ```
public protocol Lowerable: LayerDescription {
  /// The layer's output for a batch: input (samples, …), output (samples, …), the rest as `outputShape(for:)` says.
  ///
  /// - Parameter parameters: one value for each of `parameters(for:)`, in order and of its shape.
  func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value
}

extension Dense: Lowerable {
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    let shape = graph.shape(input)
    let rows = graph.reshape(input, [shape.dropLast().reduce(1, *), shape.last!])
    let result = graph.affine(rows, weight: parameters[0], bias: parameters[1])
    return graph.reshape(result, shape.dropLast() + [units])
  }
}

extension Nonlinearity: Lowerable {
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    graph.activation(activation, of: input)
  }
}
