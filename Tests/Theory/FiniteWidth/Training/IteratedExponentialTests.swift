import Foundation
import OrreryTestSupport
import OrreryTheory
import Testing

/// Divided differences of the exponential, against 200 digits and against what they solve.
@Suite struct IteratedExponentialTests {
  private func integral(_ nodes: [Double]) -> IteratedExponential {
    var result = IteratedExponential()
    for node in nodes { result.insert(node) }
    return result
  }

  /// Nodes apart, equal, nearly equal, 0, and over many scales.
  static let cases: [([Double], Double, Double)] = [
    ([0.5, 2], 1.5, 0.28171965624876718), ([1, 1, 1], 3, 0.22404180765538774),
    ([0, 1e-9, 2e-9, 1], 7, 18.49908800203171), ([3, 3.0000001, 6, 9, 0], 0.4, 0.00022428015519744948),
    ([0, 0, 40, 40, 80], 2.5, 1.904296875e-5), ([1e-6, 1e-6, 2e-6, 3e-6, 0], 1e5, 3.6254583441408035e18),
    ([0.1, 5, 5.1, 5.2, 10, 300], 20, 3.6480695992864307e-7),
  ]

  @Test(arguments: cases.indices) func value(_ index: Int) {
    let (nodes, time, expected) = Self.cases[index]
    #expect(relativeError(integral(nodes).value(at: time), expected) < 1e-13)
    #expect(relativeError(integral(nodes.reversed()).value(at: time), expected) < 1e-13)
  }

  /// dE[x_0 … x_k]/dt = E[x_0 … x_(k−1)] − x_k E[x_0 … x_k], across the switch between series and differences.
  @Test func derivative() {
    var random = SplitMix(seed: 3)
    for _ in 0..<200 {
      let base = exp(3 * random.normal())
      let nodes = (0..<4).map { _ in base * (1 + 0.5 * random.uniform()) }
      let time = (1 + 12 * random.uniform()) / base
      let (short, whole) = (integral(Array(nodes.dropLast())), integral(nodes))
      let h = 1e-4 * time
      let slope =
        (8 * (whole.value(at: time + h) - whole.value(at: time - h)) - whole.value(at: time + 2 * h)
          + whole.value(at: time - 2 * h)) / (12 * h)
      let expected = short.value(at: time) - nodes[3] * whole.value(at: time)
      #expect(abs(slope - expected) < 1e-9 * (short.value(at: time) + nodes[3] * whole.value(at: time)))
    }
  }

  @Test func limits() {
    #expect(integral([1, 2]).limit == 0)
    #expect(integral([0, 2, 4]).limit == 0.125)
    #expect(integral([0, 0, 4]).limit == .infinity)
    #expect(integral([0, 1, 1e-3]).value(at: 1e6) == integral([0, 1, 1e-3]).limit)
    #expect(integral([2]).value(at: 0) == 1)
    #expect(integral([2, 3]).value(at: 0) == 0)
  }
}
