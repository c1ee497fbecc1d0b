import OrreryTensors

/// The axes in another order: axis k of the output is axis `order[k]` of the input.
struct PermuteAxes: GenericPrimitive {
  let order: [Int]

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(order.sorted() == Array(inputs[0].indices), "\(order) is no order of the axes of \(inputs[0]).")
    return order.map { inputs[0][$0] }
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    return [graph.permuted(cotangent, order: inverse)]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let walk = PermutedWalk(place.inputs[0].shape, order)
    let (input, output, isParallel) = (place.inputs[0].offset, place.output.offset, place.isParallel)
    let isShared = isParallel && walk.slabs > 1 && walk.slabs * walk.slab >= 1 << 15
    return Placement.parts(walk.slabs, isParallel: isShared) { index in
      walk.copySlab(UnsafePointer(base + input), index, into: base + (output + index * walk.slab))
    }
  }
}

/// The output's axes from the outermost, with the distance of neighbours in the input; axes that stay neighbours are one.
///
/// The last two axes are a slab, copied in one go; the axes before them number the slabs.
private struct PermutedWalk: Sendable {
  private var extents: [Int] = []
  private var strides: [Int] = []
  /// Elements of a slab, and how many there are.
  let slab: Int
  let slabs: Int

  init(_ shape: [Int], _ order: [Int]) {
    var distances = shape
    var distance = 1
    for axis in shape.indices.reversed() {
      distances[axis] = distance
      distance *= shape[axis]
    }
    for axis in order where shape[axis] != 1 {
      if let last = strides.last, last == shape[axis] * distances[axis] {
        extents[extents.count - 1] *= shape[axis]
        strides[strides.count - 1] = distances[axis]
      } else {
        extents.append(shape[axis])
        strides.append(distances[axis])
      }
    }
    while extents.count < 2 {
      extents.insert(1, at: 0)
      strides.insert(0, at: 0)
    }
    slab = extents.suffix(2).reduce(1, *)
    slabs = extents.dropLast(2).reduce(1, *)
  }

  @inline(__always)
  func copySlab<Scalar: ExperimentScalar>(
    _ input: UnsafePointer<Scalar>, _ index: Int, into output: UnsafeMutablePointer<Scalar>
  ) {
    let last = extents.count - 1
    var (source, rest) = (input, index)
    for axis in stride(from: last - 2, through: 0, by: -1) {
      source += rest % extents[axis] * strides[axis]
      rest /= extents[axis]
    }
    let (rows, columns) = (extents[last - 1], extents[last])
    let (rowStride, columnStride) = (strides[last - 1], strides[last])
    if columnStride == 1 {
      for row in 0..<rows { (output + row * columns).update(from: source + row * rowStride, count: columns) }
    } else if rowStride == 1 {
      // The output's columns are the input's rows.
      RegisterProduct.transpose(
        source, stride: columnStride, rows: columns, columns: rows, into: output, stride: columns)
    } else {
      for row in 0..<rows {
        for column in 0..<columns { output[row * columns + column] = source[row * rowStride + column * columnStride] }
      }
    }
  }
}
