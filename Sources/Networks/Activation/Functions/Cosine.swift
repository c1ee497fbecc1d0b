import Foundation
import OrreryFindings
import OrreryTensors

/// f(z) = cos z.
public struct Cosine: ActivationDescription {
  public static let key = "cos"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "cos(z)" }
  public var publications: [Publication] { [.rahimi2007random] }

  public func derivative(_ order: Int, at z: Double) -> Double {
    [Foundation.cos(z), -Foundation.sin(z), -Foundation.cos(z), Foundation.sin(z)][order % 4]
  }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { block.wave(order + 1) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { block.wave(order + 1) }

  public var regularity: Regularity { .analytic(strip: .infinity) }
  public var growth: Growth { .bounded }
  public var oscillates: Bool { true }
  public var symmetry: FunctionSymmetry { .even }
  public var homogeneityDegree: Int? { nil }
  public var polynomialForm: PolynomialForm { .none }
}
