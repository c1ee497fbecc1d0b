import OrreryFindings
import OrreryTensors

/// f(z) = z^degree, degree ≥ 0.
public struct Monomial: ActivationDescription {
  public static let key = "monomial"
  public static let parameters = [ActivationFunction.ParameterDescription("degree", defaultValue: nil)]
  public var degree: Int

  public init(degree: Int) { self.degree = degree }
  public init(parameters: ActivationParameters) throws {
    degree = try parameters.wholeNumber("degree", in: 0...Polynomial.largestDegree)
  }

  public var parameterValues: [String: ActivationParameter] { ["degree": .number(Double(degree))] }
  public func validate() throws { try Polynomial.check(degree: degree, of: Self.key) }

  public var formula: String { "z^\(degree)" }
  public var publications: [Publication] { [.daniely2016toward] }

  public func derivative(_ order: Int, at z: Double) -> Double {
    guard order <= degree else { return 0 }
    return Polynomial.fallingFactorial(degree, order) * (0..<(degree - order)).reduce(1.0) { product, _ in product * z }
  }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { values(order, block) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { values(order, block) }

  /// By repeated multiplication.
  @inline(__always)
  private func values<Scalar: ActivationScalar>(_ order: Int, _ block: ActivationBlock<Scalar>) {
    guard order <= degree else { return block.map { _ in 0 } }
    let factor = Scalar(Polynomial.fallingFactorial(degree, order))
    switch degree - order {
    case 0: block.map { _ in factor }
    case 1: block.map { factor * $0 }
    case 2: block.map { factor * ($0 * $0) }
    case 3: block.map { factor * ($0 * $0 * $0) }
    default:
      for i in 0..<block.count { block.first[i] = block.arguments[i] }
      for _ in 1..<(degree - order) { for i in 0..<block.count { block.first[i] *= block.arguments[i] } }
      block.mapWithFirst { _, power in factor * power }
    }
  }

  public var regularity: Regularity { .analytic(strip: .infinity) }
  public var growth: Growth { .degree(degree) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { degree.isMultiple(of: 2) ? .even : .odd(about: 0) }
  public var homogeneityDegree: Int? { degree }
  public var polynomialForm: PolynomialForm { .polynomial(Array(repeating: 0, count: degree) + [1]) }
}
