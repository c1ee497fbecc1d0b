/// What became of one step.
public enum UpdateOutcome: Hashable, Sendable {
  /// The step was taken.
  ///
  /// - Parameter gradientNorm: the Euclidean norm of the gradient over all tensors, before clipping, in double precision.
  case updated(gradientNorm: Double)
  /// The step was not taken: parameters and memory are as before.
  case diverged(Divergence)

  /// Where a gradient ceased to be a number that can be followed.
  public struct Divergence: Hashable, Codable, Sendable, CustomStringConvertible {
    /// k, from 0.
    public var step: Int
    /// The first tensor whose gradient is at fault.
    public var tensor: String
    public var reason: Reason

    public enum Reason: String, Codable, Sendable, CaseIterable {
      /// The gradient is NaN or infinite somewhere, or its square is in double precision.
      case notFinite = "not-finite"
      /// Its square is infinite in the precision of the second moments.
      case tooLarge = "too-large"
      /// Of gradient flow: it changes within no time that can be told from 0.
      case stepUnderflow = "step-underflow"
    }

    public init(step: Int, tensor: String, reason: Reason) {
      self.step = step
      self.tensor = tensor
      self.reason = reason
    }

    public var description: String {
      switch reason {
      case .notFinite: "Training diverged: at step \(step) the gradient of \(tensor) is not finite."
      case .tooLarge: "Training diverged: at step \(step) the gradient of \(tensor) is too large to be squared."
      case .stepUnderflow:
        "The flow diverged: behind step \(step) \(tensor) changes faster than the shortest step of the integrator can follow."
      }
    }
  }
}
