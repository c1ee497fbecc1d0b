/// The public forms: arrays, tensors and matrices in, the same out.
extension Elementwise.Function {
  /// The function of every element.
  public func callAsFunction(_ values: [Float]) -> [Float] {
    Array(unsafeUninitializedCapacity: values.count) { output, count in
      values.withUnsafeBufferPointer { input in
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        Elementwise.apply(self, source, into: target, count: input.count)
      }
      count = values.count
    }
  }

  /// The function of every element.
  public func callAsFunction(_ values: [Double]) -> [Double] {
    Array(unsafeUninitializedCapacity: values.count) { output, count in
      values.withUnsafeBufferPointer { input in
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        Elementwise.apply(self, source, into: target, count: input.count)
      }
      count = values.count
    }
  }

  /// The function of every element, in place.
  public func apply(to values: inout MutableSpan<Float>) {
    values.withUnsafeMutableBufferPointer { values in
      guard let start = values.baseAddress else { return }
      Elementwise.apply(self, start, into: start, count: values.count)
    }
  }

  /// The function of every element, in place.
  public func apply(to values: inout MutableSpan<Double>) {
    values.withUnsafeMutableBufferPointer { values in
      guard let start = values.baseAddress else { return }
      Elementwise.apply(self, start, into: start, count: values.count)
    }
  }

  /// The function of every element, under the same shape.
  public func callAsFunction(_ values: Tensor<Float>) -> Tensor<Float> {
    Tensor(shape: values.shape) { output in
      values.withUnsafeBuffer { input in
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        Elementwise.apply(self, source, into: target, count: input.count)
      }
    }
  }

  /// The function of every element, under the same shape.
  public func callAsFunction(_ values: Tensor<Double>) -> Tensor<Double> {
    Tensor(shape: values.shape) { output in
      values.withUnsafeBuffer { input in
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        Elementwise.apply(self, source, into: target, count: input.count)
      }
    }
  }

  /// The function of every element.
  public func callAsFunction(_ values: Matrix<Float>) -> Matrix<Float> { Matrix(self(values.tensor)) }

  /// The function of every element.
  public func callAsFunction(_ values: Matrix<Double>) -> Matrix<Double> { Matrix(self(values.tensor)) }
}
