import Foundation
import OrreryFindings
import OrreryTensors

/// f(z) = z Φ(z), Φ the normal distribution function (the exact GELU; PyTorch's default).
public struct GELU: ActivationDescription {
  public static let key = "gelu"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "z Φ(z) = ½ z erfc(−z/√2)" }
  public var publications: [Publication] { [.hendrycks2016gaussian] }

  public func derivative(_ order: Int, at z: Double) -> Double {
    let v = ActivationBlock.clamp(z, Cutoff.normal)
    let density = Foundation.exp(-v * v / 2) / (2 * Double.pi).squareRoot()
    let distribution = 0.5 * Foundation.erfc(-v / 2.0.squareRoot())
    let square = v * v
    return [
      Swift.max(z, v) * distribution, distribution + v * density, (2 - square) * density,
      v * (square - 4) * density, (-square * square + 7 * square - 4) * density,
      v * (square * square - 11 * square + 18) * density,
    ][order]
  }

  public func elementary(_ order: Int) -> Elementwise.Function? { order == 0 ? .gelu : nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { values(order, block) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { values(order, block) }

  public var regularity: Regularity { .analytic(strip: .infinity) }
  public var growth: Growth { .polynomial(degree: 1) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .none }
  public var homogeneityDegree: Int? { nil }
  public var polynomialForm: PolynomialForm { .none }

  @inline(__always)
  private func values<Scalar: ActivationScalar>(_ order: Int, _ block: ActivationBlock<Scalar>) {
    // Φ(u) keeps its digits for negative u; φ(u) = e^(−u²/2)/√(2π).
    let limit = Scalar(Cutoff.normal)
    let norm = Scalar(1 / (2 * Double.pi).squareRoot())
    block.first(.gaussian) { ActivationBlock.clamp($0, limit) }
    switch order {
    case 1:
      block.second(.normalCDF)
      block.mapWithBoth { u, bell, left in left + ActivationBlock.clamp(u, limit) * (norm * bell) }
    case 2:
      block.mapWithFirst { u, bell in
        let v = ActivationBlock.clamp(u, limit)
        return (2 - v * v) * (norm * bell)
      }
    case 3:
      block.mapWithFirst { u, bell in
        let v = ActivationBlock.clamp(u, limit)
        return (v * v - 4) * v * (norm * bell)
      }
    case 4:
      block.mapWithFirst { u, bell in
        let v = ActivationBlock.clamp(u, limit)
        let square = v * v
        return ((7 - square) * square - 4) * (norm * bell)
      }
    default:
      block.mapWithFirst { u, bell in
        let v = ActivationBlock.clamp(u, limit)
        let square = v * v
        return ((square - 11) * square + 18) * v * (norm * bell)
      }
    }
  }
}
