import OrreryNetworks

/// The operations that layers, losses and derivatives are written in.
extension Graph {
  public mutating func constant(_ value: Double, shape: [Int]) -> Value {
    apply(Constant(value: value, extents: shape), [])
  }

  /// Σ_i c_i x_i of values of one shape; sums of sums are one sum.
  public mutating func combination(_ terms: [(coefficient: Double, value: Value)]) -> Value {
    var merged: [(Double, Value)] = []
    func add(_ coefficient: Double, _ value: Value) {
      if let place = merged.firstIndex(where: { $0.1 == value }) {
        merged[place].0 += coefficient
      } else {
        merged.append((coefficient, value))
      }
    }
    for (coefficient, value) in terms { add(coefficient, value) }
    let numbers = merged.compactMap { term in constantValue(term.1).map { term.0 * $0 } }
    if !merged.isEmpty, numbers.count == merged.count {
      return constant(numbers.reduce(0, +), shape: shape(merged[0].1))
    }
    if merged.count == 1, merged[0].0 == 1 { return merged[0].1 }
    if merged.count == 1, let inner = nodes[merged[0].1.index].primitive as? LinearCombination {
      // A scaled sum is a sum of scaled terms.
      let inputs = nodes[merged[0].1.index].inputs
      return combination(zip(inner.coefficients, inputs).map { (merged[0].0 * $0, $1) })
    }
    return apply(LinearCombination(coefficients: merged.map(\.0)), merged.map(\.1))
  }

  /// The sum of values of one shape; nil for none.
  mutating func sum(_ values: [Value]) -> Value? {
    values.isEmpty ? nil : combination(values.map { (1, $0) })
  }

  public mutating func add(_ left: Value, _ right: Value) -> Value { combination([(1, left), (1, right)]) }
  public mutating func subtract(_ left: Value, _ right: Value) -> Value { combination([(1, left), (-1, right)]) }
  public mutating func scale(_ value: Value, by factor: Double) -> Value { combination([(factor, value)]) }

  /// x_i y_i.
  public mutating func multiply(_ left: Value, _ right: Value) -> Value {
    if let factor = constantValue(left) { return scale(right, by: factor) }
    if let factor = constantValue(right) { return scale(left, by: factor) }
    return apply(Multiply(), left.index <= right.index ? [left, right] : [right, left])
  }

  func constantValue(_ value: Value) -> Double? {
    (nodes[value.index].primitive as? Constant)?.value
  }

  /// op(A) op(B) for matrices, or for each of a stack of them: (…, m, k) (…, k, n).
  public mutating func matrixProduct(
    _ left: Value, _ right: Value, transposingLeft: Bool = false, transposingRight: Bool = false
  ) -> Value {
    apply(MatrixProduct(transposesLeft: transposingLeft, transposesRight: transposingRight), [left, right])
  }

  /// x Wᵀ + b: x (samples, fan-in), W (units, fan-in), b (units).
  public mutating func affine(_ x: Value, weight: Value, bias: Value) -> Value {
    apply(Affine(), [x, weight, bias])
  }

  /// The sum over one axis, which goes.
  public mutating func sum(_ value: Value, axis: Int) -> Value { apply(SumAxis(axis: axis), [value]) }

  /// `count` copies along a new axis.
  public mutating func repeated(_ value: Value, axis: Int, count: Int) -> Value {
    if let number = constantValue(value) {
      var shape = shape(value)
      shape.insert(count, at: axis)
      return constant(number, shape: shape)
    }
    return apply(RepeatAxis(axis: axis, count: count), [value])
  }

  /// The sum of all elements, a number.
  public mutating func total(_ value: Value) -> Value {
    let flat = reshape(value, [shape(value).reduce(1, *)])
    return sum(flat, axis: 0)
  }

  public mutating func reshape(_ value: Value, _ shape: [Int]) -> Value {
    if self.shape(value) == shape { return value }
    if let number = constantValue(value) { return constant(number, shape: shape) }
    if nodes[value.index].primitive is Reshape { return reshape(nodes[value.index].inputs[0], shape) }
    return apply(Reshape(extents: shape), [value])
  }

  /// A derivative of an activation, neuron by neuron.
  public mutating func activation(_ activation: Activation, order: Int = 0, of value: Value) -> Value {
    apply(ActivationValue(activation: activation, order: order), [value])
  }
}
