import OrreryFindings
import OrreryTensors

/// f(z) = Σ_p coefficients[p] z^p.
public struct Polynomial: ActivationDescription {
  public static let key = "polynomial"
  public static let parameters = [ActivationFunction.ParameterDescription("coefficients", defaultValue: nil)]
  /// The largest degree of polynomials, monomials and Hermite polynomials: beyond it, double precision overflows or
  /// cancels in Gaussian expectations.
  public static let largestDegree = 30
  /// The constant first.
  public var coefficients: [Double]

  public init(coefficients: [Double]) { self.coefficients = coefficients }
  public init(parameters: ActivationParameters) throws {
    coefficients = try parameters.list(
      "coefficients", remedy: "give a list: the constant first, then the coefficient of z, of z², …")
  }

  public var parameterValues: [String: ActivationParameter] { ["coefficients": .list(coefficients)] }

  public func validate() throws {
    guard (1...(Self.largestDegree + 1)).contains(coefficients.count) else {
      throw NetworkError(
        .invalidValue, "a polynomial with \(coefficients.count) coefficients is not offered",
        remedy: "give between 1 and \(Self.largestDegree + 1) of them.")
    }
  }

  public var formula: String { coefficients.enumerated().map { "\($1) z^\($0)" }.joined(separator: " + ") }
  public var publications: [Publication] { [.daniely2016toward] }

  public func derivative(_ order: Int, at z: Double) -> Double {
    var value = 0.0
    for (degree, coefficient) in coefficients.enumerated().reversed() where degree >= order {
      value = value * z + Self.fallingFactorial(degree, order) * coefficient
    }
    return value
  }

  public func elementary(_ order: Int) -> Elementwise.Function? { nil }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Float>) { values(order, block) }
  public func evaluate(_ order: Int, _ block: ActivationBlock<Double>) { values(order, block) }

  /// By Horner's rule.
  @inline(__always)
  private func values<Scalar: ActivationScalar>(_ order: Int, _ block: ActivationBlock<Scalar>) {
    for i in 0..<block.count { block.first[i] = 0 }
    for degree in stride(from: coefficients.count - 1, through: order, by: -1) {
      let coefficient = Scalar(Self.fallingFactorial(degree, order) * coefficients[degree])
      for i in 0..<block.count { block.first[i] = block.first[i] * block.arguments[i] + coefficient }
    }
    block.mapWithFirst { _, value in value }
  }

  public var regularity: Regularity { .analytic(strip: .infinity) }
  public var growth: Growth { .degree(powers.last ?? 0) }
  public var oscillates: Bool { false }
  public var symmetry: FunctionSymmetry {
    if powers.allSatisfy({ $0.isMultiple(of: 2) }) { return .even }
    return powers.allSatisfy({ $0 == 0 || !$0.isMultiple(of: 2) }) ? .odd(about: coefficients[0]) : .none
  }
  public var homogeneityDegree: Int? { powers.count == 1 ? powers[0] : nil }
  public var polynomialForm: PolynomialForm { .polynomial(coefficients) }

  /// The powers whose coefficients are not 0.
  private var powers: [Int] { coefficients.indices.filter { coefficients[$0] != 0 } }
}

extension Polynomial {
  /// d^order z^degree / dz^order at 1: degree (degree − 1) … (degree − order + 1).
  static func fallingFactorial(_ degree: Int, _ order: Int) -> Double {
    (0..<order).reduce(1.0) { $0 * Double(degree - $1) }
  }

  /// - Throws: `NetworkError` for a degree beyond ``largestDegree``.
  static func check(degree: Int, of name: String) throws {
    guard (0...largestDegree).contains(degree) else {
      throw NetworkError(
        .invalidValue, "the degree \(degree) of the activation '\(name)' is out of range",
        remedy: "choose one from 0 to \(largestDegree).")
    }
  }
}
