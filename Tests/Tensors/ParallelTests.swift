import OrreryTensors
import Synchronization
import Testing

/// The number of threads is one setting of the process, so these tests take turns.
@Suite(.serialized) struct ParallelTests {
  @Test(arguments: [0, 1, 2, 5, 1000])
  func everyIndexIsVisitedOnce(_ count: Int) {
    for threads in [1, 2, 4] {
      Parallel.setThreads(threads)
      let sum = Atomic<Int>(0)
      let calls = Atomic<Int>(0)
      Parallel.forEach(count) {
        sum.wrappingAdd($0, ordering: .relaxed)
        calls.wrappingAdd(1, ordering: .relaxed)
      }
      #expect(calls.load(ordering: .relaxed) == count)
      #expect(sum.load(ordering: .relaxed) == count * (count - 1) / 2)
    }
    Parallel.setThreads(0)
  }

  @Test func mapKeepsTheOrder() {
    Parallel.setThreads(3)
    #expect(Parallel.map(500) { "\($0)" } == (0..<500).map { "\($0)" })
    Parallel.setThreads(0)
    #expect(Parallel.threads >= 1)
  }

  /// Draws by chunk, a large product and a sum over chunks have the same bits on one thread as on four.
  @Test func resultsDoNotDependOnThreads() {
    func compute() -> (draws: [[Double]], product: Matrix<Double>, sum: Double) {
      let draws = Parallel.map(16) { RandomStream(seed: 3, purpose: .test, member: $0).normals(count: 1000) }
      let a = randomMatrix(300, 200)
      return (draws, a.product(a, transposingRight: true), draws.map { $0.reduce(0, +) }.reduce(0, +))
    }
    Parallel.setThreads(1)
    let one = compute()
    Parallel.setThreads(4)
    let four = compute()
    Parallel.setThreads(0)
    #expect(one.draws == four.draws && one.product == four.product && one.sum == four.sum)
  }

  @Test func threadCountsAreNotNegative() {
    Parallel.setThreads(-3)
    #expect(Parallel.threads >= 1)
    Parallel.setThreads(0)
  }
}
