import Foundation
import OrreryTensors

/// x_i^p of positive numbers, for short arrays: variances of channels.
struct Power: GenericPrimitive {
  let exponent: Double

  func shape(_ inputs: [[Int]]) -> [Int] { inputs[0] }

  var reusableInputs: [Int] { [0] }

  /// p x^(p − 1) x̄.
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    if exponent == 0 { return [nil] }
    let slope = graph.scale(graph.power(inputs[0], exponent - 1), by: exponent)
    return [graph.multiply(cotangent, slope)]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (count, input, output) = (place.output.count, place.inputs[0].offset, place.output.offset)
    let exponent = exponent
    return {
      for i in 0..<count { base[output + i] = Scalar(pow(Double(base[input + i]), exponent)) }
    }
  }
}

extension Graph {
  /// x_i^p of positive numbers.
  public mutating func power(_ value: Value, _ exponent: Double) -> Value {
    if exponent == 1 { return value }
    return apply(Power(exponent: exponent), [value])
  }
}
