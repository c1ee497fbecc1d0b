import Foundation
import OrreryExperiment
import OrreryTensors
import OrreryTestSupport
import Testing

/// Primitives along rows and of the order of axes: against plain loops, and their first and second derivatives.
@Suite struct RowPrimitiveTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let shapes: [[Int]]
    var numbers: [(shape: [Int], values: [Double])] = []
    let build: @Sendable (inout Graph, [Value]) -> Value
    var testDescription: String { name }

    var number: NumberOfArrays {
      var number = NumberOfArrays(shapes, fixed: numbers.map(\.shape), build)
      number.fixedNumbers = numbers.map(\.values)
      return number
    }
  }

  static let cases: [Case] = [
    Case(name: "softmax", shapes: [[2, 3, 5]]) { $0.softmax($1[0], scale: 0.7) },
    Case(name: "causal softmax", shapes: [[2, 4, 4]]) { $0.softmax($1[0], scale: 1.3, isCausal: true) },
    Case(name: "log-sum-exp", shapes: [[2, 3, 5]]) { $0.logSumExp($1[0]) },
    Case(name: "layer normalization", shapes: [[2, 3, 5]]) { $0.normalizedRows($1[0], centres: true, epsilon: 0.1) },
    Case(name: "root-mean-square normalization", shapes: [[3, 5]]) {
      $0.normalizedRows($1[0], centres: false, epsilon: 1e-5)
    },
    Case(name: "row products", shapes: [[2, 3, 4], [2, 3, 4]]) { $0.rowDot($1[0], $1[1]) },
    Case(name: "scaled rows", shapes: [[2, 3, 4], [2, 3]]) { $0.scaleRows($1[0], by: $1[1]) },
    Case(name: "scaled columns", shapes: [[2, 3, 4], [4]]) { $0.scaleColumns($1[0], by: $1[1]) },
    Case(name: "scaled and shifted columns", shapes: [[2, 3, 4], [4], [4]]) {
      $0.scaleColumns($1[0], by: $1[1], shift: $1[2])
    },
    Case(name: "column products", shapes: [[2, 3, 4], [2, 3, 4]]) { $0.columnDot($1[0], $1[1]) },
    Case(name: "column sum", shapes: [[2, 3, 4]]) { $0.columnSum($1[0]) },
    Case(name: "permuted axes", shapes: [[2, 3, 4, 2]]) { $0.permuted($1[0], order: [0, 2, 1, 3]) },
    Case(name: "rows by number", shapes: [[3, 4]], numbers: [([2, 3], [0, 2, 2, 1, 0, 2])]) {
      $0.rows(of: $1[0], at: $1[1])
    },
    Case(name: "columns by number", shapes: [[2, 3, 4]], numbers: [([2, 3], [0, 3, 2, 1, 0, 3])]) {
      $0.chosen($1[0], at: $1[1])
    },
    Case(name: "stack of products", shapes: [[9, 3, 4], [9, 5, 4]]) {
      $0.matrixProduct($1[0], $1[1], transposingRight: true)
    },
  ]

  @Test(arguments: cases) func derivatives(_ primitive: Case) throws {
    var number = primitive.number
    let point = number.randomPoint()
    #expect(try number.gradientError(at: point) < 1e-7)
    #expect(try number.hessianError(at: point) < 1e-7)
  }

  /// Runs a graph of given inputs, in either precision, on all threads or one.
  private static func run<Scalar: TensorScalar>(
    _ shapes: [[Int]], _ numbers: [[Double]], isParallel: Bool = false, arena: (Program) -> Arena<Scalar>,
    _ build: (inout Graph, [Value]) throws -> Value
  ) rethrows -> [Double] {
    var graph = Graph()
    let inputs = shapes.map { graph.input($0) }
    let output = try build(&graph, inputs)
    let arena = arena(
      Program(graph, inlets: inputs.map { .init($0) }, outputs: [output], isParallel: isParallel))
    for (index, values) in numbers.enumerated() {
      for (i, value) in values.enumerated() { arena.input(index)[i] = Scalar(value) }
    }
    arena.run()
    return arena.output(0).map { Double($0) }
  }

  @Test(arguments: [[0, 1, 2, 3], [0, 2, 1, 3], [3, 1, 0, 2], [2, 3, 0, 1], [1, 0, 3, 2], [0, 1, 3, 2]])
  func permutationsAreThoseOfIndices(order: [Int]) {
    for shape in [[3, 4, 5, 6], [1, 4, 1, 7], [2, 1, 33, 17]] {
      let count = shape.reduce(1, *)
      let values = (0..<count).map(Double.init)
      let found = Self.run([shape], [values], arena: Arena<Double>.init) { $0.permuted($1[0], order: order) }
      let extents = order.map { shape[$0] }
      for place in 0..<count {
        var (rest, index) = (place, [0, 0, 0, 0])
        for axis in (0..<4).reversed() {
          index[order[axis]] = rest % extents[axis]
          rest /= extents[axis]
        }
        let source = zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
        #expect(found[place] == Double(source))
      }
    }
  }

  @Test func twoPermutationsAreOne() {
    var graph = Graph()
    let x = graph.input([2, 3, 4])
    let there = graph.permuted(x, order: [2, 0, 1])
    #expect(graph.shape(there) == [4, 2, 3])
    #expect(graph.permuted(there, order: [1, 2, 0]) == x)
  }

  /// The future, whatever stands there, neither counts nor receives anything.
  @Test func aCausalSoftmaxSeesNoFuture() {
    let size = 5
    var random = SplitMix(seed: 3)
    var values = random.normals(size * size)
    let first = Self.run([[size, size]], [values], arena: Arena<Double>.init) { $0.softmax($1[0], isCausal: true) }
    for i in 0..<size {
      let row = (0...i).map { Foundation.exp(values[i * size + $0]) }
      for j in 0..<size {
        let exact = j <= i ? row[j] / row.reduce(0, +) : 0
        #expect(abs(first[i * size + j] - exact) < 1e-15)
        if j > i { values[i * size + j] = j % 2 == 0 ? .infinity : 1e30 }
      }
    }
    let second = Self.run([[size, size]], [values], arena: Arena<Double>.init) { $0.softmax($1[0], isCausal: true) }
    #expect(first == second)
  }

  /// A number outside of the table is loud, not another row's.
  @Test func numbersOutsideOfATableGiveNaN() {
    let found = Self.run([[2, 1], [4]], [[5, 7], [1, 0.5, -1, .nan]], arena: Arena<Float>.init) {
      $0.rows(of: $1[0], at: $1[1])
    }
    #expect(found[0] == 7 && found[1...].allSatisfy { $0.isNaN })
  }

  /// Sizes that threads share: the same bits for any number of them, and single precision's error beside double's.
  @Test func threadsChangeNothing() throws {
    let (batch, positions, heads, size) = (4, 64, 4, 16)
    let width = heads * size
    func build(_ graph: inout Graph, _ values: [Value]) throws -> Value {
      let x = graph.rows(of: values[0], at: values[1])
      let normal = graph.scaleColumns(
        graph.normalizedRows(x, centres: true, epsilon: 1e-5), by: values[2], shift: values[2])
      let split = graph.permuted(graph.reshape(normal, [batch, positions, heads, size]), order: [0, 2, 1, 3])
      let weights = graph.softmax(
        graph.matrixProduct(split, split, transposingRight: true), scale: 0.25, isCausal: true)
      let mixed = graph.permuted(graph.matrixProduct(weights, split), order: [0, 2, 1, 3])
      let output = graph.reshape(mixed, [batch, positions, width])
      let loss = graph.subtract(graph.logSumExp(output), graph.chosen(output, at: values[1]))
      return try graph.gradient(of: graph.total(graph.multiply(loss, loss)), to: [values[0]])[0]!
    }
    var random = SplitMix(seed: 5)
    let shapes = [[width, width], [batch, positions], [width]]
    let numbers = [
      random.array(shapes[0]), (0..<(batch * positions)).map { Double($0 * 7 % width) }, random.array(shapes[2]),
    ]
    defer { Parallel.setThreads(0) }
    var results: [[Double]] = []
    for threads in [1, 2, 5] {
      Parallel.setThreads(threads)
      results.append(try Self.run(shapes, numbers, isParallel: true, arena: Arena<Float>.init, build))
    }
    #expect(results[0] == results[1] && results[0] == results[2])
    let exact = try Self.run(shapes, numbers, arena: Arena<Double>.init, build)
    let size2 = exact.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let error = zip(exact, results[0]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    #expect(error < 1e-5 * size2)
  }
}
