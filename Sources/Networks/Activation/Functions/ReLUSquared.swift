import OrreryFindings
import OrreryTensors

/// f(z) = max(z, 0)².
public struct ReLUSquared: ActivationDescription {
  public static let key = "relu-squared"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "max(z, 0)²" }
  public var publications: [Publication] { [.so2021primer] }

  public func derivative(_ order: Int, at z: Double) -> Double { z <= 0 ? 0 : [z * z, 2 * z, 2, 0, 0, 0][order] }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { values(order, block) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { values(order, block) }

  public var regularity: Regularity { .kink(order: 2) }
  public var growth: Growth { .polynomial(degree: 2) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .none }
  public var homogeneityDegree: Int? { 2 }
  public var polynomialForm: PolynomialForm { .pieces(degree: 2) }

  @inline(__always)
  private func values<Scalar: ActivationScalar>(_ order: Int, _ block: ActivationBlock<Scalar>) {
    switch order {
    case 0: block.map { $0 <= 0 ? 0 : $0 * $0 }
    case 1: block.map { $0 <= 0 ? 0 : 2 * $0 }
    case 2: block.map { $0 <= 0 ? 0 : 2 }
    default: block.map { _ in 0 }
    }
  }
}
