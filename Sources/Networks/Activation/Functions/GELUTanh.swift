import Foundation
import OrreryFindings
import OrreryTensors

/// f(z) = ½ z (1 + tanh(√(2/π)(z + 0.044715 z³))) (JAX's default for GELU). It differs from ``GELU`` by up to 5e-4.
///
/// It is z s(w(z)) with s the logistic function and w = c (z + a z³), c = √(8/π), a = 0.044715.
public struct GELUTanh: ActivationDescription {
  public static let key = "gelu-tanh"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "½ z (1 + tanh(√(2/π) (z + 0.044715 z³)))" }
  public var publications: [Publication] { [.hendrycks2016gaussian] }

  public func derivative(_ order: Int, at z: Double) -> Double {
    let v = ActivationBlock.clamp(z, Cutoff.cubic)
    let (c, a) = ((8 / Double.pi).squareRoot(), 0.044715)
    return SiLU.gated(
      order, z, argument: (c * (v + a * v * v * v), c * (1 + 3 * a * v * v), 6 * c * a * v, 6 * c * a), at: v)
  }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { values(order, block) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { values(order, block) }

  /// The nearest root of √(2/π)(z + 0.044715 z³) = ±iπ/2: z = ±0.634… ± 2.754…i.
  public var regularity: Regularity { .analytic(strip: 2.754770601637983) }
  public var growth: Growth { .polynomial(degree: 1) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .none }
  public var homogeneityDegree: Int? { nil }
  public var polynomialForm: PolynomialForm { .none }

  @inline(__always)
  private func values<Scalar: ActivationScalar>(_ order: Int, _ block: ActivationBlock<Scalar>) {
    let limit = Scalar(Cutoff.cubic)
    let (c, a) = (Scalar((8 / Double.pi).squareRoot()), Scalar(0.044715))
    if order == 0 {
      block.first(.sigmoid) { u in
        let v = ActivationBlock.clamp(u, limit)
        return c * (v + a * v * v * v)
      }
      return block.mapWithFirst { u, s in (u < -limit ? -limit : u) * s }
    }
    block.first(.exp) { u in
      let v = ActivationBlock.clamp(u, limit)
      return -Swift.abs(c * (v + a * v * v * v))
    }
    switch order {
    case 1:
      block.mapWithFirst { u, e in
        let (v, jet) = (ActivationBlock.clamp(u, limit), LogisticJet(u, e))
        return jet.value + v * (jet.first * (c + 3 * a * c * v * v))
      }
    case 2:
      block.mapWithFirst { u, e in
        let (v, jet) = (ActivationBlock.clamp(u, limit), LogisticJet(u, e))
        let (w1, w2) = (c + 3 * a * c * v * v, 6 * a * c * v)
        return 2 * (jet.first * w1) + v * (jet.second * w1 * w1 + jet.first * w2)
      }
    case 3:
      block.mapWithFirst { u, e in
        let (v, jet) = (ActivationBlock.clamp(u, limit), LogisticJet(u, e))
        let (w1, w2, w3) = (c + 3 * a * c * v * v, 6 * a * c * v, 6 * a * c)
        let square = w1 * w1
        let second = jet.second * square + jet.first * w2
        return 3 * second + v * (jet.third * square * w1 + 3 * jet.second * w1 * w2 + jet.first * w3)
      }
    case 4:
      block.mapWithFirst { u, e in
        let (v, jet) = (ActivationBlock.clamp(u, limit), LogisticJet(u, e))
        let (w1, w2, w3) = (c + 3 * a * c * v * v, 6 * a * c * v, 6 * a * c)
        let square = w1 * w1
        let third = jet.third * square * w1 + 3 * jet.second * w1 * w2 + jet.first * w3
        let steep = jet.fourth * square * square + 6 * jet.third * square * w2
        return 4 * third + v * (steep + jet.second * (3 * w2 * w2 + 4 * w1 * w3))
      }
    default:
      block.mapWithFirst { u, e in
        let (v, jet) = (ActivationBlock.clamp(u, limit), LogisticJet(u, e))
        let (w1, w2, w3) = (c + 3 * a * c * v * v, 6 * a * c * v, 6 * a * c)
        let (square, curved) = (w1 * w1, w2 * w2)
        let steep = jet.fourth * square * square + 6 * jet.third * square * w2
        let fourth = steep + jet.second * (3 * curved + 4 * w1 * w3)
        let steeper = jet.fifth * square * square * w1 + 10 * jet.fourth * square * w1 * w2
        let flat = 5 * jet.third * w1 * (3 * curved + 2 * w1 * w3) + 10 * jet.second * w2 * w3
        return 5 * fourth + v * (steeper + flat)
      }
    }
  }
}
