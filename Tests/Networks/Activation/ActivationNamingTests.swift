import Foundation
import OrreryNetworks
import Testing

/// Names, parameters, validation, and the form in descriptions and JSON.
@Suite struct ActivationNamingTests {
  @Test func everyNameGivesItsFunction() throws {
    for name in ActivationFunction.names {
      var parameters: [String: ActivationParameter] = [:]
      for parameter in try #require(ActivationFunction.parameters(of: name)) where parameter.defaultValue == nil {
        parameters[parameter.name] = parameter.name == "coefficients" ? [1, 2] : 2
      }
      #expect(try ActivationFunction(name: name, parameters: parameters).name == name)
    }
    // Others may have been registered by a user.
    #expect(Set(activationFunctions.map(\.name)).isSubset(of: ActivationFunction.names))
    #expect(Set(activationFunctions.map(\.name)).count == 23)
    #expect(try ActivationFunction(name: "swish") == .silu)
    #expect(try ActivationFunction(name: "identity") == .linear)
  }

  @Test func defaults() throws {
    #expect(try ActivationFunction(name: "leaky-relu") == .leakyReLU(slope: 0.01))
    #expect(try ActivationFunction(name: "elu") == .elu(alpha: 1))
    #expect(
      try ActivationFunction(name: "two-slope", parameters: ["negative": -1]) == .twoSlope(positive: 1, negative: -1))
    #expect(ActivationFunction.parameters(of: "gelu") == [])
    #expect(ActivationFunction.parameters(of: "nothing") == nil)
  }

  @Test(
    arguments: [
      ("geul", [:], "there is no activation called 'geul'; did you mean 'gelu'?"),
      ("leaky_relu", [:], "there is no activation called 'leaky_relu'; did you mean 'leaky-relu'?"),
      ("gelu", ["slope": 1], "the activation 'gelu' has no parameter 'slope'; it has none; leave it out."),
      ("elu", ["alhpa": 1], "the activation 'elu' has no parameter 'alhpa'; did you mean 'alpha'?"),
      ("hermite", [:], "the activation 'hermite' needs its parameter 'degree'; write hermite: { degree: … }."),
      (
        "monomial", ["degree": 2.5],
        "the degree 2.5 of the activation 'monomial' is not a whole number; choose one from 0 to 30."
      ),
      (
        "monomial", ["degree": 31],
        "the degree 31 of the activation 'monomial' is out of range; choose one from 0 to 30."
      ),
      (
        "hermite", ["degree": -1], "the degree -1 of the activation 'hermite' is out of range; choose one from 0 to 30."
      ),
      (
        "polynomial", ["coefficients": 3],
        "the coefficients of the activation 'polynomial' are one number; give a list: the constant first, then the "
          + "coefficient of z, of z², …"
      ),
      ("elu", ["alpha": [1, 2]], "the parameter 'alpha' of the activation 'elu' is a list; give one number."),
      (
        "leaky-relu", ["slope": .number(.nan)],
        "the parameter 'slope' of the activation 'leaky-relu' is nan; give a finite number."
      ),
      (
        "tanh", ["input-scale": .number(.infinity)],
        "the input-scale of the activation 'tanh' is inf; give a finite number."
      ),
    ] as [(String, [String: ActivationParameter], String)])
  func errorsAreSentences(_ name: String, _ parameters: [String: ActivationParameter], _ text: String) throws {
    let error = #expect(throws: NetworkError.self) { try Activation(name: name, parameters: parameters) }
    #expect(error.map(String.init(describing:)) == text)
  }

  @Test func hopelessNamesGetTheWholeList() throws {
    let error = try #require(throws: NetworkError.self) { try Activation(name: "qqqqqqqq") }
    #expect(error.description.contains("choose one of linear, relu") && error.kind == .unknownName)
  }

  @Test func emptyPolynomialsAreRefused() {
    #expect(throws: NetworkError.self) { try ActivationFunction.polynomial(coefficients: []).validate() }
    #expect(throws: NetworkError.self) {
      try ActivationFunction.polynomial(coefficients: Array(repeating: 1, count: 32)).validate()
    }
    #expect(throws: Never.self) { try ActivationFunction.polynomial(coefficients: [1]).validate() }
  }

  @Test(arguments: activations) func roundTripsThroughJSON(_ activation: Activation) throws {
    let data = try JSONEncoder().encode(activation)
    #expect(try JSONDecoder().decode(Activation.self, from: data) == activation)
    let function = try JSONEncoder().encode(activation.function)
    #expect(try JSONDecoder().decode(ActivationFunction.self, from: function) == activation.function)
  }

  @Test func plainActivationsAreTheirNames() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func text(_ activation: Activation) throws -> String {
      String(decoding: try encoder.encode(activation), as: UTF8.self)
    }
    #expect(try text(Activation(.gelu)) == #""gelu""#)
    #expect(
      try text(Activation(.leakyReLU(slope: 0.25), inputScale: 2)) == #"{"input-scale":2,"leaky-relu":{"slope":0.25}}"#)
    #expect(try text(Activation(.gelu, outputShift: 0.5)) == #"{"gelu":{},"output-shift":0.5}"#)
    #expect(try text(Activation(.polynomial(coefficients: [1, 2]))) == #"{"polynomial":{"coefficients":[1,2]}}"#)
  }

  @Test func readsAliasesAndDefaults() throws {
    func decode(_ text: String) throws -> Activation {
      try JSONDecoder().decode(Activation.self, from: Data(text.utf8))
    }
    #expect(try decode(#""swish""#) == Activation(.silu))
    #expect(try decode(#"{"leaky-relu": {}}"#) == Activation(.leakyReLU(slope: 0.01)))
    #expect(throws: NetworkError.self) { try decode(#""rleu""#) }
    #expect(throws: NetworkError.self) { try decode(#"{"monomial": {"degree": 99}}"#) }
    #expect(throws: DecodingError.self) { try decode(#"{"relu": {}, "gelu": {}}"#) }
    #expect(throws: DecodingError.self) { try decode("{}") }
    #expect(throws: (any Error).self) { try decode("3") }
  }

  @Test func spellingDistance() {
    #expect(Spelling.distance("kitten", "sitting") == 3)
    #expect(Spelling.distance("", "abc") == 3)
    #expect(Spelling.distance("geul", "gelu") == 1)
    #expect(Spelling.distance("gelu", "gelu") == 0)
    #expect(Spelling.nearest(to: "foo", among: ["relu", "gelu"]) == nil)
  }
}
