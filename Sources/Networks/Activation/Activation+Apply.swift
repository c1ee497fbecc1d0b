import OrreryTensors

extension Activation {
  /// σ or a derivative, of each of `count` numbers: `output[i] = d^order σ/dz^order at input[i]`.
  ///
  /// Works on blocks that stay in the first-level cache and allocates nothing. `input` and `output` may be the same
  /// memory. At kinks and for the distributional parts of higher derivatives, as `derivative(_:at:)`.
  ///
  /// - Parameter order: 0 … 5.
  package func apply(
    order: Int = 0, to input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
  ) {
    applyBlockwise(order, input, output, count) { $0.evaluate(order, $1) }
  }

  /// σ or a derivative, of each of `count` numbers, in double precision.
  ///
  /// - Parameter order: 0 … 5.
  package func apply(
    order: Int = 0, to input: UnsafePointer<Double>, into output: UnsafeMutablePointer<Double>, count: Int
  ) {
    applyBlockwise(order, input, output, count) { $0.evaluate(order, $1) }
  }

  @inline(__always)
  private func applyBlockwise<Scalar: ActivationScalar>(
    _ order: Int, _ input: UnsafePointer<Scalar>, _ output: UnsafeMutablePointer<Scalar>, _ count: Int,
    _ evaluate: (any ActivationDescription, ActivationBlock<Scalar>) -> Void
  ) {
    precondition((0...5).contains(order), "Derivatives are offered up to the fifth.")
    let described = function.description
    let elementary = described.elementary(order)
    if isPlain, let elementary { return Scalar.evaluate(elementary, input, output, count) }
    withScratch { (arguments: UnsafeMutablePointer<Scalar>, first, second) in
      let (scale, shift) = (Scalar(inputScale), Scalar(inputShift))
      var factor = outputScale
      for _ in 0..<order { factor *= inputScale }
      let (outerScale, outerShift) = (Scalar(factor), Scalar(order == 0 ? outputShift : 0))
      let plainInput = scale == 1 && shift == 0
      let plainOutput = outerScale == 1 && outerShift == 0
      var start = 0
      while start < count {
        let size = min(ActivationBlock<Scalar>.capacity, count &- start)
        let source = input + start
        if plainInput {
          for i in 0..<size { arguments[i] = source[i] }
        } else {
          for i in 0..<size { arguments[i] = scale * source[i] + shift }
        }
        let target = output + start
        let block = ActivationBlock(
          arguments: arguments, first: first, second: second, output: target, count: size)
        if let elementary { block.call(elementary) } else { evaluate(described, block) }
        if !plainOutput { for i in 0..<size { target[i] = outerScale * target[i] + outerShift } }
        start &+= size
      }
    }
  }

  @inline(__always)
  private func withScratch<Scalar: ActivationScalar>(
    _ body: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  ) {
    let capacity = ActivationBlock<Scalar>.capacity
    // One allocation of at most 1024 bytes each: those are on the stack.
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: capacity) { arguments in
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: capacity) { first in
        withUnsafeTemporaryAllocation(of: Scalar.self, capacity: capacity) { second in
          body(arguments.baseAddress!, first.baseAddress!, second.baseAddress!)
        }
      }
    }
  }
}

extension Activation {
  /// σ or a derivative of each number.
  ///
  /// - Parameter order: 0 … 5; what ``derivative(_:at:)`` says of kinks holds here.
  public func values(at inputs: [Float], order: Int = 0) -> [Float] {
    [Float](unsafeUninitializedCapacity: inputs.count) { output, count in
      count = inputs.count
      guard count > 0 else { return }
      inputs.withUnsafeBufferPointer {
        apply(order: order, to: $0.baseAddress!, into: output.baseAddress!, count: count)
      }
    }
  }

  /// σ or a derivative of each number, in double precision.
  ///
  /// - Parameter order: 0 … 5; what ``derivative(_:at:)`` says of kinks holds here.
  public func values(at inputs: [Double], order: Int = 0) -> [Double] {
    [Double](unsafeUninitializedCapacity: inputs.count) { output, count in
      count = inputs.count
      guard count > 0 else { return }
      inputs.withUnsafeBufferPointer {
        apply(order: order, to: $0.baseAddress!, into: output.baseAddress!, count: count)
      }
    }
  }

  /// Replaces every element z of a matrix by σ(z), or by a derivative.
  public func apply(order: Int = 0, to matrix: inout Matrix<Float>) {
    matrix.withUnsafeMutableBuffer { buffer in
      guard let start = buffer.baseAddress else { return }
      apply(order: order, to: start, into: start, count: buffer.count)
    }
  }

  /// Replaces every element z of a matrix by σ(z), or by a derivative, in double precision.
  public func apply(order: Int = 0, to matrix: inout Matrix<Double>) {
    matrix.withUnsafeMutableBuffer { buffer in
      guard let start = buffer.baseAddress else { return }
      apply(order: order, to: start, into: start, count: buffer.count)
    }
  }
}
