/// x_i y_i.
struct Multiply: Primitive {
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

  func kernel(_ place: Placement, _ scalar: Float.Type) -> Kernel<Float> { make(place) }
  func kernel(_ place: Placement, _ scalar: Double.Type) -> Kernel<Double> { make(place) }

  @inline(__always)
  private func make<Scalar: ExperimentScalar>(_ place: Placement) -> Kernel<Scalar> {
    let (count, output) = (place.output.count, place.output.offset)
    let (x, y) = (place.inputs[0].offset, place.inputs[1].offset)
    return { base in
      let (target, first, second) = (base + output, base + x, base + y)
      for i in 0..<count { target[i] = first[i] * second[i] }
    }
  }
}
