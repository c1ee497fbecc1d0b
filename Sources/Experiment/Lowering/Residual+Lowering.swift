import OrreryNetworks

extension Residual: Lowerable {
  public func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    guard let output = try branch.lower(&graph, input, parameters: parameters).last else {
      return graph.scale(input, by: 1 + scale)
    }
    return graph.combination([(1, input), (scale, output)])
  }
}
