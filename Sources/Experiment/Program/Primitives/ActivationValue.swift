import OrreryNetworks

/// σ or one of its derivatives, neuron by neuron.
///
/// Where σ′ is cheap to have from σ (``SlopeOfValue``) the pullback says so.
struct ActivationValue: GenericPrimitive {
  let activation: Activation
  /// 0 … 5.
  let order: Int

  func shape(_ inputs: [[Int]]) -> [Int] { inputs[0] }

  var reusableInputs: [Int] { [0] }

  /// At kinks derivatives are those of `Activation.derivative(_:at:)`; jumps of a derivative count as none.
  ///
  /// - Throws: ``ExperimentError/noDerivative(_:)`` beyond the fifth derivative.
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) throws -> [Value?] {
    if order == 0, activation.isPlain, let known = activation.function.description as? any SlopeOfValue {
      return [graph.multiply(cotangent, slope: known.slopeOfValue, ofValue: output)]
    }
    if let degree = activation.pieceDegree, order + 1 > degree { return [nil] }
    guard order < 5 else {
      throw ExperimentError.noDerivative("the sixth derivative of the activation \(activation.function.name)")
    }
    let slope = graph.activation(activation, order: order + 1, of: inputs[0])
    return [graph.multiply(cotangent, slope)]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (count, input, output) = (place.output.count, place.inputs[0].offset, place.output.offset)
    let (activation, order, isParallel) = (activation, order, place.isParallel)
    return Placement.spans(count, isParallel: isParallel) { first, count in
      Scalar.apply(
        activation, order: order, to: base + (input + first), into: base + (output + first), count: count)
    }
  }
}

/// An activation function whose slope is a quadratic in its value, and so cheap to have from it: tanh′ = 1 − tanh².
///
/// Optional knowledge: slopes of other functions are evaluated.
public protocol SlopeOfValue: ActivationDescription {
  /// f′ as a function of f.
  var slopeOfValue: QuadraticSlope { get }
}

/// f′ = c₀ + c₁f + c₂f².
public struct QuadraticSlope: Hashable, Sendable {
  public var c0: Double
  public var c1: Double
  public var c2: Double

  public init(_ c0: Double, _ c1: Double, _ c2: Double) {
    self.c0 = c0
    self.c1 = c1
    self.c2 = c2
  }
}

extension Linear: SlopeOfValue {
  public var slopeOfValue: QuadraticSlope { QuadraticSlope(1, 0, 0) }
}

extension Tanh: SlopeOfValue {
  public var slopeOfValue: QuadraticSlope { QuadraticSlope(1, 0, -1) }
}

extension Sigmoid: SlopeOfValue {
  public var slopeOfValue: QuadraticSlope { QuadraticSlope(0, 1, -1) }
}

extension Exponential: SlopeOfValue {
  public var slopeOfValue: QuadraticSlope { QuadraticSlope(0, 1, 0) }
}

extension Graph {
  fileprivate mutating func multiply(_ cotangent: Value, slope: QuadraticSlope, ofValue value: Value) -> Value {
    switch (slope.c0, slope.c1, slope.c2) {
    case (1, 0, 0): cotangent
    case (0, 1, 0): multiply(cotangent, value)
    case (let c0, let c1, let c2): apply(MultiplyByQuadratic(c0: c0, c1: c1, c2: c2), [cotangent, value])
    }
  }
}
