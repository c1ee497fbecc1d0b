import OrreryFindings
import OrreryNetworks
import OrreryTensors

/// f(z) = z cut to ±1, plus `jump`·sign(z − ½): kinks away from 0, several, and a jump beside a slope, of which no function that
/// comes with Orrery has any. What theory says of it rests on the stated properties alone.
struct ClippedLine: ActivationDescription {
  static let key = "clipped-line"
  static let parameters = [ActivationFunction.ParameterDescription("jump", defaultValue: 0)]
  var jump: Double

  init(jump: Double) { self.jump = jump }
  init(parameters: ActivationParameters) throws { jump = try parameters.number("jump") }
  var parameterValues: [String: ActivationParameter] { ["jump": .number(jump)] }
  func validate() {}

  var formula: String { "max(−1, min(1, z)) + \(jump) sign(z − ½)" }
  var publications: [Publication] { [] }

  func derivative(_ order: Int, at z: Double) -> Double {
    switch order {
    case 0: max(-1, min(1, z)) + (z > 0.5 ? jump : -jump)
    case 1: z > -1 && z <= 1 ? 1 : 0
    default: 0
    }
  }

  func elementary(_ order: Int) -> Elementwise.Function? { nil }
  func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { values(order, block, Float(jump)) }
  func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { values(order, block, jump) }

  private func values<Scalar: ActivationScalar>(_ order: Int, _ block: ActivationBlock<Scalar>, _ jump: Scalar) {
    switch order {
    case 0: block.map { ActivationBlock.clamp($0, 1) + ($0 > 0.5 ? jump : -jump) }
    case 1: block.map { $0 > -1 && $0 <= 1 ? 1 : 0 }
    default: block.map { _ in 0 }
    }
  }

  var regularity: Regularity {
    let edges = [-1, 1].map { Activation.Kink(location: $0, order: 1) }
    return .kinked(jump == 0 ? edges : [edges[0], Activation.Kink(location: 0.5, order: 0), edges[1]])
  }
  var growth: Growth { .bounded }
  var oscillates: Bool { false }
  var symmetry: FunctionSymmetry { jump == 0 ? .odd(about: 0) : .none }
  var homogeneityDegree: Int? { nil }
  var polynomialForm: PolynomialForm { .pieces(degree: 1) }
}

extension ActivationFunction {
  static func clippedLine(jump: Double = 0) -> ActivationFunction { ActivationFunction(ClippedLine(jump: jump)) }
}
