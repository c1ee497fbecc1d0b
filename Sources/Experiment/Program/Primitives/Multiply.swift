import OrreryTensors

/// x_i y_i.
struct Multiply: GenericPrimitive {
  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(inputs.count == 2 && inputs[0] == inputs[1], "Factors have one shape: \(inputs).")
    return inputs[0]
  }

  var reusableInputs: [Int] { [0, 1] }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [
      wanted[0] ? graph.multiply(cotangent, inputs[1]) : nil, wanted[1] ? graph.multiply(cotangent, inputs[0]) : nil,
    ]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (count, output, isParallel) = (place.output.count, place.output.offset, place.isParallel)
    let (x, y) = (place.inputs[0].offset, place.inputs[1].offset)
    return Placement.spans(count, isParallel: isParallel) { first, count in
      ArrayArithmetic.multiply(base + (x + first), base + (y + first), into: base + (output + first), count: count)
    }
  }
}

/// x_i (c₀ + c₁ y_i + c₂ y_i²): the slopes of tanh (1, 0, −1), the logistic function (0, 1, −1) and exp (0, 1, 0) from
/// their own values y, times a cotangent x.
struct MultiplyByQuadratic: GenericPrimitive {
  let c0: Double
  let c1: Double
  let c2: Double

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(inputs.count == 2 && inputs[0] == inputs[1], "Factors have one shape: \(inputs).")
    return inputs[0]
  }

  var reusableInputs: [Int] { [0, 1] }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    let (x, y) = (inputs[0], inputs[1])
    var slope: Value?
    if wanted[1] {
      let both = graph.multiply(cotangent, x)
      slope =
        c2 == 0 ? graph.scale(both, by: c1) : graph.apply(MultiplyByQuadratic(c0: c1, c1: 2 * c2, c2: 0), [both, y])
    }
    return [wanted[0] ? graph.apply(self, [cotangent, y]) : nil, slope]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (count, output, isParallel) = (place.output.count, place.output.offset, place.isParallel)
    let (x, y) = (place.inputs[0].offset, place.inputs[1].offset)
    let c = (c0, c1, c2)
    return Placement.spans(count, isParallel: isParallel) { first, count in
      ArrayArithmetic.multiply(
        base + (x + first), byQuadratic: c, of: base + (y + first), into: base + (output + first), count: count)
    }
  }
}
