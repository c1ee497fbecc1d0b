/// Which learning rate each tensor gets, and so what the NTK is. The law of the outputs at initialization is the same.
public enum Parametrization: String, Codable, Sendable, CaseIterable {
  /// One rate η for every tensor, plain gradient descent on W and b: λ_b = 1, and λ_W = fan-in, since a weight's rate is
  /// η λ_W / fan-in.
  case standard
  /// Jacot et al. 2018, unit-normal parameters behind fixed scales: λ_b = C_b, λ_W = C_W.
  case ntk
}
