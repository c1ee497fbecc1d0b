import OrreryNetworks

extension Residual: ContextualLowerable {
  public func lower(
    _ graph: inout Graph, _ input: Value, parameters: [Value], context: inout LoweringContext
  ) throws -> Value {
    let count = try branch.parameters(inputShape: [Int](graph.shape(input).dropFirst())).count
    let output = try branch.lower(&graph, input, parameters: Array(parameters[..<count]), context: &context).last
    // Its layers are named apart from those of the branch.
    context.path.append("skip")
    defer { context.path.removeLast() }
    let shortcut = try skip.lower(&graph, input, parameters: Array(parameters[count...]), context: &context).last
    return graph.combination([(1, shortcut ?? input), (scale, output ?? input)])
  }
}
