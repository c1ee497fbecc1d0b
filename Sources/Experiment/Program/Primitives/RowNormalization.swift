import OrreryTensors

/// Whether rows lose their mean before they are divided by their deviation, and what keeps the division finite.
struct RowNorm: Hashable, Sendable {
  /// Layer normalization: the variance about the mean. Without: the mean square.
  let centres: Bool
  /// ε ≥ 0, added to the variance.
  let epsilon: Double
}

/// y_ij = (x_ij − m_i) s_i along the last axis, s_i = 1/√(v_i + ε): m_i and v_i are the row's mean and variance (divisor
/// n) where it centres, else 0 and the mean square.
struct NormalizeRows: GenericPrimitive {
  let norm: RowNorm

  func shape(_ inputs: [[Int]]) -> [Int] { inputs[0] }
  var reusableInputs: [Int] { [0] }

  /// x̄_ij = s_i (ȳ_ij − mean_j ȳ − y_ij mean_j (ȳ y)).
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    let scales = graph.apply(ReciprocalRowDeviation(norm: norm), [inputs[0]])
    return [graph.apply(ProjectRows(centres: norm.centres), [cotangent, output, scales])]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (input, output) = (place.inputs[0].offset, place.output.offset)
    return place.rowSpans(of: place.output.shape, base) { span in
      RowKernels<Scalar>.normalize(
        span.rows(input), epsilon: norm.epsilon, centres: norm.centres,
        into: span.rows(output), scales: nil, rows: span.count, columns: span.columns)
    }
  }
}

/// s_i = 1/√(v_i + ε) of each row: see ``NormalizeRows``.
struct ReciprocalRowDeviation: GenericPrimitive {
  let norm: RowNorm

  func shape(_ inputs: [[Int]]) -> [Int] { Array(inputs[0].dropLast()) }

  /// ∂s_i/∂x_ij = −s_i² y_ij / n.
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    let columns = graph.shape(inputs[0]).last!
    let normalized = graph.apply(NormalizeRows(norm: norm), [inputs[0]])
    let factor = graph.multiply(cotangent, graph.multiply(output, output))
    return [graph.scaleRows(normalized, by: graph.scale(factor, by: -1 / Double(columns)))]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (input, output) = (place.inputs[0].offset, place.output.offset)
    return place.rowSpans(of: place.inputs[0].shape, base) { span in
      RowKernels<Scalar>.normalize(
        span.rows(input), epsilon: norm.epsilon, centres: norm.centres, into: nil,
        scales: span.elements(output), rows: span.count, columns: span.columns)
    }
  }
}

/// s_i (c_ij − mean_j c − y_ij mean_j (c y)), the first mean only where it centres: how a cotangent c, or a tangent, passes
/// a normalization whose value is y and whose factors are s.
struct ProjectRows: GenericPrimitive {
  let centres: Bool

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(
      inputs[0] == inputs[1] && Array(inputs[0].dropLast()) == inputs[2], "c, y and s do not fit: \(inputs).")
    return inputs[0]
  }

  var reusableInputs: [Int] { [0, 1] }

  /// In c it is its own transpose. For a cotangent p: ȳ = −s (p mean_j (c y) + c mean_j (p y)), s̄ = Σ_j p_j P(c; y, 1)_j.
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    let (c, y, s) = (inputs[0], inputs[1], inputs[2])
    let columns = graph.shape(c).last!
    var normalized: Value?
    if wanted[1] {
      let first = graph.scaleRows(cotangent, by: graph.multiply(s, graph.rowDot(c, y)))
      let second = graph.scaleRows(c, by: graph.multiply(s, graph.rowDot(cotangent, y)))
      normalized = graph.combination([(-1 / Double(columns), first), (-1 / Double(columns), second)])
    }
    var scales: Value?
    if wanted[2] {
      let ones = graph.constant(1, shape: graph.shape(s))
      scales = graph.rowDot(cotangent, graph.apply(self, [c, y, ones]))
    }
    return [wanted[0] ? graph.apply(self, [cotangent, y, s]) : nil, normalized, scales]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (c, y, s) = (place.inputs[0].offset, place.inputs[1].offset, place.inputs[2].offset)
    let output = place.output.offset
    return place.rowSpans(of: place.output.shape, base) { span in
      RowKernels<Scalar>.project(
        span.rows(c), span.rows(y), scales: span.elements(s), centres: centres,
        into: span.rows(output), rows: span.count, columns: span.columns)
    }
  }
}
