import Foundation
import OrreryFindings
import OrreryTensors

/// f(z) = erf(z), without a factor √½ in the argument.
public struct ErrorFunction: ActivationDescription {
  public static let key = "erf"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "erf(z)" }
  public var publications: [Publication] { [.williams1996computing] }

  public func derivative(_ order: Int, at z: Double) -> Double {
    if order == 0 { return Foundation.erf(z) }
    let v = ActivationBlock.clamp(z, Cutoff.normal)
    let slope = 2 / Double.pi.squareRoot() * Foundation.exp(-v * v)
    return GaussianBell.factor(order - 1, v) * slope
  }

  public func elementary(_ order: Int) -> Elementwise.Function? { order == 0 ? .erf : nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) {
    block.bell(order - 1, scale: 2 / Double.pi.squareRoot())
  }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) {
    block.bell(order - 1, scale: 2 / Double.pi.squareRoot())
  }

  public var regularity: Regularity { .analytic(strip: .infinity) }
  public var growth: Growth { .bounded }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .odd(about: 0) }
  public var homogeneityDegree: Int? { nil }
  public var polynomialForm: PolynomialForm { .none }
}
