extension OptimizerMethod {
  /// Gradient flow: the ordinary differential equation dw/dt = −∂L/∂w, the limit of gradient descent for η → 0 at
  /// constant t = η · steps. A tensor's learning-rate multiplier multiplies its right side; weight decay adds −λ w to it.
  public struct GradientFlow: Hashable, Sendable {
    /// t at the end.
    public var endTime: Double
    /// The error allowed in a step: absolute + relative · |w|, in the root mean square over parameters.
    public var relativeTolerance: Double
    public var absoluteTolerance: Double

    public init(endTime: Double, relativeTolerance: Double = 1e-6, absoluteTolerance: Double = 1e-9) {
      self.endTime = endTime
      self.relativeTolerance = relativeTolerance
      self.absoluteTolerance = absoluteTolerance
    }
  }
}
