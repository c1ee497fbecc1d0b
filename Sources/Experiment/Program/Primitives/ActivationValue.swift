import OrreryNetworks

/// σ or one of its derivatives, neuron by neuron.
///
/// Where σ′ is cheap to have from σ (tanh, sigmoid, exp) the pullback says so: tanh′ = 1 − tanh².
struct ActivationValue: GenericPrimitive {
  let activation: Activation
  /// 0 … 3.
  let order: Int

  func shape(_ inputs: [[Int]]) -> [Int] { inputs[0] }

  var reusableInputs: [Int] { [0] }

  /// At kinks derivatives are those of `Activation.derivative(_:at:)`; jumps of a derivative count as none.
  ///
  /// - Throws: ``ExperimentError/noDerivative(_:)`` beyond the third derivative.
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) throws -> [Value?] {
    if order == 0, activation.isPlain {
      switch activation.function {
      case .linear: return [cotangent]
      case .tanh: return [graph.apply(MultiplyByQuadratic(c0: 1, c1: 0, c2: -1), [cotangent, output])]
      case .sigmoid: return [graph.apply(MultiplyByQuadratic(c0: 0, c1: 1, c2: -1), [cotangent, output])]
      case .exp: return [graph.multiply(cotangent, output)]
      default: break
      }
    }
    if let degree = activation.polynomialCoefficients.map({ $0.count - 1 }), order + 1 > degree { return [nil] }
    if activation.isPiecewiseLinear, order >= 1 { return [nil] }
    guard order < 3 else {
      throw ExperimentError.noDerivative("the fourth derivative of the activation \(activation.function.name)")
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

extension Activation {
  /// Whether σ is made of straight pieces, so that σ″ vanishes but at kinks.
  var isPiecewiseLinear: Bool {
    switch function {
    case .linear, .relu, .leakyReLU, .twoSlope, .abs, .step, .sign: true
    default: false
    }
  }
}
