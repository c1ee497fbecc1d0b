import OrreryNetworks

/// One kernel computation that both sides do: NNGP and NTK of `samples` images, in one precision.
///
/// The numbers of each activation are those of `peers/neural_tangents_cases.py` (`W_std`² and `b_std`² there).
struct KernelCase {
  /// The activations compared.
  enum Function: String, CaseIterable {
    case relu, erf, gelu, tanh

    var activation: ActivationFunction {
      switch self {
      case .relu: .relu
      case .erf: .erf
      case .gelu: .gelu
      case .tanh: .tanh
      }
    }
    /// C_W and C_b.
    var variances: (weight: Double, bias: Double) {
      switch self {
      case .relu: (2, 0)
      case .erf: (1.2 * 1.2, 0.1 * 0.1)
      case .gelu: (1.4 * 1.4, 0.3 * 0.3)
      case .tanh: (1.3 * 1.3, 0.2 * 0.2)
      }
    }
  }

  var function: Function
  /// Hidden layers.
  var depth: Int
  var samples: Int
  /// `float32` or `float64`.
  var precision: String

  static let all: [KernelCase] = [
    KernelCase(function: .relu, depth: 10, samples: 2000, precision: "float32"),
    KernelCase(function: .relu, depth: 10, samples: 2000, precision: "float64"),
    KernelCase(function: .erf, depth: 10, samples: 2000, precision: "float32"),
    KernelCase(function: .erf, depth: 10, samples: 2000, precision: "float64"),
    KernelCase(function: .gelu, depth: 5, samples: 2000, precision: "float32"),
    KernelCase(function: .gelu, depth: 5, samples: 2000, precision: "float64"),
    KernelCase(function: .tanh, depth: 5, samples: 200, precision: "float32"),
    KernelCase(function: .tanh, depth: 5, samples: 200, precision: "float64"),
    KernelCase(function: .tanh, depth: 5, samples: 2000, precision: "float64"),
  ]

  var name: String { "\(function.rawValue)-\(depth)-\(samples)-\(precision)" }

  /// What the table calls it.
  var title: String {
    "\(function == .relu ? "ReLU" : function == .gelu ? "GELU" : function.rawValue) depth \(depth), n = \(samples), "
      + (precision == "float32" ? "f32" : "f64")
  }

  /// The peer's case to compare with: the same, but for tanh on 2000 images, which would take the peer minutes.
  var peerName: String {
    function == .tanh && samples == 2000 ? "tanh-5-200-float64" : name
  }

  /// The network, in the NTK parametrization; widths do not matter.
  func network(inputs: Int) -> PerceptronView {
    let (weight, bias) = function.variances
    return PerceptronView(
      architecture: MultilayerPerceptron(depth: depth, width: 1, activation: Activation(function.activation)),
      inputs: inputs,
      layers: Array(
        repeating: LayerInitialization(weightVariance: weight, biasVariance: bias), count: depth + 1),
      parametrization: .ntk)
  }
}
