import Foundation
import OrreryFindings
import OrreryTensors

/// f(z) = e^(−z²).
public struct GaussianBell: ActivationDescription {
  public static let key = "gaussian"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "e^(−z²)" }
  public var publications: [Publication] { [.williams1996computing] }

  public func derivative(_ order: Int, at z: Double) -> Double {
    let v = ActivationBlock.clamp(z, Cutoff.normal)
    return Self.factor(order, v) * Foundation.exp(-v * v)
  }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { block.bell(order, scale: 1) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { block.bell(order, scale: 1) }

  public var regularity: Regularity { .analytic(strip: .infinity) }
  public var growth: Growth { .bounded }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .even }
  public var homogeneityDegree: Int? { nil }
  public var polynomialForm: PolynomialForm { .none }
}

extension GaussianBell {
  /// e^(z²) d^order e^(−z²)/dz^order, (−1)^order times the physicists' Hermite polynomial.
  static func factor(_ order: Int, _ z: Double) -> Double {
    var (previous, current) = (0.0, 1.0)
    for j in 0..<order { (previous, current) = (current, -2 * (z * current + Double(j) * previous)) }
    return current
  }
}

extension ActivationBlock {
  /// Derivatives of scale·e^(−u²).
  @inline(__always)
  func bell(_ order: Int, scale: Double) {
    let (limit, scale) = (Scalar(Cutoff.normal), Scalar(scale))
    first(.exp) { u in
      let v = Self.clamp(u, limit)
      return -v * v
    }
    switch order {
    case 0: mapWithFirst { _, g in scale * g }
    case 1: mapWithFirst { u, g in -2 * Self.clamp(u, limit) * (scale * g) }
    case 2:
      mapWithFirst { u, g in
        let v = Self.clamp(u, limit)
        return (4 * v * v - 2) * (scale * g)
      }
    case 3:
      mapWithFirst { u, g in
        let v = Self.clamp(u, limit)
        return (12 - 8 * v * v) * v * (scale * g)
      }
    case 4:
      mapWithFirst { u, g in
        let square = Self.clamp(u, limit) * Self.clamp(u, limit)
        return ((16 * square - 48) * square + 12) * (scale * g)
      }
    default:
      mapWithFirst { u, g in
        let v = Self.clamp(u, limit)
        let square = v * v
        return ((160 - 32 * square) * square - 120) * v * (scale * g)
      }
    }
  }
}
