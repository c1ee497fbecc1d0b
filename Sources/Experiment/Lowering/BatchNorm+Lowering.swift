import OrreryNetworks

extension BatchNorm: ContextualLowerable {
  public func lower(
    _ graph: inout Graph, _ input: Value, parameters: [Value], context: inout LoweringContext
  ) throws -> Value {
    let shape = graph.shape(input)
    let channels = shape.last!
    let count = Double(shape.dropLast().reduce(1, *))
    let one = graph.constant(1, shape: [channels])
    let average = try context.runningAverage("mean", &graph, shape: [channels], initial: 0)
    let averageSquare = try context.runningAverage("variance", &graph, shape: [channels], initial: 1)
    var (mean, variance) = (average, averageSquare)
    if context.mode == .training {
      mean = graph.scale(graph.columnSum(input), by: 1 / count)
      // The squares of what is left without the mean: nothing cancels.
      let centred = graph.scaleColumns(input, by: one, shift: graph.scale(mean, by: -1))
      variance = graph.scale(graph.columnDot(centred, centred), by: 1 / count)
      context.update(average, to: graph.combination([(momentum, average), (1 - momentum, mean)]))
      context.update(averageSquare, to: graph.combination([(momentum, averageSquare), (1 - momentum, variance)]))
    }
    let centred = graph.scaleColumns(input, by: one, shift: graph.scale(mean, by: -1))
    let shifted = graph.add(variance, graph.constant(epsilon, shape: [channels]))
    var factor = graph.power(shifted, -0.5)
    if let gain = parameters.first { factor = graph.multiply(factor, gain) }
    return graph.scaleColumns(centred, by: factor, shift: parameters.dropFirst().first)
  }
}
