import OrreryExperiment
import OrreryNetworks
import OrreryTestSupport

/// A number that depends on several arrays, with its derivatives, in Double.
struct NumberOfArrays {
  var graph: Graph
  var arrays: [Value]
  var value: Value

  func at(_ point: [[Double]], _ wanted: [Value], extra: [(Value, [Double])] = []) -> [[Double]] {
    let inlets = (arrays + extra.map(\.0)).map { Program.Inlet($0) }
    let arena = Arena<Double>(Program(graph, inlets: inlets, outputs: wanted))
    for (index, numbers) in (point + extra.map(\.1)).enumerated() {
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
