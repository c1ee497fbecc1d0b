/// A pull of parameters towards 0, of strength λ.
public struct WeightDecay: Hashable, Sendable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// g ← g + λ w before the method's rule, the gradient of ½ λ|w|² (L2 regularisation): momenta and Adam's moments see
    /// it, so that Adam takes its size out again.
    case coupled
    /// w ← (1 − η_k λ) w beside the method's step, with the scheduled learning rate of the tensor: Loshchilov and Hutter
    /// 2019 (arXiv:1711.05101), in PyTorch's convention, where λ is multiplied by the whole η_k. (The paper multiplies it by
    /// the schedule's factor alone: its λ is η λ here.)
    case decoupled
  }

  /// The tensors that decay.
  public enum Scope: String, Codable, Sendable, CaseIterable {
    case all
    /// Those of roles input, hidden, readout and embedding: neither biases nor norms.
    case weights
  }

  /// λ ≥ 0; 0 means none.
  public var coefficient: Double
  public var kind: Kind
  public var scope: Scope

  public init(_ coefficient: Double, _ kind: Kind, of scope: Scope = .all) {
    self.coefficient = coefficient
    self.kind = kind
    self.scope = scope
  }

  /// λ of a tensor.
  public func coefficient(of role: ParameterRole) -> Double {
    switch role {
    case .input, .hidden, .readout, .embedding: coefficient
    case .hiddenBias, .readoutBias, .norm: scope == .all ? coefficient : 0
    }
  }
}
