import Foundation
import OrreryFindings
import OrreryNetworks
import OrreryTensors

// The activation of the article CustomActivations, as it stands there.

/// f(z) = z/√(1 + αz²), the inverse square root unit.
struct InverseSquareRoot: ActivationDescription {
  static let key = "isru"
  static let parameters = [ActivationFunction.ParameterDescription("alpha", defaultValue: 1)]
  var alpha: Double

  init(alpha: Double = 1) { self.alpha = alpha }
  init(parameters: ActivationParameters) throws { alpha = try parameters.number("alpha") }

  var parameterValues: [String: ActivationParameter] { ["alpha": .number(alpha)] }

  func validate() throws {
    guard alpha > 0 else {
      throw NetworkError(
        .invalidValue, "the alpha of the activation 'isru' is \(alpha)", remedy: "give a positive number.")
    }
  }

  var formula: String { "z / √(1 + \(alpha) z²)" }
  var publications: [Publication] {
    [
      Publication(
        "carlile2017improving",
        ["Carlile, Brad", "Delamarter, Guy", "Kinney, Paul", "Marti, Akiko", "Whitney, Brian"],
        "Improving Deep Learning by Inverse Square Root Linear Units (ISRLUs)", 2017, .preprint, arXiv: "1710.09967")
    ]
  }
}

extension InverseSquareRoot {
  /// With v = √α z and s = 1/√(1 + v²): f = vs/√α, and each derivative brings a factor √α.
  func derivative(_ order: Int, at z: Double) -> Double {
    let root = alpha.squareRoot()
    let v = ActivationBlock.clamp(root * z, 1e8)
    let (w, s) = (v * v, 1 / (1 + v * v).squareRoot())
    let shape = [
      v * s, pow(s, 3), -3 * v * pow(s, 5), (12 * w - 3) * pow(s, 7), (45 - 60 * w) * v * pow(s, 9),
      ((360 * w - 540) * w + 45) * pow(s, 11),
    ]
    return pow(root, Double(order - 1)) * shape[order]
  }

  func elementary(_ order: Int) -> Elementwise.Function? { nil }
  func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { values(order, block) }
  func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { values(order, block) }

  private func values<Scalar: ActivationScalar>(_ order: Int, _ block: ActivationBlock<Scalar>) {
    let root = Scalar(alpha.squareRoot())
    let scale = Scalar(pow(alpha, Double(order - 1) / 2))
    @inline(__always) func map(_ shape: (_ v: Scalar, _ w: Scalar, _ s: Scalar) -> Scalar) {
      block.map { u in
        let v = ActivationBlock.clamp(root * u, 1e8)  // 1 to the last digit, and v⁴ fits in Float
        return scale * shape(v, v * v, 1 / (1 + v * v).squareRoot())
      }
    }
    switch order {
    case 0: map { v, w, s in v * s }
    case 1: map { v, w, s in s * s * s }
    case 2: map { v, w, s in -3 * v * (s * s * s * s * s) }
    case 3: map { v, w, s in (12 * w - 3) * (s * s * s) * (s * s * s * s) }
    case 4: map { v, w, s in (45 - 60 * w) * v * (s * s * s * s * s) * (s * s * s * s) }
    default: map { v, w, s in ((360 * w - 540) * w + 45) * (s * s * s * s * s * s) * (s * s * s * s * s) }
    }
  }
}

extension InverseSquareRoot {
  var regularity: Regularity { .analytic(strip: 1 / alpha.squareRoot()) }  // 1 + αz² = 0 at z = ±i/√α
  var growth: Growth { .bounded }
  var oscillates: Bool { false }
  var symmetry: FunctionSymmetry { .odd(about: 0) }
  var homogeneityDegree: Int? { nil }
  var polynomialForm: PolynomialForm { .none }
}
