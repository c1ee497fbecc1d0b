import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Primitives one by one, and the memory of compiled programs.
@Suite struct ProgramTests {
  private static func check(_ shapes: [[Int]], _ build: (inout Graph, [Value]) -> Value) throws -> Double {
    var number = NumberOfArrays(shapes, build)
    return try number.gradientError(at: number.randomPoint())
  }

  @Test func everyPrimitiveAgainstDifferences() throws {
    for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
      let a = left ? [4, 3] : [3, 4]
      let b = right ? [5, 4] : [4, 5]
      let flat = try Self.check([a, b]) {
        $0.matrixProduct($1[0], $1[1], transposingLeft: left, transposingRight: right)
      }
      let stacked = try Self.check([[2] + a, [2] + b]) {
        $0.matrixProduct($1[0], $1[1], transposingLeft: left, transposingRight: right)
      }
      #expect(flat < 1e-7 && stacked < 1e-7, "\(left) \(right)")
    }
    #expect(try Self.check([[3, 4], [5, 4], [5]]) { $0.affine($1[0], weight: $1[1], bias: $1[2]) } < 1e-7)
    #expect(try Self.check([[3, 4], [3, 4]]) { $0.multiply($1[0], $1[1]) } < 1e-7)
    #expect(try Self.check([[3], [3], [3]]) { $0.combination([(2, $1[0]), (-1, $1[1]), (0.5, $1[2])]) } < 1e-7)
    for axis in 0..<3 {
      #expect(try Self.check([[2, 3, 4]]) { $0.sum($1[0], axis: axis) } < 1e-7)
      #expect(try Self.check([[2, 3]]) { $0.repeated($1[0], axis: axis, count: 4) } < 1e-7)
    }
    #expect(try Self.check([[2, 6]]) { $0.reshape($1[0], [3, 4]) } < 1e-7)
    #expect(try Self.check([[3, 5]]) { $0.logSumExp($1[0]) } < 1e-7)
    #expect(try Self.check([[3, 5]]) { $0.softmax($1[0]) } < 1e-7)
  }

  /// Nothing is computed of constants: a loss's gradient begins with no array of equal numbers.
  @Test func sumsOfConstantsAreConstants() throws {
    var graph = Graph()
    let (three, one) = (graph.constant(3, shape: [2]), graph.constant(1, shape: [2]))
    #expect(graph.combination([(2, three), (-1, one)]) == graph.constant(5, shape: [2]))
    #expect(graph.scale(three, by: -1) == graph.constant(-3, shape: [2]))
    let (x, y) = (graph.input([4]), graph.input([4]))
    let difference = graph.subtract(x, y)
    let squares = graph.total(graph.multiply(difference, difference))
    let gradient = try graph.gradient(of: graph.scale(squares, by: 0.25), to: [x])[0]
    #expect(gradient == graph.combination([(0.5, x), (-0.5, y)]))
  }

  @Test func exponentialsDoNotOverflow() {
    var graph = Graph()
    let x = graph.input([2, 3])
    let outputs = [graph.logSumExp(x), graph.softmax(x)]
    let arena = Arena<Float>(Program(graph, inlets: [.init(x)], outputs: outputs))
    for (i, number) in ([1000, 1001, 999, -1000, -1000, -1000] as [Float]).enumerated() { arena.input(0)[i] = number }
    arena.run()
    #expect(abs(arena.output(0)[0] - 1001.4076) < 1e-3 && abs(arena.output(0)[1] + 998.9014) < 1e-3)
    #expect(abs(arena.output(1)[3] - 1.0 / 3) < 1e-7)
  }

  /// Memory that is used again gives the same bits as memory of its own for every value.
  @Test(arguments: [ActivationFunction.tanh, .gelu, .relu]) func reuseOfMemoryChangesNothing(
    function: ActivationFunction
  )
    throws
  {
    let network = try SmallNetwork(
      Activation(function), loss: .crossEntropy, widths: [17, 9, 12], outputs: 3, samples: 7)
    var graph = network.graph
    let parameters = network.parameters
    let gradient = try graph.gradient(of: network.loss, to: parameters).map { $0! }
    let tangents = parameters.map { graph.input(graph.shape($0)) }
    let products = try graph.pushforward(zip(parameters, tangents).map { ($0, $1) }, to: gradient).map { $0! }
    let inlets = (parameters + [network.lowered.input, network.targets] + tangents).map { Program.Inlet($0) }
    let outputs = [network.loss] + gradient + products
    let lean = Program(graph, inlets: inlets, outputs: outputs)
    let wasteful = Program(graph, inlets: inlets, outputs: outputs, keeping: graph.needed(for: outputs))
    #expect(lean.size < wasteful.size)
    func run<Scalar: TensorScalar>(_ arena: Arena<Scalar>) -> [[Scalar]] {
      var random = SplitMix(seed: 21)
      for i in 0..<arena.program.inputs.count {
        for j in arena.input(i).indices { arena.input(i)[j] = Scalar(random.normal()) }
      }
      // Twice: a second run must not see what the first one left.
      arena.run()
      arena.run()
      return outputs.indices.map { Array(arena.output($0)) }
    }
    #expect(run(Arena<Float>(lean)) == run(Arena<Float>(wasteful)))
    #expect(run(Arena<Double>(lean)) == run(Arena<Double>(wasteful)))
  }

  /// The later stage alone, for new directions at the same point, gives what a whole run gives, but for rounding: operands that stay
  /// may be packed, and what is packed may be fused otherwise.
  @Test func stages() throws {
    let network = try SmallNetwork(Activation(.tanh))
    var graph = network.graph
    let parameters = network.parameters
    let gradient = try graph.gradient(of: network.loss, to: parameters).map { $0! }
    let tangents = parameters.map { graph.input(graph.shape($0)) }
    let products = try graph.pushforward(zip(parameters, tangents).map { ($0, $1) }, to: gradient).map { $0! }
    let point = (parameters + [network.lowered.input, network.targets]).map { Program.Inlet($0) }
    let staged = Arena<Double>(
      Program(graph, inlets: point + tangents.map { .init($0, stage: 1) }, outputs: products))
    let whole = Arena<Double>(Program(graph, inlets: point + tangents.map { .init($0) }, outputs: products))
    for (i, numbers) in network.everything.enumerated() {
      for (j, number) in numbers.enumerated() { (staged.input(i)[j], whole.input(i)[j]) = (number, number) }
    }
    staged.run(stage: 0)
    for seed in 0..<3 {
      var random = SplitMix(seed: UInt64(seed))
      for i in tangents.indices {
        for j in staged.input(point.count + i).indices {
          let number = random.normal()
          (staged.input(point.count + i)[j], whole.input(point.count + i)[j]) = (number, number)
        }
      }
      staged.run(stage: 1)
      whole.run()
      // A dozen products one behind the other, of sums of at most 5 terms, 60u of the terms' sizes; these cancel to no less than a
      // tenth in the largest of the results.
      let size = products.indices.flatMap { whole.output($0).map(abs) }.max() ?? 0
      for i in products.indices {
        for (one, other) in zip(staged.output(i), whole.output(i)) { #expect(abs(one - other) <= 600 * 0x1p-53 * size) }
      }
    }
  }

  /// Large products are cut among threads, small ones are not: the same bits for any number of threads.
  @Test func threadsChangeNothing() throws {
    let network = try SmallNetwork(Activation(.gelu), widths: [300, 260], inputs: 200, outputs: 10, samples: 150)
    var graph = network.graph
    let gradient = try graph.gradient(of: network.loss, to: network.parameters).map { $0! }
    let inlets = (network.parameters + [network.lowered.input, network.targets]).map { Program.Inlet($0) }
    let arena = Arena<Float>(Program(graph, inlets: inlets, outputs: gradient, isParallel: true))
    for (i, numbers) in network.everything.enumerated() {
      for (j, number) in numbers.enumerated() { arena.input(i)[j] = Float(number) }
    }
    defer { Parallel.setThreads(0) }
    var results: [[[Float]]] = []
    for threads in [1, 2, 5] {
      Parallel.setThreads(threads)
      arena.run()
      results.append(gradient.indices.map { Array(arena.output($0)) })
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  /// Parameters, activations and one gradient are what training needs; the arena stays within 1.3 times their sum.
  @Test(arguments: [(4, 64, 128), (4, 512, 128), (10, 32, 256)]) func memory(depth: Int, width: Int, samples: Int)
    throws
  {
    let network = MultilayerPerceptron(depth: depth, width: width, activation: Activation(.gelu), outputs: 10)
    let lowered = try LoweredNetwork(network.layers, inputShape: [64], samples: samples)
    var graph = lowered.graph
    let targets = graph.input([samples, 10])
    let loss = graph.loss(.crossEntropy, of: lowered.output, targets: targets)
    let parameters = lowered.parameters
    let gradient = try graph.gradient(of: loss, to: parameters).map { $0! }
    let program = Program(
      graph, inlets: (parameters + [lowered.input, targets]).map { .init($0) }, outputs: gradient)
    let weights = parameters.map { graph.shape($0).reduce(1, *) }.reduce(0, +)
    // Preactivations and activations of every hidden layer, inputs, targets and outputs.
    let activations = samples * (2 * depth * width + 64 + 2 * 10)
    #expect(Double(program.size) <= 1.3 * Double(2 * weights + activations))
  }
}
