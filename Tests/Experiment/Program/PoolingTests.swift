import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Pooling against nested loops and finite differences.
@Suite struct PoolingTests {
  static let cases: [PlainImages.Case] = [
    .init(window: [2, 2], strides: [2, 2], padding: .valid), .init(window: [2, 2], strides: [2, 2]),
    .init(channels: 9, window: [3, 3], strides: [2, 2]), .init(channels: 16, window: [2, 3], padding: .valid),
    .init(window: [1, 1], strides: [3, 2], padding: .valid), .init(window: [5, 6], strides: [1, 1], padding: .valid),
    .init(image: [4, 4], window: [3, 3], strides: [2, 2], padding: .circular), .init(image: [1, 3], window: [2, 2]),
    .init(samples: 40, image: [12, 12], channels: 11, window: [2, 2], strides: [2, 2], padding: .valid),
    .init(samples: 20, image: [12, 13], channels: 16, window: [3, 3], strides: [2, 2]),
  ]

  enum Kind: CaseIterable { case average, max }

  private static func pool(_ graph: inout Graph, _ x: Value, _ this: PlainImages.Case, _ kind: Kind) throws -> Value {
    let (window, strides) = ((this.window[0], this.window[1]), (this.strides[0], this.strides[1]))
    switch kind {
    case .average: return try graph.averagePool(x, window: window, strides: strides, padding: this.padding)
    case .max: return try graph.maxPool(x, window: window, strides: strides, padding: this.padding)
    }
  }

  /// Output, gradient by the images, and the forward derivative.
  private static func run<Scalar: TensorScalar>(
    _ this: PlainImages.Case, _ kind: Kind, _ numbers: [[Double]], isParallel: Bool, _ arena: (Program) -> Arena<Scalar>
  ) throws -> [[Double]] {
    var graph = Graph()
    let (x, tangent) = (graph.input(this.imageShape), graph.input(this.imageShape))
    let z = try pool(&graph, x, this, kind)
    let cotangent = graph.input(graph.shape(z))
    let pulled = try graph.pullback([(z, cotangent)], to: [x])[0]!
    let pushed = try graph.pushforward([(x, tangent)], to: [z])[0]!
    let arena = arena(
      Program(
        graph, inlets: [x, tangent, cotangent].map { .init($0) }, outputs: [z, pulled, pushed], isParallel: isParallel))
    for (index, array) in numbers.enumerated() {
      for (i, number) in array.enumerated() { arena.input(index)[i] = Scalar(number) }
    }
    arena.run()
    arena.run()
    return (0..<3).map { arena.output($0).map { Double($0) } }
  }

  private static func plain(_ this: PlainImages.Case, _ kind: Kind, _ numbers: [[Double]]) -> [[Double]] {
    let (x, tangent, cotangent) = (numbers[0], numbers[1], numbers[2])
    let windows = PlainImages.windows(this).places
    var (z, pulled, pushed) = ([Double](), x.map { _ in 0.0 }, [Double]())
    for (output, places) in windows.enumerated() {
      let first = places.first { place in places.allSatisfy { x[$0] <= x[place] } }!
      let weights: [(Int, Double)] =
        kind == .max ? [(first, 1)] : places.map { ($0, 1 / Double(places.count)) }
      z.append(weights.reduce(0) { $0 + $1.1 * x[$1.0] })
      pushed.append(weights.reduce(0) { $0 + $1.1 * tangent[$1.0] })
      for (place, weight) in weights { pulled[place] += weight * cotangent[output] }
    }
    return [z, pulled, pushed]
  }

  @Test(arguments: cases, Kind.allCases) func nestedLoops(this: PlainImages.Case, kind: Kind) throws {
    var random = SplitMix(seed: 6)
    let outputs = PlainImages.windows(this).shape
    // Rounded to halves: windows with equal maxima are many.
    let numbers = [this.imageShape, this.imageShape, outputs].map {
      random.array($0).map { (2 * $0).rounded() / 2 }
    }
    let values = Self.plain(this, kind, numbers)
    for isParallel in [false, true] {
      let double: [[Double]] = try Self.run(this, kind, numbers, isParallel: isParallel) { Arena<Double>($0) }
      let single: [[Double]] = try Self.run(this, kind, numbers, isParallel: isParallel) { Arena<Float>($0) }
      for index in values.indices {
        for i in values[index].indices {
          #expect(abs(values[index][i] - double[index][i]) < 1e-14 * 30, "\(index) \(i)")
          #expect(abs(values[index][i] - single[index][i]) < 6e-8 * 30, "\(index) \(i)")
        }
      }
    }
  }

  @Test(arguments: cases.prefix(8), Kind.allCases) func derivatives(this: PlainImages.Case, kind: Kind) throws {
    var graph = Graph()
    let x = graph.input(this.imageShape)
    let z = try Self.pool(&graph, x, this, kind)
    let weights = graph.input(graph.shape(z))
    let value = graph.total(graph.multiply(weights, graph.activation(Activation(.sin), of: z)))
    var number = NumberOfArrays(graph: graph, arrays: [x, weights], value: value)
    var random = SplitMix(seed: 8)
    let point = number.arrays.map { random.array(graph.shape($0)) }
    #expect(try number.gradientError(at: point) < 1e-7)
    // Second derivatives: forward over reverse against differences of the gradient.
    let direction = random.array(this.imageShape)
    let tangent = number.graph.input(this.imageShape)
    let gradient = try number.graph.gradient(of: value, to: [x])[0]!
    let product = try number.graph.pushforward([(x, tangent)], to: [gradient])[0]!
    func at(_ step: Double, _ wanted: Value) -> [Double] {
      number.at(
        [zip(point[0], direction).map { $0 + step * $1 }, point[1]], [wanted], extra: [(tangent, direction)])[0]
    }
    let exact = at(0, product)
    for (i, (above, below)) in zip(at(1e-5, gradient), at(-1e-5, gradient)).enumerated() {
      #expect(abs((above - below) / 2e-5 - exact[i]) < 1e-7 * max(1, abs(exact[i])))
    }
  }

  @Test func aMaximumOfNaNIsNaN() throws {
    var graph = Graph()
    let x = graph.input([1, 1, 4, 1])
    let z = try graph.maxPool(x, window: (1, 2), strides: (1, 2))
    let arena = Arena<Double>(Program(graph, inlets: [.init(x)], outputs: [z]))
    for (i, number) in [1, .nan, 3, 2].enumerated() { arena.input(0)[i] = number }
    arena.run()
    #expect(arena.output(0)[0].isNaN && arena.output(0)[1] == 3)
  }

  @Test func globalAverage() throws {
    var graph = Graph()
    let x = graph.input([2, 2, 3, 2])
    let z = graph.globalAveragePool(x)
    let arena = Arena<Double>(Program(graph, inlets: [.init(x)], outputs: [z]))
    for i in 0..<24 { arena.input(0)[i] = Double(i) }
    arena.run()
    // Six terms, each a product or their sum a quotient: 7u at most.
    #expect(elementwiseRelativeError(Array(arena.output(0)), [5, 6, 17, 18]) <= 7 * 0x1p-53)
  }
}
