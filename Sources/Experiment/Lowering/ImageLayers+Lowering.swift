import OrreryNetworks

extension Convolution: Lowerable {
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    try graph.convolution(
      input, weight: parameters[0], bias: parameters[1], strides: (stride.height, stride.width), padding: padding)
  }
}

extension AveragePool: Lowerable {
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    try graph.averagePool(
      input, window: (window.height, window.width), strides: (stride.height, stride.width), padding: padding)
  }
}

extension MaxPool: Lowerable {
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    try graph.maxPool(
      input, window: (window.height, window.width), strides: (stride.height, stride.width), padding: padding)
  }
}

extension GlobalAveragePool: Lowerable {
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    graph.globalAveragePool(input)
  }
}

extension Flatten: Lowerable {
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    let shape = graph.shape(input)
    return graph.reshape(input, [shape[0], shape.dropFirst().reduce(1, *)])
  }
}
