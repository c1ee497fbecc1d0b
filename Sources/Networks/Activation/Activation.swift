/// An activation σ(z) = `outputScale`·f(`inputScale`·z + `inputShift`) + `outputShift`.
///
/// `Networks` knows σ and its derivatives as pure functions. Gaussian expectations of σ live in Theory, running σ on data
/// in Experiment.
public struct Activation: Hashable, Sendable {
  public var function: ActivationFunction
  public var inputScale: Double
  public var inputShift: Double
  public var outputScale: Double
  public var outputShift: Double

  public init(
    _ function: ActivationFunction, inputScale: Double = 1, inputShift: Double = 0, outputScale: Double = 1,
    outputShift: Double = 0
  ) {
    self.function = function
    self.inputScale = inputScale
    self.inputShift = inputShift
    self.outputScale = outputScale
    self.outputShift = outputShift
  }

  /// A place where σ or one of its derivatives jumps.
  public struct Kink: Hashable, Codable, Sendable {
    /// Where, in units of the preactivation z.
    public var location: Double
    /// The lowest derivative that jumps there: 0 for a step, 1 for ReLU, 2 for ELU and ReLU².
    public var order: Int

    public init(location: Double, order: Int) {
      self.location = location
      self.order = order
    }
  }

  /// True when input scale and shift, output scale and shift are 1, 0, 1, 0.
  public var isPlain: Bool { inputScale == 1 && inputShift == 0 && outputScale == 1 && outputShift == 0 }
}

extension Activation {
  /// σ(z).
  public func callAsFunction(_ z: Double) -> Double { derivative(0, at: z) }

  /// σ and its derivatives to the fifth, d^order σ/dz^order, by the chain rule through scales and shifts.
  ///
  /// At a kink the value from the left is taken, and the distributional part is left out: see ``kinks``.
  ///
  /// - Parameter order: 0 … 5.
  public func derivative(_ order: Int, at z: Double) -> Double {
    let value = function.derivative(order, at: inputScale * z + inputShift)
    var factor = outputScale
    for _ in 0..<order { factor *= inputScale }
    return order == 0 ? factor * value + outputShift : factor * value
  }
}
