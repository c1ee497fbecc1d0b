import OrreryTensors

/// The elementary functions of whole arrays that activations are made of, for each element type.
protocol ActivationScalar: TensorScalar {
  /// `output[i] = function(input[i])`; the two may be the same memory.
  static func evaluate(
    _ function: Elementwise.Function, _ input: UnsafePointer<Self>, _ output: UnsafeMutablePointer<Self>, _ count: Int)
}
