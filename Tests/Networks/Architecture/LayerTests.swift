import Foundation
import OrreryNetworks
import Testing

/// A kind of layer that only this test knows.
private struct Doubling: LayerDescription {
  static let key = "test-doubling"
  var times: Int
  func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape.map { $0 * times } }
  func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
}

/// Its own check alone finds what is wrong.
private struct Strict: LayerDescription {
  static let key = "strict"
  func validate() throws { throw NetworkError(.invalidValue, "it is too strict", remedy: "be lenient.") }
  func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }
  func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
}

private struct Impostor: LayerDescription {
  static let key = "dense"
  func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }
  func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
}

@Suite struct LayerTests {
  static let layers = MultilayerPerceptron(depth: 2, width: 3, activation: Activation(.elu(alpha: 2))).layers

  @Test(arguments: layers) func roundTripsThroughJSON(_ layer: Layer) throws {
    #expect(try JSONDecoder().decode(Layer.self, from: JSONEncoder().encode(layer)) == layer)
  }

  @Test func hasOneKey() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(Layer(Dense(units: 3))), as: UTF8.self)
    #expect(text == #"{"dense":{"role":"hidden","units":3}}"#)
  }

  @Test func newKindsCanBeRegistered() throws {
    let layer = Layer(Doubling(times: 2))
    let data = try JSONEncoder().encode(layer)
    try Layer.register(Doubling.self)
    try Layer.register(Doubling.self)
    #expect(try JSONDecoder().decode(Layer.self, from: data) == layer)
    #expect(Layer.registeredKeys.contains("test-doubling"))
    #expect(throws: NetworkError.self) { try Layer.register(Impostor.self) }
  }

  @Test func theirOwnCheckIsAskedOfLists() throws {
    let error = try #require(throws: NetworkError.self) { try [Layer(Strict())].outputShape(for: [3]) }
    #expect(error.description.contains("layer 1 (strict) does not fit: it is too strict"), "\(error)")
  }

  @Test func unknownKindsAreNamed() throws {
    let error = try #require(throws: NetworkError.self) {
      try JSONDecoder().decode(Layer.self, from: Data(#"{"desne": {}}"#.utf8))
    }
    #expect(error.description == "there is no layer called 'desne'; did you mean 'dense'?")
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Layer.self, from: Data("{}".utf8)) }
  }

  @Test func equalityAndHashing() {
    #expect(Layer(Dense(units: 3)) == Layer(Dense(units: 3)))
    #expect(Layer(Dense(units: 3)) != Layer(Dense(units: 4)))
    #expect(Layer(Dense(units: 3)) != Layer(Nonlinearity(Activation(.relu))))
    #expect(Set(Self.layers).count == 3)
  }

  @Test func denseActsOnTheLastAxis() throws {
    #expect(try Dense(units: 3).outputShape(for: [2, 5]) == [2, 3])
    #expect(throws: NetworkError.self) { try Dense(units: 3).outputShape(for: []) }
    #expect(throws: NetworkError.self) { try Dense(units: 0).outputShape(for: [2]) }
  }
}
