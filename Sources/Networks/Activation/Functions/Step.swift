import OrreryFindings
import OrreryTensors

/// f(z) = 1 for z > 0, 0 otherwise.
public struct Step: ActivationDescription {
  public static let key = "step"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "1 for z > 0, 0 otherwise" }
  public var publications: [Publication] { [.mcculloch1943logical] }

  public func derivative(_ order: Int, at z: Double) -> Double { order == 0 ? (z > 0 ? 1 : 0) : 0 }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { values(order, block) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { values(order, block) }

  public var regularity: Regularity { .kink(order: 0) }
  public var growth: Growth { .bounded }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .odd(about: 0.5) }
  public var homogeneityDegree: Int? { 0 }
  public var polynomialForm: PolynomialForm { .pieces(degree: 0) }

  @inline(__always)
  private func values<Scalar: ActivationScalar>(_ order: Int, _ block: ActivationBlock<Scalar>) {
    order == 0 ? block.map { $0 > 0 ? 1 : 0 } : block.map { _ in 0 }
  }
}
