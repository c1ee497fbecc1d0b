extension OptimizerMethod {
  /// Muon: Jordan et al. 2024, *Muon: an optimizer for hidden layers in neural networks*, kellerjordan.github.io/posts/muon.
  ///
  /// For a matrix W of r rows (fan-out) and c columns (fan-in), B starting at 0,
  ///
  ///   B ← μ B + G,   U = G + μ B (Nesterov) or B,   W ← W − η s O(U),
  ///
  /// where O(U) replaces the singular values of U by numbers near 1, by ``newtonSchulzSteps`` steps of the iteration
  /// X ← a X + b (X Xᵀ) X + c (X Xᵀ)² X from X = U/‖U‖_F with the published a = 3.4445, b = −4.7750, c = 2.0315. These
  /// trade accuracy for speed: five steps bring singular values above 0.002 ‖U‖_F to between 0.68 and 1.21 rather than
  /// to 1. The scale s is ``Scale``. A tensor with more than two axes counts as (first axis) × (the product of the others).
  ///
  /// Other tensors (biases, norms, embeddings, and the first and last layers unless ``matrices`` says otherwise) follow
  /// ``others``, as the source advises.
  public struct Muon: Hashable, Sendable {
    /// The matrices that are orthogonalized.
    public enum Matrices: String, Codable, Sendable, CaseIterable {
      /// Those of role hidden: all but the first and last layers and embeddings.
      case hidden
      /// Those of roles input, hidden and readout.
      case all
    }

    /// The factor s of a step: O(U) has r × c entries of mean square near 1/max(r, c).
    public enum Scale: String, Codable, Sendable, CaseIterable {
      /// √max(1, r/c), Jordan's: a spectral norm in proportion to √(fan-out/fan-in) for matrices that widen.
      case spectral
      /// 0.2 √max(r, c), so that the entries' root mean square is 0.2, near that of Adam's steps: Liu et al. 2025
      /// (arXiv:2502.16982).
      case rootMeanSquare = "root-mean-square"
    }

    /// What the other tensors follow.
    public struct OtherTensors: Hashable, Sendable {
      public enum Method: Hashable, Sendable {
        case adamW(Adam)
        case sgd(Momentum)
      }

      public var method: Method
      /// Their η; Muon's own where nil. The schedule, the multipliers and the weight decay are Muon's.
      public var learningRate: Double?

      public init(_ method: Method, learningRate: Double? = nil) {
        self.method = method
        self.learningRate = learningRate
      }
    }

    /// μ.
    public var momentum: Double
    public var isNesterov: Bool
    public var newtonSchulzSteps: Int
    public var scale: Scale
    public var matrices: Matrices
    public var others: OtherTensors

    public init(
      momentum: Double = 0.95, isNesterov: Bool = true, newtonSchulzSteps: Int = 5, scale: Scale = .spectral,
      matrices: Matrices = .hidden, others: OtherTensors = OtherTensors(.adamW(Adam()))
    ) {
      self.momentum = momentum
      self.isNesterov = isNesterov
      self.newtonSchulzSteps = newtonSchulzSteps
      self.scale = scale
      self.matrices = matrices
      self.others = others
    }

    /// Whether a matrix of this role is orthogonalized.
    public func orthogonalizes(_ role: ParameterRole) -> Bool {
      switch role {
      case .hidden: true
      case .input, .readout: matrices == .all
      case .hiddenBias, .readoutBias, .norm, .embedding: false
      }
    }
  }
}
