import OrreryFindings
import OrreryTensors

/// The probabilists' Hermite polynomial He_degree(z), not normalised: ⟨He_p²⟩ = p! at unit variance.
public struct HermitePolynomial: ActivationDescription {
  public static let key = "hermite"
  public static let parameters = [ActivationFunction.ParameterDescription("degree", defaultValue: nil)]
  public var degree: Int

  public init(degree: Int) { self.degree = degree }
  public init(parameters: ActivationParameters) throws {
    degree = try parameters.wholeNumber("degree", in: 0...Polynomial.largestDegree)
  }

  public var parameterValues: [String: ActivationParameter] { ["degree": .number(Double(degree))] }
  public func validate() throws { try Polynomial.check(degree: degree, of: Self.key) }

  public var formula: String { "He_\(degree)(z)" }
  public var publications: [Publication] { [.daniely2016toward] }

  /// He_p′ = p He_(p−1), by the recurrence He_(j+1) = z He_j − j He_(j−1).
  public func derivative(_ order: Int, at z: Double) -> Double {
    guard order <= degree else { return 0 }
    var (previous, current) = (0.0, 1.0)
    for j in 0..<(degree - order) { (previous, current) = (current, z * current - Double(j) * previous) }
    return Polynomial.fallingFactorial(degree, order) * current
  }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { values(order, block) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { values(order, block) }

  @inline(__always)
  private func values<Scalar: ActivationScalar>(_ order: Int, _ block: ActivationBlock<Scalar>) {
    guard order <= degree else { return block.map { _ in 0 } }
    let factor = Scalar(Polynomial.fallingFactorial(degree, order))
    for i in 0..<block.count {
      block.first[i] = 0
      block.second[i] = 1
    }
    for j in 0..<(degree - order) {
      let weight = Scalar(j)
      for i in 0..<block.count {
        let next = block.arguments[i] * block.second[i] - weight * block.first[i]
        block.first[i] = block.second[i]
        block.second[i] = next
      }
    }
    block.mapWithBoth { _, _, value in factor * value }
  }

  public var regularity: Regularity { .analytic(strip: .infinity) }
  public var growth: Growth { .degree(degree) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry { degree.isMultiple(of: 2) ? .even : .odd(about: 0) }
  public var homogeneityDegree: Int? { degree <= 1 ? degree : nil }
  public var polynomialForm: PolynomialForm { .polynomial(coefficients) }

  /// He_(j+1) = z He_j − j He_(j−1), coefficient by coefficient: whole numbers, exact in Double to degree 30.
  private var coefficients: [Double] {
    var (previous, current) = ([Double](), [1.0])
    for j in 0..<degree {
      var next = [0.0] + current
      for (place, coefficient) in previous.enumerated() { next[place] -= Double(j) * coefficient }
      (previous, current) = (current, next)
    }
    return current
  }
}
