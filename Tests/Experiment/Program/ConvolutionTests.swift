import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Convolutions and their two gradients, against nested loops, finite differences and each other.
@Suite struct ConvolutionTests {
  static let small: [PlainImages.Case] = [
    .init(), .init(padding: .valid), .init(padding: .circular), .init(window: [1, 1]),
    .init(channels: 1, units: 1, window: [2, 2]), .init(window: [2, 4], padding: .circular),
    .init(image: [7, 7], strides: [2, 2]), .init(image: [8, 7], strides: [2, 3], padding: .valid),
    .init(image: [7, 8], window: [2, 1], strides: [3, 2]), .init(image: [7, 5], strides: [2, 2], padding: .circular),
    .init(image: [1, 4], window: [3, 5]), .init(image: [2, 2], window: [5, 5], padding: .circular),
    .init(image: [4, 4], window: [4, 4], padding: .valid),
    .init(samples: 1, image: [6, 1], channels: 2, window: [3, 1]),
  ]
  /// Large enough for full tiles, several panels, several passes over a panel, groups and threads.
  static let large: [PlainImages.Case] = [
    .init(samples: 19, image: [9, 7], channels: 19, units: 37),
    .init(samples: 3, image: [28, 28], channels: 1, units: 32),
    .init(samples: 18, image: [14, 14], channels: 8, units: 16, strides: [2, 2]),
    .init(samples: 5, image: [7, 7], channels: 40, units: 33, window: [5, 5], padding: .circular),
    .init(samples: 2, image: [8, 8], channels: 130, units: 24, padding: .valid),
  ]

  /// Output, and the gradients of Σ z̄ z by images, weights and bias.
  private static func run<Scalar: TensorScalar>(
    _ this: PlainImages.Case, _ numbers: [[Double]], isParallel: Bool, _ arena: (Program) -> Arena<Scalar>
  ) throws -> [[Double]] {
    var graph = Graph()
    let (x, w, b) = (graph.input(this.imageShape), graph.input(this.weightShape), graph.input([this.units]))
    let z = try graph.convolution(
      x, weight: w, bias: b, strides: (this.strides[0], this.strides[1]), padding: this.padding)
    let cotangent = graph.input(graph.shape(z))
    let gradients = try graph.pullback([(z, cotangent)], to: [x, w, b]).map { $0! }
    let arena = arena(
      Program(
        graph, inlets: [x, w, b, cotangent].map { .init($0) }, outputs: [z] + gradients, isParallel: isParallel))
    for (index, array) in numbers.enumerated() {
      for (i, number) in array.enumerated() { arena.input(index)[i] = Scalar(number) }
    }
    // Twice: scratch of the first run must not matter.
    arena.run()
    arena.run()
    return (0..<4).map { arena.output($0).map { Double($0) } }
  }

  /// The same by nested loops, and for each number the sum of its terms' sizes, by which rounding is judged.
  private static func plain(_ this: PlainImages.Case, _ numbers: [[Double]]) -> (values: [[Double]], sizes: [[Double]])
  {
    let (x, w, b, cotangent) = (numbers[0], numbers[1], numbers[2], numbers[3])
    var values = [cotangent, x, w, b].map { [Double](repeating: 0, count: $0.count) }
    var sizes = values
    func add(_ index: Int, _ place: Int, _ term: Double) {
      values[index][place] += term
      sizes[index][place] += abs(term)
    }
    for place in cotangent.indices {
      add(0, place, b[place % this.units])
      add(3, place % this.units, cotangent[place])
    }
    _ = PlainImages.products(this) { image, weight, output in
      add(0, output, x[image] * w[weight])
      add(1, image, cotangent[output] * w[weight])
      add(2, weight, cotangent[output] * x[image])
    }
    return (values, sizes)
  }

  private static func numbers(_ this: PlainImages.Case) -> [[Double]] {
    var random = SplitMix(seed: 5)
    let outputs = PlainImages.products(this) { _, _, _ in }
    // Single precision has them without rounding.
    return [this.imageShape, this.weightShape, [this.units], outputs].map {
      random.array($0).map { Double(Float($0)) }
    }
  }

  @Test(arguments: small + large) func nestedLoops(this: PlainImages.Case) throws {
    let numbers = Self.numbers(this)
    let (values, sizes) = Self.plain(this, numbers)
    for isParallel in [false, true] {
      let double: [[Double]] = try Self.run(this, numbers, isParallel: isParallel) { Arena<Double>($0) }
      let single: [[Double]] = try Self.run(this, numbers, isParallel: isParallel) { Arena<Float>($0) }
      for index in values.indices {
        #expect(values[index].count == double[index].count)
        for i in values[index].indices {
          // Roundings of a sum of n terms grow as √n; twice that of single precision's 6e-8 at n = 1000.
          #expect(abs(values[index][i] - double[index][i]) <= 1e-13 * sizes[index][i], "\(index) \(i)")
          #expect(abs(values[index][i] - single[index][i]) <= 4e-6 * sizes[index][i], "\(index) \(i)")
        }
      }
    }
  }

  /// Gradients, and the products of a Hessian that mixes images, weights and the two gradients' own derivatives.
  @Test(arguments: small) func derivatives(this: PlainImages.Case) throws {
    var graph = Graph()
    let arrays = [this.imageShape, this.weightShape, [this.units]].map { graph.input($0) }
    let z = try graph.convolution(
      arrays[0], weight: arrays[1], bias: arrays[2], strides: (this.strides[0], this.strides[1]),
      padding: this.padding)
    let weights = graph.input(graph.shape(z))
    let value = graph.total(graph.multiply(weights, graph.activation(Activation(.sin), of: z)))
    var number = NumberOfArrays(graph: graph, arrays: arrays + [weights], value: value)
    var random = SplitMix(seed: 8)
    let point = number.arrays.map { random.array(graph.shape($0)).map { 0.3 * $0 } }
    #expect(try number.gradientError(at: point) < 1e-7)

    let parameters = number.arrays
    let directions = parameters.map { random.array(graph.shape($0)) }
    let tangents = parameters.map { number.graph.input(number.graph.shape($0)) }
    let sources = zip(parameters, tangents).map { ($0, $1) }
    let gradient = try number.graph.gradient(of: value, to: parameters).map { $0! }
    let second = try number.graph.pushforward(sources, to: gradient).map { $0! }
    let third = try number.graph.pushforward(sources, to: second).map { $0! }
    let extra = Array(zip(tangents, directions))
    let step = 1e-5
    func at(_ sign: Double, _ wanted: [Value]) -> [Double] {
      let moved = zip(point, directions).map { zip($0, $1).map { $0 + sign * step * $1 } }
      return number.at(moved, wanted, extra: extra).flatMap { $0 }
    }
    for (lower, higher) in [(gradient, second), (second, third)] {
      let exact = number.at(point, higher, extra: extra).flatMap { $0 }
      let size = exact.map { abs($0) }.max()!
      for (i, (above, below)) in zip(at(1, lower), at(-1, lower)).enumerated() {
        #expect(abs((above - below) / (2 * step) - exact[i]) < 1e-7 * size)
      }
    }
  }

  /// The same bits for any number of threads, and without them.
  @Test(arguments: large) func threadsChangeNothing(this: PlainImages.Case) throws {
    let numbers = Self.numbers(this)
    defer { Parallel.setThreads(0) }
    let alone: [[Double]] = try Self.run(this, numbers, isParallel: false) { Arena<Float>($0) }
    for threads in [1, 2, 5] {
      Parallel.setThreads(threads)
      #expect(try Self.run(this, numbers, isParallel: true) { Arena<Float>($0) } == alone)
    }
  }

  @Test func aWindowThatFitsNowhereIsRefused() {
    var graph = Graph()
    let (x, w) = (graph.input([1, 3, 8, 1]), graph.input([1, 4, 4, 1]))
    #expect(throws: ExperimentError.windowDoesNotFit(height: 3, width: 8, window: [4, 4])) {
      try graph.convolution(x, weight: w, padding: .valid)
    }
    #expect(throws: ExperimentError.self) { try graph.maxPool(x, window: (0, 1), strides: (1, 1)) }
    #expect(throws: ExperimentError.self) { try graph.averagePool(x, window: (2, 2), strides: (1, 0)) }
  }
}
