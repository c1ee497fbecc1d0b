import OrreryNetworks

extension SelfAttention: Lowerable {
  /// input (samples, positions, features); weights of the softmax (samples, heads, positions, positions).
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    let shape = graph.shape(input)
    let (samples, positions, features) = (shape[0], shape[1], shape[2])
    let headSize = features / heads
    let rows = graph.reshape(input, [samples * positions, features])
    let stride = biases ? 2 : 1
    func map(_ graph: inout Graph, _ value: Value, _ number: Int) -> Value {
      let weight = parameters[number * stride]
      return biases
        ? graph.affine(value, weight: weight, bias: parameters[number * stride + 1])
        : graph.matrixProduct(value, weight, transposingRight: true)
    }
    /// (samples, heads, positions, headSize).
    func split(_ graph: inout Graph, _ number: Int) -> Value {
      let mapped = graph.reshape(map(&graph, rows, number), [samples, positions, heads, headSize])
      return graph.permuted(mapped, order: [0, 2, 1, 3])
    }
    let (query, key, value) = (split(&graph, 0), split(&graph, 1), split(&graph, 2))
    let logits = graph.matrixProduct(query, key, transposingRight: true)
    let weights = graph.softmax(logits, scale: scale.factor(headSize: headSize), isCausal: causal)
    let mixed = graph.permuted(graph.matrixProduct(weights, value), order: [0, 2, 1, 3])
    return graph.reshape(map(&graph, graph.reshape(mixed, [samples * positions, features]), 3), shape)
  }
}
