import Foundation
import OrreryFindings
import OrreryTensors

/// f(z) = 1 / (1 + e^−z), the logistic function s.
public struct Sigmoid: ActivationDescription {
  public static let key = "sigmoid"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "1 / (1 + e^−z)" }
  public var publications: [Publication] { [.rumelhart1986learning] }

  public func derivative(_ order: Int, at z: Double) -> Double { Self.derivative(order, at: z) }

  public func elementary(_ order: Int) -> Elementwise.Function? { order == 0 ? .sigmoid : nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { block.logistic(order) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { block.logistic(order) }

  public var regularity: Regularity { .analytic(strip: .pi) }
  public var growth: Growth { .bounded }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .odd(about: 0.5) }
  public var homogeneityDegree: Int? { nil }
  public var polynomialForm: PolynomialForm { .none }
}

extension Sigmoid {
  /// With p = s′: s″ = p(1 − 2s) = −p tanh(z/2), s‴ = p(1 − 6p), s⁗ = s″(1 − 12p), s⁽⁵⁾ = p(1 − 30p + 120p²).
  static func derivative(_ order: Int, at z: Double) -> Double {
    if order == 0 {
      let e = Foundation.exp(-Swift.abs(z))
      return (z >= 0 ? 1 : e) / (1 + e)
    }
    let slope = slope(at: z)
    let second = -slope * Foundation.tanh(z / 2)
    return [
      slope, second, slope * (1 - 6 * slope), second * (1 - 12 * slope),
      slope * (1 - 30 * slope + 120 * slope * slope),
    ][order - 1]
  }

  /// s′ = s(z) s(−z) = e/(1 + e)² with e = e^(−|z|): no cancellation, no overflow.
  static func slope(at z: Double) -> Double {
    let e = Foundation.exp(-Swift.abs(z))
    return e / ((1 + e) * (1 + e))
  }
}

extension ActivationBlock {
  /// Derivatives of the logistic function s, order ≥ 1, from e = e^(−|u|): s′ = e/(1 + e)².
  @inline(__always)
  func logistic(_ order: Int) {
    first(.exp) { -Swift.abs($0) }
    switch order {
    case 1: mapWithFirst { u, e in LogisticJet(u, e).first }
    case 2: mapWithFirst { u, e in LogisticJet(u, e).second }
    case 3: mapWithFirst { u, e in LogisticJet(u, e).third }
    case 4: mapWithFirst { u, e in LogisticJet(u, e).fourth }
    default: mapWithFirst { u, e in LogisticJet(u, e).fifth }
    }
  }
}

/// s and its derivatives to the fifth at an argument of the sign of `u`, from e = e^(−|argument|).
struct LogisticJet<Scalar: ActivationScalar> {
  let value, first, second, third: Scalar

  @inline(__always)
  init(_ u: Scalar, _ e: Scalar) {
    let inverse = 1 / (1 + e)
    let small = e * inverse
    value = u > 0 ? inverse : small
    first = inverse * small
    // 1 − 2s = −tanh(argument/2) = ∓(1 − e)/(1 + e).
    let slope = first * ((1 - e) * inverse)
    second = u > 0 ? -slope : slope
    third = first * (1 - 6 * first)
  }

  @inline(__always) var fourth: Scalar { second * (1 - 12 * first) }
  @inline(__always) var fifth: Scalar { first * (1 - 30 * first + 120 * first * first) }
}
