import Foundation
import OrreryFindings
import OrreryTensors

/// f(z) = z for z > 0, `alpha`·(e^z − 1) otherwise. f′ is continuous only for `alpha` = 1.
public struct ELU: ActivationDescription {
  public static let key = "elu"
  public static let parameters = [ActivationFunction.ParameterDescription("alpha", defaultValue: 1)]
  public var alpha: Double

  public init(alpha: Double) { self.alpha = alpha }
  public init(parameters: ActivationParameters) throws { self.init(alpha: try parameters.number("alpha")) }

  public var parameterValues: [String: ActivationParameter] { ["alpha": .number(alpha)] }
  public func validate() {}

  public var formula: String { "z for z > 0, \(alpha) (e^z − 1) otherwise" }
  public var publications: [Publication] { [.clevert2016fast] }

  public func derivative(_ order: Int, at z: Double) -> Double {
    if z > 0 { return order == 0 ? z : (order == 1 ? 1 : 0) }
    return order == 0 ? alpha * expm1(z) : alpha * Foundation.exp(z)
  }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { values(Float(alpha), order, block) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { values(alpha, order, block) }

  @inline(__always)
  private func values<Scalar: ActivationScalar>(_ alpha: Scalar, _ order: Int, _ block: ActivationBlock<Scalar>) {
    block.first(order == 0 ? .expm1 : .exp) { $0 > 0 ? 0 : $0 }
    let right: Scalar = order == 1 ? 1 : 0
    order == 0
      ? block.mapWithFirst { u, e in u > 0 ? u : alpha * e }
      : block.mapWithFirst { u, e in u > 0 ? right : alpha * e }
  }

  public var regularity: Regularity { .kink(order: alpha == 1 ? 2 : 1) }
  public var growth: Growth { .polynomial(degree: 1) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .none }
  public var homogeneityDegree: Int? { nil }
  public var polynomialForm: PolynomialForm { .none }
}
