import OrreryTestSupport
import OrreryTheory
import Testing

/// The tensors of order 1/n at the second layer are their sources alone: ReLU at two inputs against an independent program
/// (polar quadrature in two dimensions, trusted to 10⁻¹¹).
///
/// x = (1, 0.4, −0.3), (0.2, −0.9, 1.1); C_b = 0, C_W = 2, λ_b = 0.7, λ_W = 1.3.
@Suite("Two-slope moments: sources of the 1/n tensors")
struct TwoSlopeSourceTests {
  private static let covariance = [0.8333333333333334, -0.3266666666666667, -0.3266666666666667, 1.3733333333333337]
  private static let tangent = [1.2416666666666667, 0.4876666666666666, 0.4876666666666666, 1.592666666666667]
  private static let (weight, rate) = (2.0, 1.3)

  // The index of an entry is 8α + 4β + 2γ + δ in the order of the tensor's own subscripts.
  private static let vertex = [
    3.4722222222222237, 0.3149298881213418, 0.3149298881213417, -0.6903752938300589, 0.3149298881213418,
    0.41674556897366044, 0.41674556897366044, 0.5190044556239712, 0.3149298881213418, 0.41674556897366044,
    0.41674556897366044, 0.5190044556239712, -0.6903752938300589, 0.5190044556239712, 0.5190044556239712,
    9.430222222222227,
  ]
  private static let a = [
    4.353888888888892, 0.5890167714006292, 0.5890167714006292, -1.436615855621043, 0.5890167714006292,
    0.524442906009046, 0.524442906009046, 0.8249855171525514, 0.5890167714006292, 0.524442906009046, 0.524442906009046,
    0.8249855171525514, -1.436615855621043, 0.8249855171525514, 0.8249855171525514, 9.364296888888894,
  ]
  private static let b = [
    3.083472222222216, 0.48589823363944007, 0.4858982336394401, 0.19083734652738274, 0.48589823363944007,
    1.586891155385677, 0.19083734652738274, 0.6232541638467772, 0.4858982336394401, 0.19083734652738274,
    1.586891155385677, 0.6232541638467771, 0.19083734652738274, 0.6232541638467772, 0.6232541638467771,
    5.0731742222222165,
  ]
  private static let d = [
    3.2916666666666687, 0.292530318863394, 0.292530318863394, -0.9566224757207695, 0.4445858846937991,
    0.42151142539240727, 0.4215114253924072, 0.6450451387135734, 0.4445858846937991, 0.42151142539240727,
    0.42151142539240727, 0.6450451387135734, -1.1012690035697152, 0.4820899654868729, 0.4820899654868729,
    8.316906666666672,
  ]
  private static let f = [
    2.069444444444444, 0.25087899012124665, 0.4797629148298529, 0.1884276897707583, 0.25087899012124665,
    0.819343687490989, 0.1884276897707583, 0.6153844851159832, 0.4797629148298529, 0.1884276897707583,
    1.0526971596420418, 0.41344857571981386, 0.1884276897707583, 0.6153844851159832, 0.41344857571981386,
    4.374524444444445,
  ]

  @Test("V, A, B, D and F at layer 2")
  func secondLayer() throws {
    let table = try CorrelationTable(covariance: Self.covariance, inputs: 2)
    let moments = try TwoSlopeMoments(positive: 1, negative: 0, correlations: table)
    let functions = try TwoSlopePairFunctions(positive: 1, negative: 0)
    let (cw, rate) = (Self.weight, Self.rate)
    func theta(_ i: Int, _ j: Int) -> Double { cw * Self.tangent[2 * i + j] }
    func second(_ i: Int, _ j: Int) -> Double { functions.activations(table.pair(i, j)).value }
    func omega(_ i: Int, _ j: Int) -> Double {
      rate * second(i, j) + theta(i, j) * functions.derivatives(table.pair(i, j)).value
    }
    var found: [[Double]] = [[], [], [], [], []]
    for place in 0..<16 {
      // The tensor's subscripts, in its own order.
      let (p, q, r, s) = (place >> 3 & 1, place >> 2 & 1, place >> 1 & 1, place & 1)
      let four = moments.moment(p, q, r, s)
      let (right, left) = (moments.moment(p, q, derivatives: r, s), moments.moment(r, s, derivatives: p, q))
      let slopes = moments.derivativeMoment(p, q, r, s)
      found[0].append(cw * cw * (four - second(p, q) * second(r, s)))
      found[1].append(
        rate * rate * four + rate * theta(r, s) * right + rate * theta(p, q) * left + theta(p, q) * theta(r, s) * slopes
          - omega(p, q) * omega(r, s))
      // B_1324 and F_1324: the subscripts are 1, 3, 2, 4.
      found[2].append(theta(p, r) * theta(q, s) * slopes)
      found[3].append(cw * (rate * four + theta(r, s) * right - second(p, q) * omega(r, s)))
      found[4].append(cw * theta(q, s) * moments.moment(p, r, derivatives: q, s))
    }
    for (tensor, reference) in zip(found, [Self.vertex, Self.a, Self.b, Self.d, Self.f]) {
      #expect(relativeError(tensor, reference) < 1e-11)
    }
  }
}
