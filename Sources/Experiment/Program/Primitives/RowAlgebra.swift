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
    nonisolated(unsafe) let base = base
    let (extents, isParallel) = (RowExtents(place.output.shape), place.isParallel)
    let (rows, columns) = (extents.rows, extents.columns)
    let (x, s, output) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    return Placement.rowSpans(rows, columns: columns, isParallel: isParallel) { first, count in
      RowKernels<Scalar>.scaleRows(
        base + (x + first * columns), by: base + (s + first), into: base + (output + first * columns), rows: count,
        columns: columns)
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
    nonisolated(unsafe) let base = base
    let (extents, isParallel) = (RowExtents(place.inputs[0].shape), place.isParallel)
    let (rows, columns) = (extents.rows, extents.columns)
    let (x, y, output) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    return Placement.rowSpans(rows, columns: columns, isParallel: isParallel) { first, count in
      RowKernels<Scalar>.dot(
        base + (x + first * columns), base + (y + first * columns), into: base + (output + first), rows: count,
        columns: columns)
    }
  }
}
