import OrreryTensors

/// s_i x_ij: every row of the last axis times a number of its own; x (…, n), s (…).
struct ScaleRows: GenericPrimitive {
  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(
      !inputs[0].isEmpty && Array(inputs[0].dropLast()) == inputs[1], "Rows and factors do not fit: \(inputs).")
    return inputs[0]
  }

  var reusableInputs: [Int] { [0] }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [
      wanted[0] ? graph.scaleRows(cotangent, by: inputs[1]) : nil,
      wanted[1] ? graph.rowDot(cotangent, inputs[0]) : nil,
    ]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (x, s, output) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    return place.rowSpans(of: place.output.shape, base) { span in
      RowKernels<Scalar>.scaleRows(
        span.rows(x), by: span.elements(s), into: span.rows(output), rows: span.count,
        columns: span.columns)
    }
  }
}

/// Σ_j x_ij y_ij along the last axis, which goes.
struct RowDot: GenericPrimitive {
  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(!inputs[0].isEmpty && inputs[0] == inputs[1], "Factors have one shape: \(inputs).")
    return Array(inputs[0].dropLast())
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [
      wanted[0] ? graph.scaleRows(inputs[1], by: cotangent) : nil,
      wanted[1] ? graph.scaleRows(inputs[0], by: cotangent) : nil,
    ]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (x, y, output) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    return place.rowSpans(of: place.inputs[0].shape, base) { span in
      RowKernels<Scalar>.dot(
        span.rows(x), span.rows(y), into: span.elements(output), rows: span.count,
        columns: span.columns)
    }
  }
}
