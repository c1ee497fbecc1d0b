import OrreryFindings

/// Any activation function, before scales and shifts, with equality and hashing by value.
///
/// ```swift
/// let activation = Activation(.leakyReLU(slope: 0.2))
/// let mine = Activation(ActivationFunction(Softsign()))  // a conforming type of one's own
/// ```
public struct ActivationFunction: Hashable, Sendable {
  public let description: any ActivationDescription

  public init(_ description: some ActivationDescription) { self.description = description }

  public static func == (left: ActivationFunction, right: ActivationFunction) -> Bool {
    func equal<D: ActivationDescription>(_ value: D) -> Bool { value == right.description as? D }
    return equal(left.description)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(type(of: description)))
    description.hash(into: &hasher)
  }
}

extension ActivationFunction {
  public static let linear = ActivationFunction(Linear())
  public static let relu = ActivationFunction(ReLU())
  public static func leakyReLU(slope: Double) -> ActivationFunction { ActivationFunction(LeakyReLU(slope: slope)) }
  public static func twoSlope(positive: Double, negative: Double) -> ActivationFunction {
    ActivationFunction(TwoSlope(positive: positive, negative: negative))
  }
  public static let abs = ActivationFunction(AbsoluteValue())
  public static let step = ActivationFunction(Step())
  public static let sign = ActivationFunction(Sign())
  public static let reluSquared = ActivationFunction(ReLUSquared())
  public static let erf = ActivationFunction(ErrorFunction())
  public static let gelu = ActivationFunction(GELU())
  public static let geluTanh = ActivationFunction(GELUTanh())
  public static let silu = ActivationFunction(SiLU())
  public static let tanh = ActivationFunction(Tanh())
  public static let sigmoid = ActivationFunction(Sigmoid())
  public static let softplus = ActivationFunction(Softplus())
  public static let sin = ActivationFunction(Sine())
  public static let cos = ActivationFunction(Cosine())
  public static let exp = ActivationFunction(Exponential())
  public static let gaussian = ActivationFunction(GaussianBell())
  public static func monomial(degree: Int) -> ActivationFunction { ActivationFunction(Monomial(degree: degree)) }
  public static func hermite(degree: Int) -> ActivationFunction {
    ActivationFunction(HermitePolynomial(degree: degree))
  }
  public static func elu(alpha: Double) -> ActivationFunction { ActivationFunction(ELU(alpha: alpha)) }
  public static func polynomial(coefficients: [Double]) -> ActivationFunction {
    ActivationFunction(Polynomial(coefficients: coefficients))
  }
}

extension ActivationFunction {
  /// The name in descriptions.
  public var name: String { type(of: description).key }
  /// This function's parameters and their values.
  public var parameters: [String: ActivationParameter] { description.parameterValues }
  /// The definition, as text.
  public var formula: String { description.formula }
  /// Where the function was introduced as an activation, or as one whose wide networks can be solved.
  public var publications: [Publication] { description.publications }

  /// f or one of its first five derivatives at one place: see ``ActivationDescription/derivative(_:at:)``.
  ///
  /// - Parameter order: 0 … 5.
  package func derivative(_ order: Int, at z: Double) -> Double {
    precondition((0...5).contains(order), "Derivatives are offered up to the fifth.")
    return description.derivative(order, at: z)
  }

  /// Where f or a derivative jumps, in ascending order.
  package var kinks: [Activation.Kink] {
    if case .kinked(let kinks) = description.regularity { kinks } else { [] }
  }

  /// The coefficients c_p of f(z) = Σ_p c_p z^p, as stated, so that the last ones may be 0; nil if f is no polynomial.
  package var polynomialCoefficients: [Double]? {
    if case .polynomial(let coefficients) = description.polynomialForm { coefficients } else { nil }
  }

  /// The slopes (right, left) of a positively homogeneous function of degree 1; nil for others.
  package var twoSlopes: (positive: Double, negative: Double)? {
    description.homogeneityDegree == 1 ? (derivative(1, at: 1), derivative(1, at: -1)) : nil
  }
}

/// Prints as the name with parameters, `elu(alpha: 0.5)`.
extension ActivationFunction: CustomDebugStringConvertible {
  public var debugDescription: String {
    let values = parameters.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }
    return values.isEmpty ? name : "\(name)(\(values.joined(separator: ", ")))"
  }
}
