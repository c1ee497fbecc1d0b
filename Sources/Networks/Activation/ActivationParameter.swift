/// The value of an activation's parameter in a description: a number or a list of numbers.
public enum ActivationParameter: Hashable, Sendable {
  case number(Double)
  case list([Double])

  /// All its numbers.
  var numbers: [Double] {
    switch self {
    case .number(let number): [number]
    case .list(let list): list
    }
  }

  /// As one would write it: whole numbers without a point.
  var text: String {
    func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
    return switch self {
    case .number(let number): text(number)
    case .list(let list): "[" + list.map(text).joined(separator: ", ") + "]"
    }
  }
}

extension ActivationParameter: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(arrayLiteral elements: Double...) { self = .list(elements) }
}

extension ActivationParameter: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .list(try container.decode([Double].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .list(let list): try container.encode(list)
    }
  }
}

extension ActivationFunction {
  /// A parameter that an activation function has in a description.
  public struct ParameterDescription: Hashable, Sendable {
    public var name: String
    /// What it is when a description does not say; nil if it must say.
    public var defaultValue: ActivationParameter?

    public init(_ name: String, defaultValue: ActivationParameter?) {
      self.name = name
      self.defaultValue = defaultValue
    }
  }
}

/// The parameters that a description gives to one activation function, read with errors that name what is wrong.
public struct ActivationParameters: Sendable {
  /// The function's name as the description writes it.
  public let name: String
  private let expected: [ActivationFunction.ParameterDescription]
  private let given: [String: ActivationParameter]

  /// - Throws: `NetworkError` for a parameter that is not expected.
  init(
    _ given: [String: ActivationParameter], of name: String, expected: [ActivationFunction.ParameterDescription]
  ) throws {
    for key in given.keys.sorted() where !expected.contains(where: { $0.name == key }) {
      throw NetworkError(
        .unknownParameter, "the activation '\(name)' has no parameter '\(key)'",
        remedy: expected.isEmpty
          ? "it has none; leave it out." : Spelling.remedy(for: key, among: expected.map(\.name)))
    }
    self.name = name
    self.expected = expected
    self.given = given
  }

  /// What is given, or the default.
  ///
  /// - Throws: `NetworkError` when there is neither.
  public func value(_ key: String) throws -> ActivationParameter {
    guard let value = given[key] ?? expected.first(where: { $0.name == key })?.defaultValue else {
      throw NetworkError(
        .missingParameter, "the activation '\(name)' needs its parameter '\(key)'",
        remedy: "write \(name): { \(key): … }.")
    }
    return value
  }

  /// One number.
  ///
  /// - Throws: `NetworkError` when it is missing or a list.
  public func number(_ key: String) throws -> Double {
    guard case .number(let number) = try value(key) else {
      throw NetworkError(
        .invalidValue, "the parameter '\(key)' of the activation '\(name)' is a list", remedy: "give one number.")
    }
    return number
  }

  /// One whole number; that it lies in the range is for `validate()` to check.
  ///
  /// - Throws: `NetworkError` when it is missing, a list or not whole.
  public func wholeNumber(_ key: String, in range: ClosedRange<Int>) throws -> Int {
    let number = try number(key)
    guard let whole = Int(exactly: number) else {
      throw NetworkError(
        .invalidValue, "the \(key) \(number) of the activation '\(name)' is not a whole number",
        remedy: "choose one from \(range.lowerBound) to \(range.upperBound).")
    }
    return whole
  }

  /// A list of numbers.
  ///
  /// - Parameter remedy: what the list has to say, for the error.
  /// - Throws: `NetworkError` when it is missing or a number.
  public func list(_ key: String, remedy: String) throws -> [Double] {
    guard case .list(let list) = try value(key) else {
      throw NetworkError(
        .invalidValue, "the \(key) of the activation '\(name)' are one number", remedy: remedy)
    }
    return list
  }
}
