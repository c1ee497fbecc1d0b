// A plain activation without parameters is its name, `"gelu"`. Anything else is an object with the function's name as a
// key, its parameters behind it, and beside it the scales and shifts that differ from 1, 0, 1, 0:
// `{"leaky-relu": {"slope": 0.2}, "input-scale": 2}`, `{"gelu": {}, "output-scale": 1.5}`.

extension ActivationFunction: Codable {
  /// From `"gelu"`, or from `{"leaky-relu": {"slope": 0.2}}`.
  public init(from decoder: any Decoder) throws {
    let activation = try Activation(from: decoder)
    guard activation.isPlain else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "A function of an activation has no scales and shifts.")
      )
    }
    self = activation.function
  }

  public func encode(to encoder: any Encoder) throws { try Activation(self).encode(to: encoder) }
}

extension Activation: Codable {
  /// From a name, `"gelu"`, or an object, `{"leaky-relu": {"slope": 0.2}, "input-scale": 2}`.
  ///
  /// - Throws: `NetworkError` for wrong names and values, `DecodingError` for the wrong shape.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      self = try Activation(name: name)
      return
    }
    let container = try decoder.container(keyedBy: AnyKey.self)
    let names = container.allKeys.map(\.stringValue).filter { !Self.scaleAndShiftNames.contains($0) }
    guard let name = names.first, names.count == 1 else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "An activation names one function, and here are \(names.count): \(names.sorted())."))
    }
    var parameters = try container.decode([String: ActivationParameter].self, forKey: AnyKey(stringValue: name))
    for key in Self.scaleAndShiftNames {
      guard let value = try container.decodeIfPresent(Double.self, forKey: AnyKey(stringValue: key)) else {
        continue
      }
      parameters[key] = .number(value)
    }
    self = try Activation(name: name, parameters: parameters)
  }

  public func encode(to encoder: any Encoder) throws {
    guard !isPlain || !function.parameters.isEmpty else {
      var container = encoder.singleValueContainer()
      return try container.encode(function.name)
    }
    var container = encoder.container(keyedBy: AnyKey.self)
    try container.encode(function.parameters, forKey: AnyKey(stringValue: function.name))
    for ((key, value), usual) in zip(scalesAndShifts, [1.0, 0, 1, 0]) where value != usual {
      try container.encode(value, forKey: AnyKey(stringValue: key))
    }
  }
}
