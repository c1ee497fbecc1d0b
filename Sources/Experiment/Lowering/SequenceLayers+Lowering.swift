import OrreryNetworks

extension Embedding: Lowerable {
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    graph.rows(of: parameters[0], at: input)
  }
}

extension PositionalEmbedding: Lowerable {
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    graph.add(input, graph.repeated(parameters[0], axis: 0, count: graph.shape(input)[0]))
  }
}

extension LayerNorm: Lowerable {
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    let normal = graph.normalizedRows(input, centres: true, epsilon: epsilon)
    return learned ? graph.scaleColumns(normal, by: parameters[0], shift: parameters[1]) : normal
  }
}

extension RootMeanSquareNorm: Lowerable {
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    let normal = graph.normalizedRows(input, centres: false, epsilon: epsilon)
    return learned ? graph.scaleColumns(normal, by: parameters[0]) : normal
  }
}
