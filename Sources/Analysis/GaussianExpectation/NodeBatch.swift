/// Nodes gathered with their weights until they are evaluated together.
struct NodeBatch {
  var nodes: [Double] = []
  var weights: [Double] = []
  /// The exponents e of the Gaussian weights e^(−e), for the bound on rounding.
  var exponents: [Double] = []

  var count: Int { nodes.count }

  mutating func removeAll() {
    nodes.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    exponents.removeAll(keepingCapacity: true)
  }

  mutating func append(_ node: Double, weight: Double, exponent: Double) {
    nodes.append(node)
    weights.append(weight)
    exponents.append(exponent)
  }

  /// Evaluates the integrand at the nodes and hands over the values, component after component.
  func evaluate<Result>(
    components: Int, _ integrand: GaussianExpectation.BatchIntegrand,
    _ body: (UnsafeBufferPointer<Double>) throws -> Result
  ) rethrows -> Result {
    try withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, count * components)) { memory in
      let values = UnsafeMutableBufferPointer(rebasing: memory[..<(count * components)])
      values.initialize(repeating: 0)
      if count > 0 { nodes.withUnsafeBufferPointer { integrand($0, values) } }
      return try body(UnsafeBufferPointer(values))
    }
  }

  /// Evaluates the integrand and adds its weighted values to the sums.
  func add(to sums: inout WeightedSums, _ integrand: GaussianExpectation.BatchIntegrand) {
    evaluate(components: sums.components, integrand) { values in
      weights.withUnsafeBufferPointer { weights in
        exponents.withUnsafeBufferPointer { sums.add(values, weights: weights, exponents: $0) }
      }
    }
  }
}
