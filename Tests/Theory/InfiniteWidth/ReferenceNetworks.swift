import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// The fully connected cases of `infinite_width.json` as networks; its conventions are written in the file.
struct ReferenceNetwork: CustomTestStringConvertible {
  let name: String
  let network: PerceptronView
  let x1: Matrix<Double>
  let x2: Matrix<Double>
  /// nngp_11, ntk_11, nngp_12, ntk_12.
  let expected: [String: [[Double]]]
  let tolerance: Double
  /// neural-tangents loses digits of the NTK's diagonal where σ has a kink.
  let diagonalTolerance: Double

  var testDescription: String { name }

  static func all() throws -> [ReferenceNetwork] {
    let file = try Fixtures.json("infinite_width")
    let x1 = Matrix(try file["inputs"]["vec"]["x1"].rows)
    let x2 = Matrix(try file["inputs"]["vec"]["x2"].rows)
    return try file["cases"].keys.compactMap { name -> ReferenceNetwork? in
      let entry = file["cases"][name]
      guard try entry["family"].string == "fc" else { return nil }
      let activation = try activation(try entry["activation"].string)
      let depth = try entry["hidden_layers"].int
      let weight = try entry["W_std"].double
      let bias = try entry["b_std"].isNull ? 0 : entry["b_std"].double
      let width = entry["width"].exists ? try entry["width"].int : 64
      let isStandard = entry["parameterization"].exists
      let layer = LayerInitialization(weightVariance: weight * weight, biasVariance: bias * bias)
      let network = PerceptronView(
        architecture: MultilayerPerceptron(depth: depth, width: width, activation: activation), inputs: x1.columns,
        layers: Array(repeating: layer, count: depth + 1), parametrization: isStandard ? .standard : .ntk)
      let exact = entry["exact_by_trapezoidal_rule"]
      let source = exact.exists ? exact : entry
      var expected: [String: [[Double]]] = [:]
      for key in ["nngp_11", "ntk_11", "nngp_12", "ntk_12"] { expected[key] = try source[key].rows }
      return ReferenceNetwork(
        name: name, network: network, x1: x1, x2: x2, expected: expected, tolerance: 1e-10, diagonalTolerance: 1e-7)
    }
  }

  private static func activation(_ text: String) throws -> Activation {
    switch text {
    case "Relu": return Activation(.relu)
    case "Erf": return Activation(.erf)
    case "Gelu (exact, x Phi(x))": return Activation(.gelu)
    case "Sin: a sin(b x + c), a=1.2 b=0.9 c=0.3":
      return Activation(.sin, inputScale: 0.9, inputShift: 0.3, outputScale: 1.2)
    case "LeakyRelu(0.2)": return Activation(.leakyReLU(slope: 0.2))
    case "ABRelu: a min(x,0) + b max(x,0), a=-0.3 b=1.1":
      return Activation(.twoSlope(positive: 1.1, negative: -0.3))
    case "Rbf(gamma=0.5): sqrt(2) sin(sqrt(2 gamma) x + pi/4)":
      return Activation(.sin, inputShift: .pi / 4, outputScale: 2.0.squareRoot())
    case "Monomial: x^2": return Activation(.monomial(degree: 2))
    case "Gaussian: exp(-x^2) (a=1, b=-1)": return Activation(.gaussian)
    case "tanh by Gauss-Hermite, deg=100 per axis": return Activation(.tanh)
    default: throw UnknownActivation(text: text)
    }
  }
}

/// The fixture names an activation that this test does not know.
struct UnknownActivation: Error {
  let text: String
}
