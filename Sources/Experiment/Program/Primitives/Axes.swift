import OrreryTensors

/// The sum over one axis, which goes: (…, n, …) → (…, …).
struct SumAxis: GenericPrimitive {
  let axis: Int

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(inputs[0].indices.contains(axis), "There is no axis \(axis) in the shape \(inputs[0]).")
    var shape = inputs[0]
    shape.remove(at: axis)
    return shape
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [graph.repeated(cotangent, axis: axis, count: graph.shape(inputs[0])[axis])]
  }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int { blocks(inputs[0])?.scratch ?? 0 }

  /// The sum of the rows of a matrix, which threads share.
  private func blocks(_ shape: [Int]) -> RowBlocks? {
    let (outer, count, inner) = AxisExtents.of(shape, axis)
    return outer == 1 && inner > 1 ? RowBlocks(rows: count, columns: inner) : nil
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (outer, count, inner) = AxisExtents.of(place.inputs[0].shape, axis)
    let (input, output) = (place.inputs[0].offset, place.output.offset)
    if inner == 1 {
      return {
        for o in 0..<outer { base[output + o] = BlockedSum.of(base + input + o * count, count) }
      }
    }
    if let blocks = blocks(place.inputs[0].shape) {
      let (scratch, isParallel) = (place.scratch, place.isParallel)
      return blocks.sum(base, into: output, scratch: scratch, isParallel: isParallel) { first, count, target in
        ArrayArithmetic.sumRows(base + (input + first * inner), rows: count, columns: inner, into: target)
      }
    }
    return {
      for o in 0..<outer {
        ArrayArithmetic.sumRows(
          base + input + o * count * inner, rows: count, columns: inner, into: base + output + o * inner)
      }
    }
  }
}

/// `count` copies along a new axis: (…, …) → (…, n, …).
struct RepeatAxis: GenericPrimitive {
  let axis: Int
  let count: Int

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(axis >= 0 && axis <= inputs[0].count, "An axis \(axis) does not fit into the shape \(inputs[0]).")
    var shape = inputs[0]
    shape.insert(count, at: axis)
    return shape
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [graph.sum(cotangent, axis: axis)]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (outer, count, inner) = AxisExtents.of(place.output.shape, axis)
    let (input, output) = (place.inputs[0].offset, place.output.offset)
    return {
      for o in 0..<outer {
        let source = base + input + o * inner
        for n in 0..<count {
          let target = base + output + (o * count + n) * inner
          if inner == 1 { target[0] = source[0] } else { target.update(from: source, count: inner) }
        }
      }
    }
  }
}

/// The same numbers under another shape.
struct Reshape: Primitive {
  let extents: [Int]

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(
      inputs[0].reduce(1, *) == extents.reduce(1, *), "\(inputs[0]) and \(extents) have different numbers of elements.")
    return extents
  }

  var isAlias: Bool { true }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [graph.reshape(cotangent, graph.shape(inputs[0]))]
  }

  func kernel(_ place: Placement, _ base: UnsafeMutablePointer<Float>) -> Kernel { {} }
  func kernel(_ place: Placement, _ base: UnsafeMutablePointer<Double>) -> Kernel { {} }
}

/// A copy: where an output must lie at a place of its own.
struct Copy: GenericPrimitive {
  func shape(_ inputs: [[Int]]) -> [Int] { inputs[0] }
  func pullback(_ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]) -> [Value?] {
    [cotangent]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (count, input, output) = (place.output.count, place.inputs[0].offset, place.output.offset)
    return { (base + output).update(from: base + input, count: count) }
  }
}

enum AxisExtents {
  /// The extents before an axis, of it, and behind it.
  static func of(_ shape: [Int], _ axis: Int) -> (outer: Int, count: Int, inner: Int) {
    (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
  }
}

enum BlockedSum {
  /// Blocks in single lanes, their sums in Double: the rounding error does not grow with the count.
  @inline(__always)
  static func of<Scalar: ExperimentScalar>(_ x: UnsafePointer<Scalar>, _ count: Int) -> Scalar {
    var total = 0.0
    var start = 0
    while start < count {
      let end = Swift.min(count, start + 128)
      var lanes = SIMD8<Scalar>(repeating: 0)
      var i = start
      while i + 8 <= end {
        for lane in 0..<8 { lanes[lane] += x[i + lane] }
        i += 8
      }
      var rest = Scalar(0)
      while i < end {
        rest += x[i]
        i += 1
      }
      total += Double(lanes.sum()) + Double(rest)
      start = end
    }
    return Scalar(total)
  }
}
