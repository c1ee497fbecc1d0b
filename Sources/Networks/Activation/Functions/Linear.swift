import OrreryFindings
import OrreryTensors

/// f(z) = z.
public struct Linear: ActivationDescription {
  public static let key = "linear"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "z" }
  public var publications: [Publication] { [.saxe2014exact] }

  public func derivative(_ order: Int, at z: Double) -> Double { order == 0 ? z : (order == 1 ? 1 : 0) }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { block.twoSlopes(1, 1, order) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { block.twoSlopes(1, 1, order) }

  public var regularity: Regularity { .analytic(strip: .infinity) }
  public var growth: Growth { .polynomial(degree: 1) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .odd(about: 0) }
  public var homogeneityDegree: Int? { 1 }
  public var polynomialForm: PolynomialForm { .polynomial([0, 1]) }
}
