import CElementwise

/// C's arrays of function pointers arrive as tuples of equal elements, which lie in memory like the arrays.
extension orrery_kernels {
  typealias SingleKernel = @convention(c) (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
  typealias DoubleKernel = @convention(c) (UnsafePointer<Double>?, UnsafeMutablePointer<Double>?, Int) -> Void

  func apply(
    _ function: Elementwise.Function, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    withUnsafeBytes(of: f32) {
      $0.assumingMemoryBound(to: SingleKernel.self)[Int(function.kernel)](input, output, count)
    }
  }

  func apply(
    _ function: Elementwise.Function, _ input: UnsafePointer<Double>, _ output: UnsafeMutablePointer<Double>,
    _ count: Int
  ) {
    withUnsafeBytes(of: f64) {
      $0.assumingMemoryBound(to: DoubleKernel.self)[Int(function.kernel)](input, output, count)
    }
  }
}
