import OrreryFindings
import OrreryTensors

/// f(z) = max(z, 0).
public struct ReLU: ActivationDescription {
  public static let key = "relu"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "max(z, 0)" }
  public var publications: [Publication] { [.nair2010rectified] }

  public func derivative(_ order: Int, at z: Double) -> Double { TwoSlope.derivative(order, at: z, 1, 0) }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { block.twoSlopes(1, 0, order) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { block.twoSlopes(1, 0, order) }

  public var regularity: Regularity { .kink(order: 1) }
  public var growth: Growth { .polynomial(degree: 1) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .none }
  public var homogeneityDegree: Int? { 1 }
  public var polynomialForm: PolynomialForm { .pieces(degree: 1) }
}
