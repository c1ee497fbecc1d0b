import OrreryTensors

/// s_ij = e^(a x_ij) / Σ_k e^(a x_ik) along the last axis, without overflow.
///
/// A causal softmax is one of square matrices (…, T, T): row i sums over k ≤ i, and s_ij = 0 for j > i, whatever stands
/// there.
struct Softmax: GenericPrimitive {
  /// a > 0.
  let scale: Double
  let isCausal: Bool

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(scale > 0 && !inputs[0].isEmpty, "A softmax takes rows and a positive factor: \(inputs[0]), \(scale).")
    precondition(
      !isCausal || inputs[0].count >= 2 && inputs[0].suffix(2).allSatisfy { $0 == inputs[0].last },
      "A causal softmax takes square matrices, not \(inputs[0]).")
    return inputs[0]
  }

  var reusableInputs: [Int] { [0] }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [graph.apply(SoftmaxPullback(scale: scale, isCausal: isCausal), [output, cotangent])]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (input, output) = (place.inputs[0].offset, place.output.offset)
    return place.rowSpans(of: place.output.shape, base) { span in
      RowKernels<Scalar>.softmax(
        scale, span.rows(input), into: span.rows(output), firstRow: span.first,
        rows: span.count, columns: span.columns, isCausal: isCausal)
    }
  }
}

/// x̄_ij = a s_ij (c_ij − Σ_k s_ik c_ik): how a cotangent c passes a softmax whose value is s.
struct SoftmaxPullback: GenericPrimitive {
  let scale: Double
  /// s is 0 above the diagonals of its square matrices.
  let isCausal: Bool

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(inputs[0] == inputs[1] && !inputs[0].isEmpty, "Value and cotangent have one shape: \(inputs).")
    return inputs[0]
  }

  var reusableInputs: [Int] { [1, 0] }

  /// In c it is its own transpose; s̄_ij = a (p_ij (c_ij − Σ_k s_ik c_ik) − c_ij Σ_k s_ik p_ik) for a cotangent p.
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    let (s, c) = (inputs[0], inputs[1])
    var value: Value?
    if wanted[0] {
      let product = graph.multiply(cotangent, c)
      let along = graph.scaleRows(cotangent, by: graph.rowDot(s, c))
      let across = graph.scaleRows(c, by: graph.rowDot(s, cotangent))
      value = graph.combination([(scale, product), (-scale, along), (-scale, across)])
    }
    return [value, wanted[1] ? graph.apply(self, [s, cotangent]) : nil]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (s, c, output) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    return place.rowSpans(of: place.output.shape, base) { span in
      RowKernels<Scalar>.softmaxPullback(
        scale, span.rows(s), span.rows(c), into: span.rows(output), firstRow: span.first, rows: span.count,
        columns: span.columns, isCausal: isCausal)
    }
  }
}

/// log Σ_j e^(x_ij) along the last axis, which goes, without overflow.
struct LogSumExp: GenericPrimitive {
  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(!inputs[0].isEmpty, "Rows enter, not a number.")
    return Array(inputs[0].dropLast())
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [graph.scaleRows(graph.softmax(inputs[0]), by: cotangent)]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (input, output) = (place.inputs[0].offset, place.output.offset)
    return place.rowSpans(of: place.inputs[0].shape, base) { span in
      RowKernels<Scalar>.logSumExp(
        span.rows(input), into: span.elements(output), rows: span.count, columns: span.columns)
    }
  }
}
