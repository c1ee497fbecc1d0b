import OrreryExperiment
import OrreryTensors
import OrreryTestSupport
import Testing

/// Matrix products of programs by every way that their extents choose, beside plain sums.
@Suite struct ProductKernelTests {
  /// In place; with far rows on the right, and on the left; shared by threads in panels, in several panels each, and in rows.
  static let shapes = [
    ProductShape(rows: 5, inner: 7, columns: 3), ProductShape(rows: 50, inner: 30, columns: 40),
    ProductShape(rows: 70, inner: 30, columns: 300), ProductShape(rows: 601, inner: 33, columns: 61),
    ProductShape(rows: 300, inner: 90, columns: 260), ProductShape(rows: 200, inner: 160, columns: 320),
    ProductShape(rows: 9, inner: 700, columns: 800), ProductShape(rows: 130, inner: 700, columns: 760),
    ProductShape(rows: 26, inner: 40, columns: 1100), ProductShape(rows: 1500, inner: 60, columns: 20),
  ]

  /// The products op(A) op(B), x Wᵀ + b, and op(A) op(B) where B belongs to an earlier stage.
  private static func products<Scalar: TensorScalar>(
    _ e: ProductShape, _ left: Bool, _ right: Bool, a: [Double], b: [Double], row: [Double], isParallel: Bool,
    _ arena: (Program) -> Arena<Scalar>
  ) -> [[Scalar]] {
    var graph = Graph()
    let x = graph.input(left ? [e.inner, e.rows] : [e.rows, e.inner])
    let w = graph.input(right ? [e.columns, e.inner] : [e.inner, e.columns])
    let bias = graph.input([e.columns])
    var results = [graph.matrixProduct(x, w, transposingLeft: left, transposingRight: right)]
    if !left, right { results.append(graph.affine(x, weight: w, bias: bias)) }
    return [0, 1].flatMap { stage in
      let program = Program(
        graph, inlets: [.init(x, stage: stage), .init(w), .init(bias)], outputs: results, isParallel: isParallel)
      let arena = arena(program)
      for (input, numbers) in [a, b, row].enumerated() {
        for (place, number) in numbers.enumerated() { arena.input(input)[place] = Scalar(number) }
      }
      for stage in 0...stage { arena.run(stage: stage) }
      return results.indices.map { Array(arena.output($0)) }
    }
  }

  private static func check<Scalar: TensorScalar>(
    _ e: ProductShape, _ left: Bool, _ right: Bool, _ arena: (Program) -> Arena<Scalar>
  ) {
    var random = SplitMix(seed: UInt64(e.rows + e.inner + e.columns))
    func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in Double(Scalar(random.normal())) } }
    let (a, b, row) = (numbers(e.rows * e.inner), numbers(e.inner * e.columns), numbers(e.columns))
    let alone = products(e, left, right, a: a, b: b, row: row, isParallel: false, arena)
    let shared = products(e, left, right, a: a, b: b, row: row, isParallel: true, arena)
    #expect(alone == shared, "Threads change bits.")
    let hasBias = !left && right
    for i in 0..<e.rows {
      for j in 0..<e.columns {
        var (sum, size) = (0.0, 0.0)
        for p in 0..<e.inner {
          let term = a[left ? p * e.rows + i : i * e.inner + p] * b[right ? j * e.inner + p : p * e.columns + j]
          (sum, size) = (sum + term, size + abs(term))
        }
        for (number, result) in alone.enumerated() {
          let start = hasBias && number % 2 == 1 ? row[j] : 0
          // One rounding for each term, and the reference's own.
          let bound = (Double(Scalar.unitRoundoff) + 1e-16) * Double(e.inner + 2) * (size + abs(start))
          guard abs(Double(result[i * e.columns + j]) - sum - start) <= bound else {
            Issue.record("Element (\(i), \(j)) of result \(number): \(result[i * e.columns + j]), not \(sum + start).")
            return
          }
        }
      }
    }
  }

  /// A right operand that is computed in an earlier stage, and that nothing but packed products reads.
  @Test func operandsOfTheirOwn() {
    var graph = Graph()
    let (x, w) = (graph.input([20, 7]), graph.input([7, 18]))
    let doubled = graph.scale(w, by: 2)
    let product = graph.matrixProduct(x, doubled)
    let arena = Arena<Double>(Program(graph, inlets: [.init(x, stage: 1), .init(w)], outputs: [product]))
    for i in 0..<20 * 7 { arena.input(0)[i] = Double(i % 11) }
    for i in 0..<7 * 18 { arena.input(1)[i] = Double(i % 5) }
    arena.run(stage: 0)
    for _ in 0..<2 { arena.run(stage: 1) }
    for i in 0..<20 {
      for j in 0..<18 {
        let sum = (0..<7).reduce(0.0) { $0 + Double((i * 7 + $1) % 11) * 2 * Double(($1 * 18 + j) % 5) }
        #expect(arena.output(0)[i * 18 + j] == sum)
      }
    }
  }

  @Test(arguments: shapes, [(false, false), (true, false), (false, true), (true, true)])
  func everyWayGivesThePlainSums(shape: ProductShape, transposed: (left: Bool, right: Bool)) {
    Self.check(shape, transposed.left, transposed.right) { Arena<Float>($0) }
    Self.check(shape, transposed.left, transposed.right) { Arena<Double>($0) }
  }
}
