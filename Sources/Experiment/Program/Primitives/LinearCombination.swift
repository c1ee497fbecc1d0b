import OrreryTensors

/// Σ_i c_i x_i of arrays of one shape.
struct LinearCombination: GenericPrimitive {
  let coefficients: [Double]

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(!inputs.isEmpty && inputs.allSatisfy { $0 == inputs[0] }, "Terms of a sum have one shape: \(inputs).")
    return inputs[0]
  }

  var reusableInputs: [Int] { Array(coefficients.indices) }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    zip(coefficients, wanted).map { $1 ? graph.scale(cotangent, by: $0) : nil }
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (count, output, isParallel) = (place.output.count, place.output.offset, place.isParallel)
    let (offsets, factors) = (place.inputs.map(\.offset), coefficients.map { Scalar($0) })
    if offsets.count == 1 {
      let (x, a) = (offsets[0], factors[0])
      return Placement.spans(count, isParallel: isParallel) { first, count in
        ArrayArithmetic.scale(a, base + (x + first), into: base + (output + first), count: count)
      }
    }
    if offsets.count == 2 {
      let (x, y, a, b) = (offsets[0], offsets[1], factors[0], factors[1])
      return Placement.spans(count, isParallel: isParallel) { first, count in
        ArrayArithmetic.combine(
          a, base + (x + first), b, base + (y + first), into: base + (output + first), count: count)
      }
    }
    // The output may have taken over any input: every element is read before it is written.
    return {
      let target = base + output
      offsets.withUnsafeBufferPointer { offsets in
        factors.withUnsafeBufferPointer { factors in
          for i in 0..<count {
            var sum = factors[0] * base[offsets[0] + i]
            for k in 1..<offsets.count { sum += factors[k] * base[offsets[k] + i] }
            target[i] = sum
          }
        }
      }
    }
  }
}

/// The same number everywhere.
struct Constant: GenericPrimitive {
  let value: Double
  let extents: [Int]

  func shape(_ inputs: [[Int]]) -> [Int] { extents }
  func pullback(_ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]) -> [Value?] {
    []
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (number, count, output) = (Scalar(value), place.output.count, place.output.offset)
    return { (base + output).update(repeating: number, count: count) }
  }
}
