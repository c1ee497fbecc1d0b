import OrreryExperiment
import OrreryNetworks
import OrreryTestSupport

/// A number that depends on several arrays, with its derivatives, in Double.
struct NumberOfArrays {
  var graph: Graph
  var arrays: [Value]
  var value: Value
  /// Inputs that nothing is differentiated by, and their numbers.
  var fixed: [Value] = []
  var fixedNumbers: [[Double]] = []

  func at(_ point: [[Double]], _ wanted: [Value], extra: [(Value, [Double])] = []) -> [[Double]] {
    let inlets = (arrays + fixed + extra.map(\.0)).map { Program.Inlet($0) }
    let arena = Arena<Double>(Program(graph, inlets: inlets, outputs: wanted))
    for (index, numbers) in (point + fixedNumbers + extra.map(\.1)).enumerated() {
      for (i, number) in numbers.enumerated() { arena.input(index)[i] = number }
    }
    arena.run()
    return wanted.indices.map { Array(arena.output($0)) }
  }

  /// The largest error of the gradient against central differences, relative to its size.
  mutating func gradientError(at point: [[Double]], step: Double = 1e-5) throws -> Double {
    let found = try graph.gradient(of: value, to: arrays)
    var error = 0.0
    var size = 0.0
    for (index, gradient) in found.enumerated() {
      let exact = gradient.map { at(point, [$0])[0] } ?? point[index].map { _ in 0 }
      for i in point[index].indices {
        var (above, below) = (point, point)
        above[index][i] += step
        below[index][i] -= step
        let difference = (at(above, [value])[0][0] - at(below, [value])[0][0]) / (2 * step)
        error = max(error, abs(difference - exact[i]))
        size = max(size, abs(exact[i]))
      }
    }
    return error / max(size, 1e-3)
  }
}

extension NumberOfArrays {
  /// A sum of squares, each with a weight of its own, of a result: every element counts differently.
  init(_ shapes: [[Int]], fixed: [[Int]] = [], _ build: (inout Graph, [Value]) -> Value) {
    var graph = Graph()
    let given = (shapes + fixed).map { graph.input($0) }
    let result = build(&graph, given)
    let weights = graph.input(graph.shape(result))
    value = graph.total(graph.multiply(weights, graph.multiply(result, result)))
    arrays = given.prefix(shapes.count) + [weights]
    self.graph = graph
    self.fixed = Array(given.suffix(fixed.count))
  }

  /// A random point, the weights included.
  func randomPoint(seed: UInt64 = 9) -> [[Double]] {
    var random = SplitMix(seed: seed)
    return arrays.map { random.array(graph.shape($0)) }
  }

  /// The largest error of a Hessian-vector product against central differences of the gradient, relative to its size.
  mutating func hessianError(at point: [[Double]], step: Double = 1e-5) throws -> Double {
    var random = SplitMix(seed: 17)
    let directions = arrays.map { random.array(graph.shape($0)) }
    let gradient = try graph.gradient(of: value, to: arrays).map { $0! }
    let tangents = arrays.map { graph.input(graph.shape($0)) }
    let products = try graph.pushforward(zip(arrays, tangents).map { ($0, $1) }, to: gradient).map { $0! }
    func gradientAt(_ sign: Double) -> [[Double]] {
      at(zip(point, directions).map { zip($0, $1).map { $0 + sign * step * $1 } }, gradient)
    }
    let (above, below) = (gradientAt(1), gradientAt(-1))
    let exact = at(point, products, extra: Array(zip(tangents, directions)))
    var (error, size) = (0.0, 0.0)
    for tensor in exact.indices {
      for i in exact[tensor].indices {
        error = max(error, abs((above[tensor][i] - below[tensor][i]) / (2 * step) - exact[tensor][i]))
        size = max(size, abs(exact[tensor][i]))
      }
    }
    return error / max(size, 1e-3)
  }
}

extension SplitMix {
  mutating func array(_ shape: [Int]) -> [Double] { normals(shape.reduce(1, *)) }
}

/// A small network, its loss and a point at which to look.
struct SmallNetwork {
  var lowered: LoweredNetwork
  var graph: Graph
  var targets: Value
  var loss: Value
  var point: [[Double]]
  var data: [[Double]]

  var parameters: [Value] { lowered.parameters }

  init(
    _ activation: Activation, loss: Loss = .meanSquaredError(reduction: .mean, half: true), widths: [Int] = [5, 4],
    inputs: Int = 3, outputs: Int = 2, samples: Int = 4
  ) throws {
    let network = MultilayerPerceptron(widths: widths, activation: activation, outputs: outputs)
    lowered = try LoweredNetwork(network.layers, inputShape: [inputs], samples: samples)
    graph = lowered.graph
    targets = graph.input([samples, outputs])
    self.loss = graph.loss(loss, of: lowered.output, targets: targets)
    var random = SplitMix(seed: 11)
    let graph = graph
    point = lowered.parameters.map { random.array(graph.shape($0)) }
    var labels = [Double](repeating: 0, count: samples * outputs)
    for sample in 0..<samples { labels[sample * outputs + sample % outputs] = 1 }
    data = [random.array([samples, inputs]), labels]
  }

  var number: NumberOfArrays {
    NumberOfArrays(graph: graph, arrays: parameters + [lowered.input, targets], value: loss)
  }
  var everything: [[Double]] { point + data }
}
