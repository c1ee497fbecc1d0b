import OrreryTensors

/// g_j x_ij + b_j, or g_j x_ij alone: every column of the last axis times and plus numbers of its own; x (…, n), g and b (n).
struct ScaleColumns: GenericPrimitive {
  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(
      !inputs[0].isEmpty && inputs.dropFirst().allSatisfy { $0 == [inputs[0].last!] },
      "Columns and factors do not fit: \(inputs).")
    return inputs[0]
  }

  var reusableInputs: [Int] { [0] }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    var results: [Value?] = [
      wanted[0] ? graph.scaleColumns(cotangent, by: inputs[1]) : nil,
      wanted[1] ? graph.columnDot(cotangent, inputs[0]) : nil,
    ]
    if inputs.count == 3 { results.append(wanted[2] ? graph.columnSum(cotangent) : nil) }
    return results
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (x, g, output) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    let b = place.inputs.count == 3 ? place.inputs[2].offset : nil
    return place.rowSpans(of: place.output.shape, base) { span in
      RowKernels<Scalar>.scaleColumns(
        span.rows(x), by: span.base + g, shift: b.map { UnsafePointer(span.base + $0) },
        into: span.rows(output), rows: span.count, columns: span.columns)
    }
  }
}

/// Σ_i x_ij y_ij over all axes but the last: (…, n) (…, n) → (n).
///
/// Rows are summed in blocks that the extents alone fix, the blocks in order: results do not depend on the number of
/// threads, and rounding errors grow with the length of a block.
struct ColumnDot: GenericPrimitive {
  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(!inputs[0].isEmpty && inputs[0] == inputs[1], "Factors have one shape: \(inputs).")
    return [inputs[0].last!]
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [
      wanted[0] ? graph.scaleColumns(inputs[1], by: cotangent) : nil,
      wanted[1] ? graph.scaleColumns(inputs[0], by: cotangent) : nil,
    ]
  }

  private func blocks(_ shape: [Int]) -> RowBlocks {
    let extents = RowExtents(shape)
    return RowBlocks(rows: extents.rows, columns: extents.columns)
  }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int { blocks(inputs[0]).scratch }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (blocks, isParallel) = (blocks(place.inputs[0].shape), place.isParallel)
    let columns = blocks.columns
    let (x, y, output, scratch) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset, place.scratch)
    return blocks.sum(base, into: output, scratch: scratch, isParallel: isParallel) { first, count, target in
      RowKernels<Scalar>.columnDot(
        base + (x + first * columns), base + (y + first * columns), into: target, rows: count, columns: columns)
    }
  }
}
