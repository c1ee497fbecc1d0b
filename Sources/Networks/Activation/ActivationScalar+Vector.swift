import OrreryTensors

extension Float: ActivationScalar {
  static func evaluate(
    _ function: Elementwise.Function, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    Elementwise.apply(function, input, into: output, count: count)
  }
}

extension Double: ActivationScalar {
  static func evaluate(
    _ function: Elementwise.Function, _ input: UnsafePointer<Double>, _ output: UnsafeMutablePointer<Double>,
    _ count: Int
  ) {
    Elementwise.apply(function, input, into: output, count: count)
  }
}
