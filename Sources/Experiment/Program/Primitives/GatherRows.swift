import OrreryTensors

/// Rows of a table, by number: table (n, d) and numbers (…) → (…, d). Numbers are whole, 0 ..< n, in the arena's scalars;
/// data are checked for that before they get here, and a number outside, or between, gives a row of NaN.
struct GatherRows: GenericPrimitive {
  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(inputs[0].count == 2, "A table has rows and columns, not the shape \(inputs[0]).")
    return inputs[1] + [inputs[0][1]]
  }

  /// Nothing flows back to the numbers, which are no continuous variables.
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    let count = graph.shape(inputs[0])[0]
    return [wanted[0] ? graph.apply(ScatterRows(count: count), [cotangent, inputs[1]]) : nil, nil]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let height = place.inputs[0].shape[0]
    let (table, numbers, output) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    return place.rowSpans(of: place.output.shape, base) { span in
      let columns = span.columns
      for row in 0..<span.count {
        let target = span.rows(output) + row * columns
        if let number = RowNumber.of(span.elements(numbers)[row], below: height) {
          target.update(from: span.base + (table + number * columns), count: columns)
        } else {
          target.update(repeating: .nan, count: columns)
        }
      }
    }
  }
}

/// The adjoint of ``GatherRows``: row i of x (…, d) is added to row number_i of a table (n, d), rows in order.
struct ScatterRows: GenericPrimitive {
  /// n.
  let count: Int

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(
      !inputs[0].isEmpty && Array(inputs[0].dropLast()) == inputs[1], "Rows and numbers do not fit: \(inputs).")
    return [count, inputs[0].last!]
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [wanted[0] ? graph.rows(of: cotangent, at: inputs[1]) : nil, nil]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (height, columns) = (count, place.output.shape[1])
    let (rows, isParallel) = (place.inputs[1].count, place.isParallel)
    let (x, numbers, output) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    // Threads share the columns, so that each sum has one order: that of the rows.
    let width = 64
    let strips = (columns + width - 1) / width
    let sums = Placement.parts(strips, isParallel: isParallel && rows * columns >= 1 << 15) { index in
      let first = index * width
      let count = min(width, columns - first)
      for row in 0..<rows {
        guard let number = RowNumber.of(base[numbers + row], below: height) else { continue }
        let target = base + (output + number * columns + first)
        ArrayArithmetic.combine(
          1, UnsafePointer(target), 1, base + (x + row * columns + first), into: target, count: count)
      }
    }
    return {
      let target = base + output
      target.update(repeating: 0, count: height * columns)
      sums()
    }
  }
}

/// One number of each row, by column: x (…, n) and columns (…) → (…). Columns are whole numbers, as in ``GatherRows``.
struct ChooseColumns: GenericPrimitive {
  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(
      !inputs[0].isEmpty && Array(inputs[0].dropLast()) == inputs[1], "Rows and columns do not fit: \(inputs).")
    return inputs[1]
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    let count = graph.shape(inputs[0]).last!
    return [wanted[0] ? graph.apply(PlaceColumns(count: count), [cotangent, inputs[1]]) : nil, nil]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let extents = RowExtents(place.inputs[0].shape)
    let (x, numbers, output) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    return {
      for row in 0..<extents.rows {
        let number = RowNumber.of(base[numbers + row], below: extents.columns)
        base[output + row] = number.map { base[x + row * extents.columns + $0] } ?? .nan
      }
    }
  }
}

/// The adjoint of ``ChooseColumns``: x (…) and columns (…) → (…, n), x_i at column_i and 0 elsewhere; for x = 1, one-hot.
struct PlaceColumns: GenericPrimitive {
  /// n.
  let count: Int

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(inputs[0] == inputs[1], "Numbers and columns have one shape: \(inputs).")
    return inputs[0] + [count]
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [wanted[0] ? graph.chosen(cotangent, at: inputs[1]) : nil, nil]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (rows, columns) = (place.inputs[0].count, count)
    let (x, numbers, output) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    return {
      let target = base + output
      target.update(repeating: 0, count: rows * columns)
      for row in 0..<rows {
        guard let number = RowNumber.of(base[numbers + row], below: columns) else { continue }
        target[row * columns + number] = base[x + row]
      }
    }
  }
}

enum RowNumber {
  /// The number, if it is a whole one in 0 ..< count.
  @inline(__always)
  static func of<Scalar: ExperimentScalar>(_ value: Scalar, below count: Int) -> Int? {
    // False for NaN too.
    guard value >= 0, value < Scalar(count) else { return nil }
    let number = Int(value)
    return Scalar(number) == value ? number : nil
  }
}
