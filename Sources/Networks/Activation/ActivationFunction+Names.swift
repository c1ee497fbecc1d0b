/// The value of an activation's parameter in a description: a number or a list of numbers.
public enum ActivationParameter: Hashable, Sendable {
  case number(Double)
  case list([Double])
}

extension ActivationParameter: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(arrayLiteral elements: Double...) { self = .list(elements) }
}

extension ActivationFunction {
  /// A parameter that an activation function has in a description.
  public struct ParameterDescription: Hashable, Sendable {
    public var name: String
    /// What it is when a description does not say; nil if it must say.
    public var defaultValue: ActivationParameter?
  }

  /// The name in descriptions.
  public var name: String {
    switch self {
    case .linear: "linear"
    case .relu: "relu"
    case .leakyReLU: "leaky-relu"
    case .twoSlope: "two-slope"
    case .abs: "abs"
    case .step: "step"
    case .sign: "sign"
    case .reluSquared: "relu-squared"
    case .erf: "erf"
    case .gelu: "gelu"
    case .geluTanh: "gelu-tanh"
    case .silu: "silu"
    case .tanh: "tanh"
    case .sigmoid: "sigmoid"
    case .softplus: "softplus"
    case .sin: "sin"
    case .cos: "cos"
    case .exp: "exp"
    case .gaussian: "gaussian"
    case .monomial: "monomial"
    case .hermite: "hermite"
    case .elu: "elu"
    case .polynomial: "polynomial"
    }
  }

  /// The names of all activation functions.
  public static let names = [
    "linear", "relu", "leaky-relu", "two-slope", "abs", "step", "sign", "relu-squared", "erf", "gelu", "gelu-tanh",
    "silu", "tanh", "sigmoid", "softplus", "sin", "cos", "exp", "gaussian", "monomial", "hermite", "elu", "polynomial",
  ]

  /// Other names that descriptions may use, and what they stand for.
  public static let aliases = ["swish": "silu", "identity": "linear"]

  /// The largest degree of monomials, Hermite polynomials and polynomials: beyond it, double precision overflows or
  /// cancels in Gaussian expectations.
  public static let largestDegree = 30

  /// The parameters of the function called `name` (or an alias of it), with their defaults; nil if there is none.
  public static func parameters(of name: String) -> [ParameterDescription]? {
    let name = aliases[name] ?? name
    switch name {
    case "leaky-relu": return [ParameterDescription(name: "slope", defaultValue: 0.01)]
    case "two-slope":
      return [
        ParameterDescription(name: "positive", defaultValue: 1),
        ParameterDescription(name: "negative", defaultValue: nil),
      ]
    case "elu": return [ParameterDescription(name: "alpha", defaultValue: 1)]
    case "monomial", "hermite": return [ParameterDescription(name: "degree", defaultValue: nil)]
    case "polynomial": return [ParameterDescription(name: "coefficients", defaultValue: nil)]
    default: return names.contains(name) ? [] : nil
    }
  }

  /// This function's parameters and their values.
  public var parameters: [String: ActivationParameter] {
    switch self {
    case .leakyReLU(let slope): ["slope": .number(slope)]
    case .twoSlope(let positive, let negative): ["positive": .number(positive), "negative": .number(negative)]
    case .elu(let alpha): ["alpha": .number(alpha)]
    case .monomial(let degree), .hermite(let degree): ["degree": .number(Double(degree))]
    case .polynomial(let coefficients): ["coefficients": .list(coefficients)]
    default: [:]
    }
  }

  /// The function with this name (or alias) and these parameters; parameters that are left out have their defaults.
  ///
  /// ```swift
  /// try ActivationFunction(name: "leaky-relu", parameters: ["slope": 0.2])
  /// ```
  /// - Throws: `NetworkError` that names the nearest right name, the parameter or the value that is wrong.
  public init(name: String, parameters given: [String: ActivationParameter] = [:]) throws {
    let known = Self.names + Self.aliases.keys.sorted()
    guard let expected = Self.parameters(of: name) else {
      throw NetworkError(
        .unknownName, "there is no activation called '\(name)'", remedy: Spelling.remedy(for: name, among: known))
    }
    for key in given.keys.sorted() where !expected.contains(where: { $0.name == key }) {
      throw NetworkError(
        .unknownParameter, "the activation '\(name)' has no parameter '\(key)'",
        remedy: expected.isEmpty
          ? "it has none; leave it out." : Spelling.remedy(for: key, among: expected.map(\.name)))
    }
    func value(_ key: String) throws -> ActivationParameter {
      guard let value = given[key] ?? expected.first(where: { $0.name == key })?.defaultValue else {
        throw NetworkError(
          .missingParameter, "the activation '\(name)' needs its parameter '\(key)'",
          remedy: "write \(name): { \(key): … }.")
      }
      return value
    }
    func number(_ key: String) throws -> Double {
      guard case .number(let number) = try value(key) else {
        throw NetworkError(
          .invalidValue, "the parameter '\(key)' of the activation '\(name)' is a list", remedy: "give one number.")
      }
      return number
    }
    func degree() throws -> Int {
      let number = try number("degree")
      guard let degree = Int(exactly: number) else {
        throw NetworkError(
          .invalidValue, "the degree \(number) of the activation '\(name)' is not a whole number",
          remedy: "choose one from 0 to \(Self.largestDegree).")
      }
      return degree
    }
    switch Self.aliases[name] ?? name {
    case "leaky-relu": self = .leakyReLU(slope: try number("slope"))
    case "two-slope": self = .twoSlope(positive: try number("positive"), negative: try number("negative"))
    case "elu": self = .elu(alpha: try number("alpha"))
    case "monomial": self = .monomial(degree: try degree())
    case "hermite": self = .hermite(degree: try degree())
    case "polynomial":
      guard case .list(let coefficients) = try value("coefficients") else {
        throw NetworkError(
          .invalidValue, "the coefficients of the activation 'polynomial' are one number",
          remedy: "give a list: the constant first, then the coefficient of z, of z², …")
      }
      self = .polynomial(coefficients: coefficients)
    case let plain: self = Self.parameterless[plain]!
    }
    try validate()
  }

  /// The functions without parameters, by name.
  static let parameterless: [String: ActivationFunction] = Dictionary(
    uniqueKeysWithValues: [
      .linear, .relu, .abs, .step, .sign, .reluSquared, .erf, .gelu, .geluTanh, .silu, .tanh, .sigmoid, .softplus,
      .sin, .cos, .exp, .gaussian,
    ].map { (function: ActivationFunction) in (function.name, function) })

  /// Checks that parameters are finite and degrees lie in 0 … ``largestDegree``.
  ///
  /// - Throws: `NetworkError`.
  public func validate() throws {
    func fail(_ problem: String, remedy: String) -> NetworkError {
      NetworkError(.invalidValue, problem, remedy: remedy)
    }
    for (key, value) in parameters.sorted(by: { $0.key < $1.key }) {
      let numbers =
        switch value {
        case .number(let number): [number]
        case .list(let list): list
        }
      if let wrong = numbers.first(where: { !$0.isFinite }) {
        throw fail("the parameter '\(key)' of the activation '\(name)' is \(wrong)", remedy: "give a finite number.")
      }
    }
    switch self {
    case .monomial(let degree), .hermite(let degree):
      guard (0...Self.largestDegree).contains(degree) else {
        throw fail(
          "the degree \(degree) of the activation '\(name)' is out of range",
          remedy: "choose one from 0 to \(Self.largestDegree).")
      }
    case .polynomial(let coefficients):
      guard (1...(Self.largestDegree + 1)).contains(coefficients.count) else {
        throw fail(
          "a polynomial with \(coefficients.count) coefficients is not offered",
          remedy: "give between 1 and \(Self.largestDegree + 1) of them.")
      }
    default: break
    }
  }
}

extension Activation {
  /// Checks that scales, shifts and parameters are finite, and degrees in range.
  ///
  /// - Throws: `NetworkError`.
  public func validate() throws {
    for (key, value) in scalesAndShifts where !value.isFinite {
      throw NetworkError(
        .invalidValue, "the \(key) of the activation '\(function.name)' is \(value)", remedy: "give a finite number.")
    }
    try function.validate()
  }

  /// The names and values of input scale, input shift, output scale and output shift, as descriptions write them.
  package var scalesAndShifts: [(name: String, value: Double)] {
    [
      ("input-scale", inputScale), ("input-shift", inputShift), ("output-scale", outputScale),
      ("output-shift", outputShift),
    ]
  }

  /// The names of input scale, input shift, output scale and output shift in descriptions.
  public static let scaleAndShiftNames = ["input-scale", "input-shift", "output-scale", "output-shift"]

  /// An activation by its function's name, with the function's parameters and any of the ``scaleAndShiftNames``.
  ///
  /// ```swift
  /// try Activation(name: "leaky-relu", parameters: ["slope": 0.2, "input-scale": 2])
  /// ```
  /// - Throws: `NetworkError` that names the nearest right name, the parameter or the value that is wrong.
  public init(name: String, parameters: [String: ActivationParameter] = [:]) throws {
    var own = parameters
    var values = [1.0, 0, 1, 0]
    for (place, key) in Self.scaleAndShiftNames.enumerated() {
      guard let value = own.removeValue(forKey: key) else { continue }
      guard case .number(let number) = value else {
        throw NetworkError(
          .invalidValue, "the \(key) of the activation '\(name)' is a list", remedy: "give one number.")
      }
      values[place] = number
    }
    self.init(
      try ActivationFunction(name: name, parameters: own), inputScale: values[0], inputShift: values[1],
      outputScale: values[2], outputShift: values[3])
    try validate()
  }
}
