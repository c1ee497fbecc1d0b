import Foundation
import OrreryFindings
import OrreryTensors

/// f(z) = log(1 + e^z), whose derivative is the logistic function.
public struct Softplus: ActivationDescription {
  public static let key = "softplus"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "log(1 + e^z)" }
  public var publications: [Publication] { [.dugas2000incorporating] }

  public func derivative(_ order: Int, at z: Double) -> Double {
    order == 0
      ? Swift.max(z, 0) + log1p(Foundation.exp(-Swift.abs(z))) : Sigmoid.derivative(order - 1, at: z)
  }

  public func elementary(_ order: Int) -> Elementwise.Function? {
    order == 0 ? .softplus : (order == 1 ? .sigmoid : nil)
  }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { block.logistic(order - 1) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { block.logistic(order - 1) }

  public var regularity: Regularity { .analytic(strip: .pi) }
  public var growth: Growth { .polynomial(degree: 1) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .none }
  public var homogeneityDegree: Int? { nil }
  public var polynomialForm: PolynomialForm { .none }
}
