import OrreryNetworks
import OrreryTensors

/// The whole-array operations of networks, for each element type.
package protocol ExperimentScalar: TensorScalar {
  static func fillNormals(_ output: UnsafeMutableBufferPointer<Self>, _ stream: RandomStream, from index: Int)
  static func fillUniforms(_ output: UnsafeMutableBufferPointer<Self>, _ stream: RandomStream, from index: Int)
  /// output[i] = d^order σ/dz^order at input[i]; the two may be the same memory.
  static func apply(
    _ activation: Activation, order: Int, to input: UnsafePointer<Self>, into output: UnsafeMutablePointer<Self>,
    count: Int)
  /// C = op(A) op(B), or C + op(A) op(B), by BLAS.
  static func multiply(
    _ a: UnsafePointer<Self>, transposed transposeA: Bool, stride strideA: Int, _ b: UnsafePointer<Self>,
    transposed transposeB: Bool, stride strideB: Int, into c: UnsafeMutablePointer<Self>, stride: Int, rows: Int,
    inner: Int, columns: Int, accumulating: Bool)
}

extension ExperimentScalar {
  /// Independent ±1, draw by draw of a stream.
  static func fillSigns(_ output: UnsafeMutableBufferPointer<Self>, _ stream: RandomStream) {
    fillUniforms(output, stream, from: 0)
    for i in 0..<output.count { output[i] = output[i] < 0.5 ? -1 : 1 }
  }
}

extension Float: ExperimentScalar {
  package static func apply(
    _ activation: Activation, order: Int, to input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    activation.apply(order: order, to: input, into: output, count: count)
  }

  package static func multiply(
    _ a: UnsafePointer<Float>, transposed transposeA: Bool, stride strideA: Int, _ b: UnsafePointer<Float>,
    transposed transposeB: Bool, stride strideB: Int, into c: UnsafeMutablePointer<Float>, stride: Int, rows: Int,
    inner: Int, columns: Int, accumulating: Bool
  ) {
    BLAS.multiply(
      a, transposed: transposeA, stride: strideA, b, transposed: transposeB, stride: strideB, into: c, stride: stride,
      rows: rows, inner: inner, columns: columns, beta: accumulating ? 1 : 0)
  }

  package static func fillNormals(_ output: UnsafeMutableBufferPointer<Float>, _ stream: RandomStream, from index: Int)
  {
    stream.fillNormals(output, from: index)
  }

  package static func fillUniforms(_ output: UnsafeMutableBufferPointer<Float>, _ stream: RandomStream, from index: Int)
  {
    stream.fillUniforms(output, from: index)
  }
}

extension Double: ExperimentScalar {
  package static func apply(
    _ activation: Activation, order: Int, to input: UnsafePointer<Double>, into output: UnsafeMutablePointer<Double>,
    count: Int
  ) {
    activation.apply(order: order, to: input, into: output, count: count)
  }

  package static func multiply(
    _ a: UnsafePointer<Double>, transposed transposeA: Bool, stride strideA: Int, _ b: UnsafePointer<Double>,
    transposed transposeB: Bool, stride strideB: Int, into c: UnsafeMutablePointer<Double>, stride: Int, rows: Int,
    inner: Int, columns: Int, accumulating: Bool
  ) {
    BLAS.multiply(
      a, transposed: transposeA, stride: strideA, b, transposed: transposeB, stride: strideB, into: c, stride: stride,
      rows: rows, inner: inner, columns: columns, beta: accumulating ? 1 : 0)
  }

  package static func fillNormals(_ output: UnsafeMutableBufferPointer<Double>, _ stream: RandomStream, from index: Int)
  {
    stream.fillNormals(output, from: index)
  }

  package static func fillUniforms(
    _ output: UnsafeMutableBufferPointer<Double>, _ stream: RandomStream, from index: Int
  ) {
    stream.fillUniforms(output, from: index)
  }
}
