import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("How couplings scale with depth")
struct DepthScalingTests {
  @Test("Powers and exponentials are found with their exponents")
  func known() throws {
    let depths = (1...80).map(Double.init)
    let power = try #require(DepthScaling(depths.map { 3 * pow($0, 1.5) * (1 + 2 / $0) }))
    #expect(power.form == .power && abs(power.exponent.value - 1.5) <= power.exponent.error)
    #expect(power.relevance == .relevant)
    let decay = try #require(DepthScaling(depths.map { -0.2 * exp(-0.1 * $0) }))
    #expect(decay.form == .exponential && abs(decay.exponent.value + 0.1) < 1e-9)
    #expect(decay.relevance == .irrelevant)
    let constant = try #require(DepthScaling(depths.map { _ in 0.7 }))
    #expect(constant.relevance == .marginal)
  }

  @Test("Logarithms, constants with corrections, and exponentials with a power are told from powers")
  func nearPowers() throws {
    for depth in [40, 200] {
      let depths = (1...depth).map(Double.init)
      let logarithm = try #require(DepthScaling(depths.map { -0.25 * (1 + log($0)) }))
      #expect(logarithm.form == .logarithm && logarithm.relevance == .marginal)
      let saturating = try #require(DepthScaling(depths.map { 0.7 + 3 / $0 }))
      #expect(saturating.form == .power && saturating.relevance == .marginal)
      let chaotic = try #require(DepthScaling(depths.map { $0 * exp(0.1 * $0) }))
      #expect(chaotic.form == .exponential && abs(chaotic.exponent.value - 0.1) < 1e-9)
      // ln²ℓ/ℓ dies out, as no exponential and with no exponent of its own.
      let dying = try #require(DepthScaling(depths.map { (1 + log($0)) * (1 + log($0)) / $0 }))
      #expect(dying.form == .power && dying.relevance == .irrelevant)
    }
  }

  /// With λ_b = 0, D/(KΘ) → −¼ ln ℓ + const and Q/Θ² alike; A/Θ² and T K/Θ³ die out as a power with logarithms. Nothing at
  /// criticality scales exponentially.
  @Test("What does not grow as ℓ at criticality is marginal or irrelevant")
  func marginal() throws {
    let tanh = try flow(.tanh, weight: 1, depth: 200)
    #expect(try scaling(.crossCorrelation, tanh).relevance == .marginal)
    #expect(try scaling(.differentialQ, tanh).relevance == .marginal)
    for coupling in [Coupling.tangentKernelCovariance, .secondDifferentialT] {
      let found = try scaling(coupling, tanh)
      #expect(found.form == .power && found.relevance == .irrelevant, "\(coupling.rawValue)")
    }
  }

  @Test("Nothing is fitted to few layers, to zeros or to a changing sign")
  func refused() {
    #expect(DepthScaling([1, 2, 3, 4]) == nil)
    #expect(DepthScaling(Array(repeating: 0, count: 40)) == nil)
    #expect(DepthScaling((1...40).map { $0 % 2 == 0 ? 1.0 : -1 }) == nil)
    #expect(DepthScaling((1...40).map { $0 == 30 ? .nan : 1.0 }) == nil)
  }

  private func flow(_ function: ActivationFunction, weight: Double, depth: Int) throws -> FiniteWidthFlow {
    let network = ChainNetworks.network(
      function, widths: Array(repeating: 100, count: depth - 1), inputs: 1, weight: weight)
    // The rates at which every layer contributes alike: λ_b/ℓ in the K* = 0 class with λ_b = 0 here.
    return try FiniteWidthFlow(
      network, inputs: Matrix(rows: 1, columns: 1, elements: [1]),
      learningRates: Array(repeating: LayerLearningRates(bias: 0, weight: 1), count: depth))
  }

  private func scaling(_ coupling: Coupling, _ flow: FiniteWidthFlow) throws -> DepthScaling {
    try #require(DepthScaling(flow.layers.compactMap { $0.coupling(coupling, input: 0) }))
  }

  /// PDLT's universal exponents at criticality, and the asymptotic slopes of the reference with r = 0.
  @Test("Universal exponents of tanh and ReLU at criticality")
  func universal() throws {
    let tanh = try flow(.tanh, weight: 1, depth: 120)
    for coupling in [Coupling.fourPointVertex, .tangentKernelMixing, .differentialP, .secondDifferentialS] {
      let found = try scaling(coupling, tanh)
      #expect(found.form == .power && found.relevance == .relevant)
      #expect(abs(found.exponent.value - 1) <= max(found.exponent.error, 0.03), "\(coupling.rawValue)")
    }
    let u = try scaling(.secondDifferentialU, tanh)
    #expect(abs(u.exponent.value + 1) <= max(u.exponent.error, 0.1) && u.relevance == .irrelevant)
    let relu = try flow(.relu, weight: 2, depth: 60)
    #expect(abs(try scaling(.fourPointVertex, relu).exponent.value - 1) < 0.03)
    // P/Θ² → −1/12 and S K/Θ³ → 1/12 of a layer.
    let last = try #require(tanh.layers.last)
    #expect(abs(try #require(last.coupling(.differentialP, input: 0)) / 120 + 1.0 / 12) < 0.01)
    #expect(abs(try #require(last.coupling(.secondDifferentialS, input: 0)) / 120 - 1.0 / 12) < 0.01)
    #expect(abs(try #require(last.coupling(.fourPointVertex, input: 0)) / 120 - 2.0 / 3) < 0.06)
  }

  @Test("In the ordered phase the kernel's relative fluctuation tends to a constant")
  func ordered() throws {
    let network = ChainNetworks.network(
      .tanh, widths: Array(repeating: 100, count: 39), inputs: 1, weight: 0.5, bias: 0.3)
    let flow = try FiniteWidthFlow(network, inputs: Matrix(rows: 1, columns: 1, elements: [1]))
    #expect(try scaling(.fourPointVertex, flow).relevance == .marginal)
  }
}
