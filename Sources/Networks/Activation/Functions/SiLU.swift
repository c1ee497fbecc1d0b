import OrreryFindings
import OrreryTensors

/// f(z) = z / (1 + e^−z), also called Swish.
public struct SiLU: ActivationDescription {
  public static let key = "silu"
  public static let parameters: [ActivationFunction.ParameterDescription] = []
  public var parameterValues: [String: ActivationParameter] { [:] }

  public init() {}
  public init(parameters: ActivationParameters) {}
  public func validate() {}

  public var formula: String { "z / (1 + e^−z)" }
  public var publications: [Publication] { [.elfwing2018sigmoid, .ramachandran2017searching] }

  public func derivative(_ order: Int, at z: Double) -> Double {
    let v = ActivationBlock.clamp(z, Cutoff.logistic)
    return Self.gated(order, z, argument: (v, 1, 0, 0), at: v)
  }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { values(order, block) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { values(order, block) }

  public var regularity: Regularity { .analytic(strip: .pi) }
  public var growth: Growth { .polynomial(degree: 1) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { .none }
  public var homogeneityDegree: Int? { nil }
  public var polynomialForm: PolynomialForm { .none }

  @inline(__always)
  private func values<Scalar: ActivationScalar>(_ order: Int, _ block: ActivationBlock<Scalar>) {
    let limit = Scalar(Cutoff.logistic)
    if order == 0 {
      block.first(.sigmoid)
      return block.mapWithFirst { u, s in (u < -limit ? -limit : u) * s }
    }
    block.first(.exp) { -Swift.abs($0) }
    // One loop for each order: a choice inside would keep it from being vectorised.
    switch order {
    case 1:
      block.mapWithFirst { u, e in
        let jet = LogisticJet(u, e)
        return jet.value + ActivationBlock.clamp(u, limit) * jet.first
      }
    case 2:
      block.mapWithFirst { u, e in
        let jet = LogisticJet(u, e)
        return 2 * jet.first + ActivationBlock.clamp(u, limit) * jet.second
      }
    case 3:
      block.mapWithFirst { u, e in
        let jet = LogisticJet(u, e)
        return 3 * jet.second + ActivationBlock.clamp(u, limit) * jet.third
      }
    case 4:
      block.mapWithFirst { u, e in
        let jet = LogisticJet(u, e)
        return 4 * jet.third + ActivationBlock.clamp(u, limit) * jet.fourth
      }
    default:
      block.mapWithFirst { u, e in
        let jet = LogisticJet(u, e)
        return 5 * jet.fourth + ActivationBlock.clamp(u, limit) * jet.fifth
      }
    }
  }
}

extension SiLU {
  /// Derivatives of z s(w(z)), s the logistic function, by the chain rule: the linear function behind a gate.
  ///
  /// - Parameters:
  ///   - w: w, w′, w″, w‴; the fourth derivative is 0.
  ///   - v: z cut to where s′(w) > 0.
  static func gated(
    _ order: Int, _ z: Double, argument w: (Double, Double, Double, Double), at v: Double
  ) -> Double {
    func s(_ order: Int) -> Double { Sigmoid.derivative(order, at: w.0) }
    if order == 0 { return Swift.max(z, v) * s(0) }
    let (w1, w2, w3) = (w.1, w.2, w.3)
    let (s1, s2, s3, s4, s5) = (s(1), s(2), s(3), s(4), s(5))
    // Faà di Bruno's formula with w⁗ = 0.
    let inner = [
      s(0), s1 * w1, s2 * w1 * w1 + s1 * w2, s3 * w1 * w1 * w1 + 3 * s2 * w1 * w2 + s1 * w3,
      s4 * w1 * w1 * w1 * w1 + 6 * s3 * w1 * w1 * w2 + s2 * (3 * w2 * w2 + 4 * w1 * w3),
      s5 * w1 * w1 * w1 * w1 * w1 + 10 * s4 * w1 * w1 * w1 * w2 + 5 * s3 * w1 * (3 * w2 * w2 + 2 * w1 * w3)
        + 10 * s2 * w2 * w3,
    ]
    return Double(order) * inner[order - 1] + v * inner[order]
  }
}
