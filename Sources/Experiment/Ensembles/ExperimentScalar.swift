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
