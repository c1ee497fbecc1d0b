import OrreryFindings
import OrreryTensors

/// f(z) = `positive`·z for z > 0, `negative`·z otherwise: every positively homogeneous function of degree 1.
public struct TwoSlope: ActivationDescription {
  public static let key = "two-slope"
  public static let parameters = [
    ActivationFunction.ParameterDescription("positive", defaultValue: 1),
    ActivationFunction.ParameterDescription("negative", defaultValue: nil),
  ]
  public var positive: Double
  public var negative: Double

  public init(positive: Double, negative: Double) {
    self.positive = positive
    self.negative = negative
  }

  public init(parameters: ActivationParameters) throws {
    self.init(positive: try parameters.number("positive"), negative: try parameters.number("negative"))
  }

  public var parameterValues: [String: ActivationParameter] {
    ["positive": .number(positive), "negative": .number(negative)]
  }

  public func validate() {}

  public var formula: String { "\(positive) z for z > 0, \(negative) z otherwise" }
  public var publications: [Publication] { [.roberts2022principles.at("section 5.2")] }

  public func derivative(_ order: Int, at z: Double) -> Double { Self.derivative(order, at: z, positive, negative) }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) {
    block.twoSlopes(Float(positive), Float(negative), order)
  }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { block.twoSlopes(positive, negative, order) }

  public var regularity: Regularity { positive == negative ? .analytic(strip: .infinity) : .kink(order: 1) }
  public var growth: Growth { .polynomial(degree: 1) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry {
    positive == negative ? .odd(about: 0) : (positive == -negative ? .even : .none)
  }
  public var homogeneityDegree: Int? { 1 }
  public var polynomialForm: PolynomialForm {
    positive == negative ? .polynomial([0, positive]) : .pieces(degree: 1)
  }
}

extension TwoSlope {
  /// The derivatives of every function of two slopes.
  static func derivative(_ order: Int, at z: Double, _ positive: Double, _ negative: Double) -> Double {
    let slope = z > 0 ? positive : negative
    // A slope of exactly 0 also at −∞; not-a-number stays what it is.
    return order == 0 ? (slope == 0 && z <= 0 ? 0 : slope * z) : (order == 1 ? slope : 0)
  }
}

extension ActivationBlock {
  @inline(__always)
  func twoSlopes(_ positive: Scalar, _ negative: Scalar, _ order: Int) {
    switch order {
    // A slope of exactly 0 also at −∞; not-a-number stays what it is.
    case 0 where negative == 0: map { $0 <= 0 ? 0 : positive * $0 }
    case 0: map { ($0 > 0 ? positive : negative) * $0 }
    case 1: map { $0 > 0 ? positive : negative }
    default: map { _ in 0 }
    }
  }
}
