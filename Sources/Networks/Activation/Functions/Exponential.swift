import Foundation
import OrreryFindings
import OrreryTensors

/// f(z) = e^z.
public struct Exponential: ActivationDescription {
  public static let key = "exp"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "e^z" }
  public var publications: [Publication] { [.daniely2016toward] }

  public func derivative(_ order: Int, at z: Double) -> Double { Foundation.exp(z) }

  public func elementary(_ order: Int) -> Elementwise.Function? { .exp }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { block.call(.exp) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { block.call(.exp) }

  public var regularity: Regularity { .analytic(strip: .infinity) }
  public var growth: Growth { .exponential(rate: 1) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .none }
  public var homogeneityDegree: Int? { nil }
  public var polynomialForm: PolynomialForm { .none }
}
