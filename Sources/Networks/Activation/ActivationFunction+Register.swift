import Synchronization

/// What descriptions can name: kinds of functions in the order in which they became known, and other names of theirs.
private struct ActivationRegister {
  var kinds: [any ActivationDescription.Type]
  var aliases: [String: String]

  func kind(_ name: String) -> (any ActivationDescription.Type)? {
    let key = aliases[name] ?? name
    return kinds.first { $0.key == key }
  }
}

extension ActivationFunction {
  private static let register = Mutex(
    ActivationRegister(
      kinds: [
        Linear.self, ReLU.self, LeakyReLU.self, TwoSlope.self, AbsoluteValue.self, Step.self, Sign.self,
        ReLUSquared.self, ErrorFunction.self, GELU.self, GELUTanh.self, SiLU.self, Tanh.self, Sigmoid.self,
        Softplus.self, Sine.self, Cosine.self, Exponential.self, GaussianBell.self, Monomial.self,
        HermitePolynomial.self, ELU.self, Polynomial.self,
      ],
      aliases: ["swish": SiLU.key, "identity": Linear.key]))

  /// Makes a new activation function known to descriptions and archives, under its key and any other names.
  ///
  /// - Throws: `NetworkError` when a name belongs to another function already, or to a scale or shift. Registering the same
  ///   type again does nothing.
  public static func register<Description: ActivationDescription>(
    _ kind: Description.Type, aliases: [String] = []
  ) throws {
    try register.withLock { register in
      for name in [kind.key] + aliases {
        if Activation.scaleAndShiftNames.contains(name) {
          throw NetworkError(
            .unknownName, "the name '\(name)' already belongs to the scales and shifts", remedy: "choose another.")
        }
        if let other = register.kind(name), ObjectIdentifier(other) != ObjectIdentifier(kind) {
          throw NetworkError(
            .unknownName, "the name '\(name)' already belongs to the activation \(other)", remedy: "choose another.")
        }
      }
      if register.kind(kind.key) == nil { register.kinds.append(kind) }
      for alias in aliases where alias != kind.key { register.aliases[alias] = kind.key }
    }
  }

  /// The names of all known activation functions.
  public static var names: [String] { register.withLock { $0.kinds.map { $0.key } } }

  /// Other names that descriptions may use, and what they stand for.
  public static var aliases: [String: String] { register.withLock { $0.aliases } }

  private static func kind(_ name: String) -> (any ActivationDescription.Type)? { register.withLock { $0.kind(name) } }

  /// The parameters of the function called `name` (or an alias of it), with their defaults; nil if there is none.
  public static func parameters(of name: String) -> [ParameterDescription]? { kind(name)?.parameters }

  /// The function with this name (or alias) and these parameters; parameters that are left out have their defaults.
  ///
  /// ```swift
  /// try ActivationFunction(name: "leaky-relu", parameters: ["slope": 0.2])
  /// ```
  /// - Throws: `NetworkError` that names the nearest right name, the parameter or the value that is wrong.
  public init(name: String, parameters: [String: ActivationParameter] = [:]) throws {
    guard let kind = Self.kind(name) else {
      throw NetworkError(
        .unknownName, "there is no activation called '\(name)'",
        remedy: Spelling.remedy(for: name, among: Self.names + Self.aliases.keys.sorted()))
    }
    func read<Description: ActivationDescription>(_ kind: Description.Type) throws -> ActivationFunction {
      ActivationFunction(
        try kind.init(parameters: ActivationParameters(parameters, of: name, expected: kind.parameters)))
    }
    self = try read(kind)
    try validate()
  }

  /// Checks that parameters are finite, and what the function itself asks of them.
  ///
  /// - Throws: `NetworkError`.
  public func validate() throws {
    for (key, value) in parameters.sorted(by: { $0.key < $1.key }) {
      if let wrong = value.numbers.first(where: { !$0.isFinite }) {
        throw NetworkError(
          .invalidValue, "the parameter '\(key)' of the activation '\(name)' is \(wrong)",
          remedy: "give a finite number.")
      }
    }
    try description.validate()
  }
}
