/// The parts of what finite width changes of a trained network's mean output and of its second moments.
public enum FiniteWidthContribution: String, CaseIterable, Codable, Sendable {
  /// G1: the mean of the kernel is not K. Of second moments only.
  case kernelMean
  /// D, F: the NTK is correlated with the outputs' squares at the start. Of second moments only.
  case kernelCorrelation
  /// H1: the mean of the NTK is not Θ.
  case tangentKernelMean
  /// A, B: the NTK fluctuates from network to network, and a function of it is convex.
  case tangentKernelFluctuation
  /// P, Q: the NTK moves in training, and its first differential is correlated with the outputs at the start.
  case differential
  /// R, S, T, U: the NTK's second differential, whose mean does not vanish.
  case secondDifferential

  /// The four that move the mean output.
  public static let ofMean: [FiniteWidthContribution] = [
    .tangentKernelMean, .tangentKernelFluctuation, .differential, .secondDifferential,
  ]
}
