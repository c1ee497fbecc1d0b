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
