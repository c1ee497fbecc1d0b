import OrreryTensors

/// A right operand (inner, columns), or (columns, inner) to be transposed, in panels as wide as a register tile.
///
/// A ``Program`` puts it before products whose right operand belongs to an earlier stage, such as weights met by many
/// directions: packed once, used in every run of the later stage. It is no part of any graph that is differentiated.
struct PackOperand: GenericPrimitive {
  let transposed: Bool

  func shape(_ inputs: [[Int]]) -> [Int] {
    let (inner, columns) = extents(inputs[0])
    // Single precision has the wider panels: room for both.
    return [OperandPanels.size(inner: inner, columns: columns, RegisterProduct.tileColumns(Float.self))]
  }

  private func extents(_ shape: [Int]) -> (inner: Int, columns: Int) {
    transposed ? (shape[1], shape[0]) : (shape[0], shape[1])
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    preconditionFailure("Operands are packed after differentiation.")
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (inner, columns) = extents(place.inputs[0].shape)
    return OperandPanels.pack(
      UnsafePointer(base + place.inputs[0].offset), transposed: transposed, inner: inner, columns: columns,
      into: base + place.output.offset, isParallel: place.isParallel)
  }
}

/// op(A) times an operand that ``PackOperand`` has packed.
struct PackedProduct: GenericPrimitive {
  let transposesLeft: Bool
  let columns: Int

  private func extents(_ inputs: [[Int]]) -> ProductExtents {
    let (rows, inner) = transposesLeft ? (inputs[0][1], inputs[0][0]) : (inputs[0][0], inputs[0][1])
    return ProductExtents(rows: rows, inner: inner, columns: columns)
  }

  func shape(_ inputs: [[Int]]) -> [Int] {
    let extents = extents(inputs)
    return [extents.rows, extents.columns]
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    preconditionFailure("Operands are packed after differentiation.")
  }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int {
    ProductKernel.scratchCount(extents(inputs), transposesLeft: transposesLeft, right: .packed)
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    ProductKernel(
      extents: extents(place.inputs.map(\.shape)), transposesLeft: transposesLeft, right: .packed,
      scratch: place.scratch,
      isParallel: place.isParallel
    ).kernel(base, a: place.inputs[0].offset, b: place.inputs[1].offset, c: place.output.offset)
  }
}

extension Graph {
  /// Packs the right operands of matrix products that belong to an earlier stage than their product.
  ///
  /// - Parameters:
  ///   - stage: of each node.
  ///   - isNeeded: the nodes that will run.
  mutating func packOperands(of stage: [Int], where isNeeded: [Bool]) {
    for index in isNeeded.indices where isNeeded[index] {
      let node = nodes[index]
      guard let product = node.primitive as? MatrixProduct, node.shape.count == 2 else { continue }
      let (left, right) = (node.inputs[0], node.inputs[1])
      // A few rows read an operand hardly more often than packing does.
      guard stage[right.index] < stage[index], node.shape[0] >= 16 else { continue }
      let operand = apply(PackOperand(transposed: product.transposesRight), [right])
      let packed = PackedProduct(transposesLeft: product.transposesLeft, columns: node.shape[1])
      replace(Value(index: index), by: packed, [left, operand])
    }
  }
}
