/// Operations along the last axis, and on the order of axes: what sequences, attention and norms are written in.
extension Graph {
  /// The axes in another order: axis k of the result is axis `order[k]` of the value.
  public mutating func permuted(_ value: Value, order: [Int]) -> Value {
    if order == Array(order.indices) { return value }
    if let number = constantValue(value) { return constant(number, shape: order.map { shape(value)[$0] }) }
    if let inner = nodes[value.index].primitive as? PermuteAxes {
      return permuted(nodes[value.index].inputs[0], order: order.map { inner.order[$0] })
    }
    return apply(PermuteAxes(order: order), [value])
  }

  /// Rows of a table, by number: table (n, d), numbers (…) whole and in 0 ..< n → (…, d). The derivative with respect to the
  /// numbers counts as zero.
  public mutating func rows(of table: Value, at numbers: Value) -> Value { apply(GatherRows(), [table, numbers]) }

  /// One number of each row, by column: value (…, n), columns (…) whole and in 0 ..< n → (…).
  public mutating func chosen(_ value: Value, at columns: Value) -> Value { apply(ChooseColumns(), [value, columns]) }

  /// s_i x_ij: value (…, n), factors (…).
  public mutating func scaleRows(_ value: Value, by factors: Value) -> Value {
    if let factor = constantValue(factors) { return scale(value, by: factor) }
    return apply(ScaleRows(), [value, factors])
  }

  /// Σ_j x_ij y_ij along the last axis, which goes.
  public mutating func rowDot(_ left: Value, _ right: Value) -> Value {
    apply(RowDot(), left.index <= right.index ? [left, right] : [right, left])
  }

  /// g_j x_ij + b_j: value (…, n), factors and shifts (n).
  public mutating func scaleColumns(_ value: Value, by factors: Value, shift: Value? = nil) -> Value {
    apply(ScaleColumns(), [value, factors] + (shift.map { [$0] } ?? []))
  }

  /// Σ_i x_ij y_ij over all axes but the last: (…, n) → (n).
  public mutating func columnDot(_ left: Value, _ right: Value) -> Value {
    if let factor = constantValue(left) { return scale(columnSum(right), by: factor) }
    if let factor = constantValue(right) { return scale(columnSum(left), by: factor) }
    return apply(ColumnDot(), left.index <= right.index ? [left, right] : [right, left])
  }

  /// The sum over all axes but the last: (…, n) → (n).
  public mutating func columnSum(_ value: Value) -> Value {
    let columns = shape(value).last ?? 1
    return sum(reshape(value, [shape(value).dropLast().reduce(1, *), columns]), axis: 0)
  }

  /// (x_ij − m_i)/√(v_i + ε) along the last axis: mean and variance of each row where it centres (layer normalization), else
  /// 0 and the mean square (root-mean-square normalization).
  public mutating func normalizedRows(_ value: Value, centres: Bool, epsilon: Double) -> Value {
    apply(NormalizeRows(norm: RowNorm(centres: centres, epsilon: epsilon)), [value])
  }

  /// log Σ_j e^(x_ij) along the last axis, which goes.
  public mutating func logSumExp(_ value: Value) -> Value { apply(LogSumExp(), [value]) }

  /// e^(a x_ij) / Σ_k e^(a x_ik) along the last axis. Causal: for matrices (…, T, T), with k ≤ i, and 0 for j > i.
  public mutating func softmax(_ value: Value, scale: Double = 1, isCausal: Bool = false) -> Value {
    apply(Softmax(scale: scale, isCausal: isCausal), [value])
  }
}
