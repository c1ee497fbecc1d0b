import OrreryNetworks

extension Dropout: ContextualLowerable {
  public func lower(
    _ graph: inout Graph, _ input: Value, parameters: [Value], context: inout LoweringContext
  ) throws -> Value {
    guard probability > 0,
      let mask = context.dropoutMask(&graph, shape: graph.shape(input), probability: probability)
    else { return input }
    return graph.multiply(input, mask)
  }
}
