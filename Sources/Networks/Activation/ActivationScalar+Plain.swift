import Foundation
import OrreryTensors

extension Float: ActivationScalar {
  static func evaluate(
    _ function: Elementwise.Function, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    for i in 0..<count { output[i] = Float(plainValue(function, Double(input[i]))) }
  }
}

extension Double: ActivationScalar {
  static func evaluate(
    _ function: Elementwise.Function, _ input: UnsafePointer<Double>, _ output: UnsafeMutablePointer<Double>,
    _ count: Int
  ) {
    for i in 0..<count { output[i] = plainValue(function, input[i]) }
  }
}

@inline(__always)
private func plainValue(_ function: Elementwise.Function, _ x: Double) -> Double {
  switch function {
  case .exp: Foundation.exp(x)
  case .expm1: Foundation.expm1(x)
  case .tanh: Foundation.tanh(x)
  case .sigmoid: x >= 0 ? 1 / (1 + Foundation.exp(-x)) : Foundation.exp(x) / (1 + Foundation.exp(x))
  case .erf: Foundation.erf(x)
  case .erfc: Foundation.erfc(x)
  case .sin: Foundation.sin(x)
  case .cos: Foundation.cos(x)
  case .softplus: Swift.max(x, 0) + log1p(Foundation.exp(-Swift.abs(x)))
  default: preconditionFailure("No activation needs \(function).")
  }
}
