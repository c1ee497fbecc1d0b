import OrreryTensors

/// op(A) op(B) of matrices, or of each pair in two stacks of one height: (h, m, k) (h, k, n) → (h, m, n).
struct MatrixProduct: GenericPrimitive {
  let transposesLeft: Bool
  let transposesRight: Bool

  private var right: RightOperand { transposesRight ? .transposed : .plain }

  private func extents(_ inputs: [[Int]]) -> ProductExtents {
    ProductExtents(inputs[0], inputs[1], transposesLeft, transposesRight)
  }

  func shape(_ inputs: [[Int]]) -> [Int] {
    let extents = extents(inputs)
    return Array(inputs[0].dropLast(2)) + [extents.rows, extents.columns]
  }

  /// Ā = C̄ op(B)ᵀ and B̄ = op(A)ᵀ C̄, transposed where the operand was.
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    let (a, b) = (inputs[0], inputs[1])
    func left(_ graph: inout Graph) -> Value {
      transposesLeft
        ? graph.matrixProduct(b, cotangent, transposingLeft: transposesRight, transposingRight: true)
        : graph.matrixProduct(cotangent, b, transposingRight: !transposesRight)
    }
    func right(_ graph: inout Graph) -> Value {
      transposesRight
        ? graph.matrixProduct(cotangent, a, transposingLeft: true, transposingRight: transposesLeft)
        : graph.matrixProduct(a, cotangent, transposingLeft: !transposesLeft)
    }
    return [wanted[0] ? left(&graph) : nil, wanted[1] ? right(&graph) : nil]
  }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int {
    let extents = extents(inputs)
    return StackGroups(extents).count
      * ProductKernel.scratchCount(extents, transposesLeft: transposesLeft, right: right)
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let extents = extents(place.inputs.map(\.shape))
    let groups = StackGroups(extents)
    let sharesStack = place.isParallel && groups.isWorthSharing
    let product = ProductKernel(
      extents: extents, transposesLeft: transposesLeft, right: right, scratch: place.scratch,
      isParallel: place.isParallel && !sharesStack)
    let (a, b, c) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    let (sizeA, sizeB) = (extents.rows * extents.inner, extents.inner * extents.columns)
    let sizeC = extents.rows * extents.columns
    let room = ProductKernel.scratchCount(extents, transposesLeft: transposesLeft, right: right)
    let members = (0..<extents.height).map { h in
      var own = product
      own.scratch += groups.group(of: h) * room
      return own.kernel(base, a: a + h * sizeA, b: b + h * sizeB, c: c + h * sizeC)
    }
    if members.count == 1 { return members[0] }
    return Placement.parts(groups.count, isParallel: sharesStack) { index in
      for h in groups.members(index) { members[h]() }
    }
  }
}

/// A stack of products cut into groups that threads share, each with scratch memory of its own.
struct StackGroups: Sendable {
  let height: Int
  let count: Int
  /// Whether threads take whole products, and not parts of each one.
  let isWorthSharing: Bool

  init(_ extents: ProductExtents) {
    height = extents.height
    count = min(height, 16)
    isWorthSharing =
      height >= 8 && height * extents.rows * extents.inner * extents.columns >= ProductKernel.parallelWork
  }

  func members(_ group: Int) -> Range<Int> { group * height / count..<(group + 1) * height / count }
  func group(of member: Int) -> Int { (0..<count).first { members($0).contains(member) }! }
}

/// x Wᵀ + b: x (samples, fan-in), W (units, fan-in), b (units) → (samples, units).
struct Affine: GenericPrimitive {
  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(
      inputs[0].count == 2 && inputs[1].count == 2 && inputs[0][1] == inputs[1][1] && inputs[2] == [inputs[1][0]],
      "x, W and b do not fit: \(inputs).")
    return [inputs[0][0], inputs[1][0]]
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [
      wanted[0] ? graph.matrixProduct(cotangent, inputs[1]) : nil,
      wanted[1] ? graph.matrixProduct(cotangent, inputs[0], transposingLeft: true) : nil,
      wanted[2] ? graph.sum(cotangent, axis: 0) : nil,
    ]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let product = ProductKernel(
      extents: ProductExtents(place.inputs[0].shape, place.inputs[1].shape, false, true), transposesLeft: false,
      right: .transposed, scratch: place.scratch, isParallel: place.isParallel)
    let (x, weight, bias) = (place.inputs[0].offset, place.inputs[1].offset, place.inputs[2].offset)
    return product.kernel(base, a: x, b: weight, c: place.output.offset, rowStart: bias)
  }
}

/// The extents of op(A) op(B).
struct ProductExtents: Sendable {
  let height: Int
  let rows: Int
  let inner: Int
  let columns: Int

  /// Of one product.
  init(rows: Int, inner: Int, columns: Int) {
    (height, self.rows, self.inner, self.columns) = (1, rows, inner, columns)
  }

  init(_ a: [Int], _ b: [Int], _ transposesLeft: Bool, _ transposesRight: Bool) {
    precondition(
      a.count >= 2 && a.count == b.count && a.dropLast(2) == b.dropLast(2),
      "Matrices, or stacks of one height: \(a), \(b).")
    let (left, right) = (Array(a.suffix(2)), Array(b.suffix(2)))
    height = a.dropLast(2).reduce(1, *)
    rows = left[transposesLeft ? 1 : 0]
    inner = left[transposesLeft ? 0 : 1]
    columns = right[transposesRight ? 0 : 1]
    precondition(right[transposesRight ? 1 : 0] == inner, "Inner extents differ: \(a), \(b).")
  }
}
