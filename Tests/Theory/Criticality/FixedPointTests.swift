import Foundation
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Fixed points")
struct FixedPointTests {
  static let functions: [String: ActivationFunction] = ["tanh": .tanh, "erf": .erf]

  @Test("K*, χ, depth scales, c* and phases against the reference", arguments: 0..<3)
  func reference(_ index: Int) throws {
    let row = try Fixtures.json("effective_theory")["fixed_points"][index]
    let activation = Activation(try #require(Self.functions[try row["act"].string]))
    let map = KernelMap(activation, weightVariance: try row["C_W"].double, biasVariance: try row["C_b"].double)
    let points = FixedPoints(map).points
    try #require(points.count == 1)
    let point = points[0]
    #expect(relativeError(point.kernel, try row["K_star"].double) < 1e-12)
    #expect(relativeError(point.susceptibility.parallel, try row["chi_par"].double) < 1e-11)
    #expect(relativeError(point.susceptibility.perpendicular, try row["chi_perp"].double) < 1e-11)
    #expect(relativeError(try #require(point.kernelDepthScale), try row["xi_q"].double) < 1e-10)
    #expect(point.phase.rawValue == (try row["phase"].string))
    #expect(point.stability == .stable)
    let correlation = CorrelationFixedPoint(at: point, of: map)
    #expect(abs(correlation.correlation - (try row["c_star"].double)) < 1e-9)
    #expect(relativeError(correlation.susceptibility, try row["chi_c"].double) < 1e-9)
    #expect(relativeError(try #require(correlation.depthScale), try row["xi_c"].double) < 1e-8)
  }

  @Test("GELU at its critical point has a half-stable fixed point and a stable one below")
  func geluHasTwo() throws {
    let critical = try Criticality.points(of: Activation(.gelu)).choice()
    let points = FixedPoints(critical.map).points
    let reference = try Fixtures.json("effective_theory")["criticality"]["gelu_second_stable_fixed_point"]
    try #require(points.count == 2)
    // Near a double root K* moves by the root of a rounding error over a₂.
    #expect(abs(points[0].kernel - (try reference["K"].double)) < 1e-9)
    #expect(abs(points[0].susceptibility.perpendicular - (try reference["chi_perp"].double)) < 1e-11)
    #expect(points[0].stability == .stable && points[0].phase == .ordered)
    #expect(abs(points[1].kernel - critical.kernel!) < 1e-9)
    #expect(points[1].stability == .attractsFromAbove && points[1].phase == .critical)
  }

  @Test("The order-chaos line against the reference", arguments: 0..<2)
  func edgeOfChaos(_ index: Int) throws {
    let row = try Fixtures.json("effective_theory")["edge_of_chaos"][index]
    let line = OrderChaosLine(Activation(try #require(Self.functions[try row["act"].string])))
    let points = line.points(biasVariance: try row["C_b"].double)
    try #require(points.count == 1)
    #expect(relativeError(points[0].weightVariance, try row["C_W"].double) < 1e-11)
    #expect(relativeError(points[0].kernel, try row["K_star"].double) < 1e-11)
    #expect(line.curve.count > 50)
  }

  @Test("Scale-invariant activations: lines of fixed points, and what bias and gain do to them")
  func scaleInvariant() {
    func points(_ weight: Double, _ bias: Double) -> FixedPoints {
      FixedPoints(KernelMap(Activation(.relu), weightVariance: weight, biasVariance: bias))
    }
    #expect(points(2, 0).everyKernel)
    #expect(points(2, 0).points[0].phase == .critical && points(2, 0).points[0].stability == .marginal)
    #expect(points(2, 0.1).points.isEmpty && points(2, 0.1).growsAboveHighest)
    #expect(relativeError(points(1, 0.1).points[0].kernel, 0.2) < 1e-14)
    #expect(points(1, 0.1).points[0].stability == .stable)
    #expect(points(3, 0).points[0].stability == .unstable && points(3, 0).growsAboveHighest)
    #expect(points(1, 0).points[0].kernel == 0 && points(1, 0).points[0].stability == .stable)
  }

  @Test("tanh at C_b = 0: K* = 0 is stable up to C_W = 1, then a second fixed point takes over")
  func tanhBifurcation() throws {
    let table = MomentTable(Activation(.tanh))
    for weight in [0.8, 1, 1.2, 2] {
      let points = FixedPoints(KernelMap(Activation(.tanh), weightVariance: weight, biasVariance: 0), table: table)
      #expect(points.points[0].kernel == 0)
      #expect(points.points[0].stability == (weight <= 1 ? .stable : .unstable))
      #expect(points.points.count == (weight <= 1 ? 1 : 2))
      #expect(!points.growsAboveHighest)
    }
  }

  @Test("PyTorch's nn.Linear variances at n = 256 take GELU to K = 1.4e-3")
  func pytorch() throws {
    let map = KernelMap(Activation(.gelu), weightVariance: 1.0 / 3, biasVariance: 1.0 / (3 * 256))
    let points = FixedPoints(map)
    let reached = try #require(points.reached(from: 0.3, by: map))
    #expect(abs(reached.kernel - 1.421e-3) < 1e-6)
    #expect(reached.phase == .ordered)
    // The recursion itself, run long enough, ends there.
    var kernel = 0.3
    for _ in 0..<60 { kernel = map(kernel) }
    #expect(relativeError(kernel, reached.kernel) < 1e-13)
  }

  @Test("A kernel beyond an unstable fixed point grows without bound")
  func unbounded() {
    let map = KernelMap(Activation(.monomial(degree: 2)), weightVariance: 1, biasVariance: 0)
    let points = FixedPoints(map)
    // K′ = 3K²: K* = 1/3 repels.
    #expect(points.points.count == 2 && points.growsAboveHighest)
    #expect(relativeError(points.points[1].kernel, 1.0 / 3) < 1e-14)
    #expect(points.points[1].stability == .unstable)
    #expect(points.reached(from: 0.34, by: map) == nil)
    #expect(points.reached(from: 0.33, by: map)?.kernel == 0)
  }
}
