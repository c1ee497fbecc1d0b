import Foundation
import OrreryAnalysis
import OrreryTestSupport
import Testing

@Suite struct GaussLegendreTests {
  /// (count, place from x = 1, node, 1 − node, weight) by mpmath.
  private static let references: [(Int, Int, Double, Double, Double)] = [
    (5, 0, 0.9061798459386639928, 0.093820154061336007202, 0.23692688505618908751),
    (20, 0, 0.99312859918509492479, 0.0068714008149050752139, 0.017614007139152118312),
    (20, 6, 0.510867001950827098, 0.489132998049172902, 0.1316886384491766269),
    (64, 1, 0.99634011677195527935, 0.0036598832280447206531, 0.0041470332605624676353),
    (64, 31, 0.024350292663424432509, 0.97564970733657556749, 0.048690957009139720383),
    (333, 0, 0.99997400180012946567, 0.000025998199870534325728, 0.000066719487355325927898),
    (333, 165, 0.0094199180214975434794, 0.99058008197850245652, 0.009419639385959643807),
    (1000, 0, 0.99999711129811555051, 2.8887019244894301237e-6, 7.4133384164320715175e-6),
    (1000, 333, 0.49931994881461497587, 0.50068005118538502413, 0.0027205706667050796029),
    (1000, 499, 0.001570010480083193829, 0.99842998951991680617, 0.003140018380182867787),
  ]

  @Test(arguments: references)
  func nodesAndWeights(_ reference: (count: Int, place: Int, node: Double, distance: Double, weight: Double)) {
    let rule = GaussLegendre.rule(reference.count)
    let index = reference.count - 1 - reference.place
    #expect(abs(rule.nodes[index] - (1 - reference.distance)) <= 3e-16)
    #expect(relativeError(rule.weights[index], reference.weight) < 2e-14)
    // The mirror image carries 1 + x to its own relative accuracy.
    #expect(relativeError(rule.distancesFromLeft[reference.place], reference.distance) < 1e-14)
  }

  @Test(arguments: [1, 2, 3, 4, 7, 16, 51, 128, 400])
  func polynomialsAreExact(_ count: Int) {
    let rule = GaussLegendre.rule(count)
    #expect(rule.nodes.count == count)
    #expect(zip(rule.nodes, rule.nodes.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(rule.nodes, rule.nodes.reversed()).allSatisfy { $0 == -$1 })
    #expect(abs(rule.weights.reduce(0, +) - 2) < 1e-14)
    for degree in [0, 1, count, 2 * count - 2, 2 * count - 1] {
      let sum = zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(degree)) }
      #expect(abs(sum - (degree.isMultiple(of: 2) ? 2 / Double(degree + 1) : 0)) < 1e-14)
    }
  }
}
