import OrreryNetworks
import OrreryTheory

extension Forecast {
  /// What finite width does to this network, at order 1/n, on one input of the data's mean norm.
  ///
  /// Sources: S. Yaida, arXiv:1910.00019; Roberts, Yaida, Hanin, PDLT (arXiv:2106.10165), chapters 4, 5, 8, 11, ∞ and appendix A.
  /// The tensors are those of ``FiniteWidthFlow`` on the output layer, n the width of the layer before it.
  public struct FiniteWidth: Hashable, Codable, Sendable {
    /// n.
    public var width: Int
    public var effects: [Effect]
    /// r* of `AspectRatio.optimal(outputs:nu:)`; nil for one output, which shares no information, and without a critical point.
    public var optimalAspectRatio: Double?
    /// y², the mean square of the targets; 1 where there are none.
    public var meanSquaredTarget: Double
    /// The number of hidden layers to which the flow was followed, for ``Effect/smallDepth`` and ``Effect/scaling``.
    public var followedDepth: Int
    /// What order 1/n leaves out for this network, in a sentence.
    public var neglected: String?

    /// An effect above this is no longer small: a tenth.
    public static let smallness = 0.1
  }
}

extension Forecast.FiniteWidth {
  /// One effect of finite width: a number that is 0 at infinite width.
  public struct Effect: Hashable, Codable, Sendable {
    public var kind: Kind
    /// Of this network, at order 1/n.
    public var value: Double
    /// The exact value, of homogeneous activations' kernels without biases.
    public var exact: Double?
    /// The size of the next order, where the recursions know it.
    public var truncationError: Double?
    /// n at which the effect is 10 %, all widths of the network in their ratios, C_W, C_b, λ_b and λ_W as they are: effects go as 1/n.
    public var smallWidth: Int
    /// The largest number of hidden layers of this width up to which the effect stays below 10 %; nil where it does as far as the
    /// flow was followed, or where layers differ and the network has no continuation.
    public var smallDepth: Int?
    /// How it goes with depth; nil where that is not told by a power or an exponential, or layers differ.
    public var scaling: DepthScaling?
    /// What the exponent says: relevant effects grow with depth, irrelevant ones die out.
    public var relevance: DepthScaling.Relevance?
  }

  /// The effects, in the tensors of ``FiniteWidthFlow`` on one input.
  ///
  /// The neural tangent kernel Ĥ of one output trained alone by gradient flow under (h/2)(z − y)², t in units of 1/h, follows
  /// dĤ/dt = −2 dĤ ε and d(dĤ)/dt = −(ddĤ_I + 2ddĤ_II) ε with ε = z − y = ε(0) e^(−Θt) at leading order (PDLT chapter ∞). With
  /// E dĤ z = (P + 2Q)/n, E ddĤ_I = 3R/n, E ddĤ_II = (S + T + U)/n and E ε(0)² = K + y²,
  ///
  ///     dE Ĥ/dt (0) = −2(P + 2Q)/n,   E Ĥ(∞) − E Ĥ(0) = [(3R + 2(S + T + U))(K + y²)/Θ² − 2(P + 2Q)/Θ]/n.
  ///
  /// A linear network of one hidden layer, C_W = 1 and ∣x∣²/n_0 = 1, is exact in y² − 1 over n for the second.
  public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    /// Var Ĝ/K² = V/(nK²).
    case kernelVariance = "kernel-variance"
    /// E Ĝ/K − 1 = G1/(nK).
    case kernelShift = "kernel-shift"
    /// Var Ĥ_ii/Θ² = (A + 2B)/(nΘ²): A is what all outputs of a network share, 2B each one's own.
    case tangentKernelVariance = "tangent-kernel-variance"
    /// E Ĥ_ii/Θ − 1 = H1/(nΘ).
    case tangentKernelShift = "tangent-kernel-shift"
    /// E Ĥ_ij²/Θ² = B/(nΘ²), i ≠ j: 0 at infinite width, where outputs are trained independently.
    case outputMixing = "output-mixing"
    /// The relative change of E Ĥ at the start of training in the time 1/Θ, −2(P + 2Q)/(nΘ²).
    case tangentKernelDrift = "tangent-kernel-drift"
    /// The relative change of E Ĥ by training to a target of mean square y².
    case representationLearning = "representation-learning"

    /// In words.
    public var meaning: String {
      switch self {
      case .kernelVariance: "output kernel from network to network, relative variance"
      case .kernelShift: "mean output kernel, relative shift"
      case .tangentKernelVariance: "NTK from network to network, relative variance"
      case .tangentKernelShift: "mean NTK, relative shift"
      case .outputMixing: "NTK between two outputs, relative mean square"
      case .tangentKernelDrift: "NTK as training starts, relative change in a time 1/Θ"
      case .representationLearning: "NTK by the end of training, relative change"
      }
    }

    /// In the tensors' symbols.
    public var formula: String {
      switch self {
      case .kernelVariance: "V/(nK²)"
      case .kernelShift: "G1/(nK)"
      case .tangentKernelVariance: "(A + 2B)/(nΘ²)"
      case .tangentKernelShift: "H1/(nΘ)"
      case .outputMixing: "B/(nΘ²)"
      case .tangentKernelDrift: "−2(P + 2Q)/(nΘ²)"
      case .representationLearning: "[D(K + y²)/Θ − 2(P + 2Q)]/(nΘ²), D = 3R + 2(S + T + U)"
      }
    }
  }
}
