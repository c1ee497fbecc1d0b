import Foundation
import OrreryNetworks
import Testing

/// Shapes and parameters of the layers of sequences.
@Suite struct SequenceLayerTests {
  private static let transformer: [Layer] = [
    Layer(Embedding(vocabulary: 11, features: 6)), Layer(PositionalEmbedding()),
    Layer(
      Residual(
        [Layer(LayerNorm()), Layer(SelfAttention(heads: 2, causal: true, scale: .inverse))], scale: 0.5)),
    Layer(
      Residual([
        Layer(RootMeanSquareNorm(epsilon: 1e-6)), Layer(Dense(units: 24)), Layer(Nonlinearity(Activation(.gelu))),
        Layer(Dense(units: 6)),
      ])), Layer(LayerNorm(learned: false)), Layer(Dense(units: 11)),
  ]

  @Test func aTransformerIsOneDescription() throws {
    let layers = Self.transformer
    #expect(try layers.outputShape(for: [5]) == [5, 11])
    let parameters = try Architecture(layers).parameters(inputShape: [5])
    #expect(
      parameters.map { "\($0.name) \($0.description.shape) \($0.description.role.rawValue)" } == [
        "0.weight [11, 6] embedding", "1.weight [5, 6] embedding", "2.0.gain [6] norm", "2.0.shift [6] norm",
        "2.1.query.weight [6, 6] hidden", "2.1.query.bias [6] hidden-bias", "2.1.key.weight [6, 6] hidden",
        "2.1.key.bias [6] hidden-bias", "2.1.value.weight [6, 6] hidden", "2.1.value.bias [6] hidden-bias",
        "2.1.output.weight [6, 6] hidden", "2.1.output.bias [6] hidden-bias", "3.0.gain [6] norm",
        "3.1.weight [24, 6] hidden", "3.1.bias [24] hidden-bias", "3.3.weight [6, 24] hidden",
        "3.3.bias [6] hidden-bias", "5.weight [11, 6] readout", "5.bias [11] readout-bias",
      ])
    // Each weight tensor that is drawn has a number of its own, which its bias shares.
    #expect(parameters.map(\.weightNumber) == [1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 6, 7, 7, 8, 8, 9, 9])
    let decoded = try JSONDecoder().decode([Layer].self, from: JSONEncoder().encode(layers))
    #expect(decoded == layers)
  }

  @Test func shapesThatDoNotFitAreNamed() {
    let bad: [([Layer], [Int], [String])] = [
      ([Layer(SelfAttention(heads: 2))], [5], ["layer 1 (self-attention)", "[5]"]),
      ([Layer(SelfAttention(heads: 4))], [5, 6], ["4 heads", "[5, 6]"]),
      ([Layer(Embedding(vocabulary: 3, features: 4)), Layer(SelfAttention(heads: 3))], [7], ["layer 2", "[7, 4]"]),
      ([Layer(PositionalEmbedding())], [4], ["positional-embedding", "[4]"]),
      ([Layer(Embedding(vocabulary: 0, features: 4))], [4], ["0 symbols"]),
      ([Layer(LayerNorm(epsilon: 0))], [4, 4], ["epsilon", "0.0"]),
      ([Layer(RootMeanSquareNorm())], [], ["rms-norm", "[]"]),
      ([Layer(Residual([Layer(Dense(units: 3))]))], [4, 4], ["[4, 4] enters", "[4, 3] leaves"]),
      ([Layer(Residual([Layer(SelfAttention(heads: 3))]))], [4, 4], ["layer 1 (residual)", "3 heads"]),
      ([Layer(Residual([], scale: .nan))], [4], ["branch scale"]),
      ([Layer(Residual([]))], [4], ["layer 1 (residual)", "branch is empty"]),
      (
        [Layer(Dense(units: 4)), Layer(Embedding(vocabulary: 3, features: 4))], [4],
        ["layer 2 (embedding)", "put it first"]
      ),
      (
        [Layer(Residual([Layer(Embedding(vocabulary: 3, features: 1)), Layer(Flatten())]))], [4],
        ["layer 1 (residual)", "contains an embedding"]
      ),
    ]
    for (layers, shape, words) in bad {
      let error = #expect(throws: NetworkError.self) { try layers.outputShape(for: shape) }
      for word in words { #expect("\(error.map { "\($0)" } ?? "")".contains(word), "\(String(describing: error))") }
    }
  }

  @Test func scalesOfLogits() {
    #expect(SelfAttention.Scale.inverseSquareRoot.factor(headSize: 16) == 0.25)
    #expect(SelfAttention.Scale.inverse.factor(headSize: 16) == 0.0625)
  }
}
