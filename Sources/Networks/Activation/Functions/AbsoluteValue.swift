import OrreryFindings
import OrreryTensors

/// f(z) = |z|.
public struct AbsoluteValue: ActivationDescription {
  public static let key = "abs"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "|z|" }
  public var publications: [Publication] { [.roberts2022principles.at("section 5.2")] }

  public func derivative(_ order: Int, at z: Double) -> Double { TwoSlope.derivative(order, at: z, 1, -1) }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { block.twoSlopes(1, -1, order) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { block.twoSlopes(1, -1, order) }

  public var regularity: Regularity { .kink(order: 1) }
  public var growth: Growth { .polynomial(degree: 1) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .even }
  public var homogeneityDegree: Int? { 1 }
  public var polynomialForm: PolynomialForm { .pieces(degree: 1) }
}
