import OrreryFindings
import OrreryTensors

/// f(z) = z for z > 0, `slope`·z otherwise.
public struct LeakyReLU: ActivationDescription {
  public static let key = "leaky-relu"
  public static let parameters = [ActivationFunction.ParameterDescription("slope", defaultValue: 0.01)]
  public var slope: Double

  public init(slope: Double) { self.slope = slope }
  public init(parameters: ActivationParameters) throws { self.init(slope: try parameters.number("slope")) }

  public var parameterValues: [String: ActivationParameter] { ["slope": .number(slope)] }
  public func validate() {}

  public var formula: String { "z for z > 0, \(slope) z otherwise" }
  public var publications: [Publication] { [.maas2013rectifier] }

  public func derivative(_ order: Int, at z: Double) -> Double { TwoSlope.derivative(order, at: z, 1, slope) }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { block.twoSlopes(1, Float(slope), order) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { block.twoSlopes(1, slope, order) }

  private var twoSlope: TwoSlope { TwoSlope(positive: 1, negative: slope) }
  public var regularity: Regularity { twoSlope.regularity }
  public var growth: Growth { twoSlope.growth }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { twoSlope.symmetry }
  public var homogeneityDegree: Int? { 1 }
  public var polynomialForm: PolynomialForm { twoSlope.polynomialForm }
}
