import Foundation
import OrreryFindings
import OrreryTensors

/// f(z) = sin z.
public struct Sine: ActivationDescription {
  public static let key = "sin"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "sin(z)" }
  public var publications: [Publication] { [.sitzmann2020implicit] }

  public func derivative(_ order: Int, at z: Double) -> Double {
    [Foundation.sin(z), Foundation.cos(z), -Foundation.sin(z), -Foundation.cos(z)][order % 4]
  }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { block.wave(order) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { block.wave(order) }

  public var regularity: Regularity { .analytic(strip: .infinity) }
  public var growth: Growth { .bounded }
  public var oscillates: Bool { true }
  public var symmetry: FunctionSymmetry { .odd(about: 0) }
  public var homogeneityDegree: Int? { nil }
  public var polynomialForm: PolynomialForm { .none }
}

extension ActivationBlock {
  /// Derivatives of sin: order 1 is cos, order 2 is −sin, …
  @inline(__always)
  func wave(_ order: Int) {
    call(order % 2 == 0 ? .sin : .cos)
    if order % 4 >= 2 { for i in 0..<count { output[i] = -output[i] } }
  }
}
