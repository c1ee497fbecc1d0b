import Foundation
import OrreryFindings
import OrreryTensors

/// f(z) = tanh z.
public struct Tanh: ActivationDescription {
  public static let key = "tanh"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "tanh(z)" }
  public var publications: [Publication] { [.lecun1998efficient] }

  public func derivative(_ order: Int, at z: Double) -> Double {
    let t = Foundation.tanh(z)
    let q = 4 * Sigmoid.slope(at: 2 * z)
    return [t, q, -2 * t * q, q * (4 - 6 * q), -8 * t * q * (1 - 3 * q), q * (16 - 120 * q + 120 * q * q)][order]
  }

  public func elementary(_ order: Int) -> Elementwise.Function? { order == 0 ? .tanh : nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { values(order, block) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { values(order, block) }

  public var regularity: Regularity { .analytic(strip: .pi / 2) }
  public var growth: Growth { .bounded }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .odd(about: 0) }
  public var homogeneityDegree: Int? { nil }
  public var polynomialForm: PolynomialForm { .none }

  @inline(__always)
  private func values<Scalar: ActivationScalar>(_ order: Int, _ block: ActivationBlock<Scalar>) {
    // 1 − tanh² = 4 e/(1 + e)² with e = e^(−2|u|) has neither cancellation nor overflow.
    block.first(.exp) { -2 * Swift.abs($0) }
    if order % 2 == 0 { block.second(.tanh) }
    switch order {
    case 1:
      block.mapWithFirst { _, e in 4 * e / ((1 + e) * (1 + e)) }
    case 2:
      block.mapWithBoth { _, e, t in -2 * t * (4 * e / ((1 + e) * (1 + e))) }
    case 3:
      block.mapWithFirst { _, e in
        let q = 4 * e / ((1 + e) * (1 + e))
        return q * (4 - 6 * q)
      }
    case 4:
      block.mapWithBoth { _, e, t in
        let q = 4 * e / ((1 + e) * (1 + e))
        return -8 * t * q * (1 - 3 * q)
      }
    default:
      block.mapWithFirst { _, e in
        let q = 4 * e / ((1 + e) * (1 + e))
        return q * (16 - 120 * q + 120 * q * q)
      }
    }
  }
}
