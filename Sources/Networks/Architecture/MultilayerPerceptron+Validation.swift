extension MultilayerPerceptron {
  /// The number of weights and biases, or nil if it cannot be counted in 64 bits.
  ///
  /// - Parameter inputs: n_0.
  public func parameterCount(inputs: Int) -> Int? {
    var total = 0
    var fanIn = inputs
    for width in layerWidths {
      let (weights, tooMany) = fanIn.multipliedReportingOverflow(by: width)
      let (tensors, tooManyHere) = weights.addingReportingOverflow(width)
      let (sum, tooManyTogether) = total.addingReportingOverflow(tensors)
      if tooMany || tooManyHere || tooManyTogether { return nil }
      (total, fanIn) = (sum, width)
    }
    return total
  }

  /// The most hidden layers, as many as fit into a list of layers.
  public static let largestDepth = (LayerBounds.mostLayers - 2) / 2

  /// Checks that there are not too many layers, that every width is at least 1, that the parameters can be counted, and that the
  /// activation makes sense.
  ///
  /// - Parameter inputs: n_0, where it is known already.
  /// - Throws: `NetworkError`.
  public func validate(inputs: Int? = nil) throws {
    func fail(_ problem: String, remedy: String) -> NetworkError {
      NetworkError(.invalidShape, problem, remedy: remedy)
    }
    guard depth <= Self.largestDepth else {
      throw fail("the network has \(depth) hidden layers", remedy: "choose at most \(Self.largestDepth).")
    }
    if let layer = widths.firstIndex(where: { $0 < 1 }) {
      throw fail(
        "the width of hidden layer \(layer + 1) is \(widths[layer])", remedy: "give every layer at least one neuron.")
    }
    guard outputs >= 1 else {
      throw fail("the network has \(outputs) outputs", remedy: "choose 1 or more.")
    }
    if let inputs, inputs < 1 {
      throw fail("the network has \(inputs) inputs", remedy: "choose data with at least one feature.")
    }
    guard parameterCount(inputs: inputs ?? 1) != nil else {
      throw fail("the network has more parameters than can be counted in 64 bits", remedy: "choose smaller widths.")
    }
    try activation.validate()
  }
}
