import Foundation
import OrreryNetworks
import Testing

/// Shapes and parameters of the layers on images.
@Suite struct ImageLayerTests {
  private static let network: [Layer] = [
    Layer(Convolution(units: 8, kernel: ImageExtents(height: 3, width: 5), stride: 2)), Layer(BatchNorm()),
    Layer(Nonlinearity(Activation(.relu))), Layer(MaxPool(window: 3, stride: 2, padding: .same)),
    Layer(
      Residual(
        [Layer(Convolution(units: 6, padding: .circular)), Layer(Dropout(0.25))], scale: 0.5,
        skip: [Layer(Convolution(units: 6, kernel: 1))])), Layer(AveragePool(window: 2)), Layer(Flatten()),
    Layer(Dense(units: 10)),
  ]

  @Test func aConvolutionalNetworkIsOneDescription() throws {
    let layers = Self.network
    #expect(try layers.outputShape(for: [28, 20, 3]) == [10])
    #expect(try Array(layers[...0]).outputShape(for: [28, 20, 3]) == [14, 10, 8])
    #expect(try Array(layers[...3]).outputShape(for: [28, 20, 3]) == [7, 5, 8])
    #expect(try Array(layers[...5]).outputShape(for: [28, 20, 3]) == [3, 2, 6])
    let parameters = try Architecture(layers).parameters(inputShape: [28, 20, 3])
    #expect(
      parameters.map { "\($0.name) \($0.description.shape) \($0.description.role.rawValue)" } == [
        "0.weight [8, 3, 5, 3] input", "0.bias [8] hidden-bias", "1.gain [8] norm", "1.shift [8] norm",
        "4.0.weight [6, 3, 3, 8] hidden", "4.0.bias [6] hidden-bias", "4.skip.0.weight [6, 1, 1, 8] hidden",
        "4.skip.0.bias [6] hidden-bias", "7.weight [10, 36] readout", "7.bias [10] readout-bias",
      ])
    #expect(parameters.filter(\.isDrawnWeight).map(\.description.fanIn) == [45, 72, 8, 36])
    #expect(parameters.filter(\.isDrawnWeight).map(\.description.fanOut) == [120, 54, 6, 10])
    #expect(try JSONDecoder().decode([Layer].self, from: JSONEncoder().encode(layers)) == layers)
    #expect(try [Layer(GlobalAveragePool())].outputShape(for: [7, 7, 5]) == [5])
  }

  @Test func shapesThatDoNotFitAreNamed() {
    let bad: [([Layer], [Int], [String])] = [
      ([Layer(Convolution(units: 4))], [28, 28], ["layer 1 (convolution)", "[28, 28]"]),
      ([Layer(Convolution(units: 4, kernel: 5, padding: .valid))], [4, 9, 1], ["5 × 5", "4 × 9"]),
      ([Layer(Convolution(units: 0))], [4, 9, 1], ["0 units"]),
      ([Layer(Convolution(units: 1, stride: 0))], [4, 9, 1], ["stride", "0 × 0"]),
      ([Layer(Flatten()), Layer(MaxPool(window: 2))], [4, 4, 1], ["layer 2 (max-pool)", "[16]"]),
      ([Layer(AveragePool(window: 5))], [4, 4, 1], ["average-pool", "5 × 5"]),
      ([Layer(GlobalAveragePool())], [16], ["global", "[16]"]),
      ([Layer(BatchNorm(momentum: 1))], [4, 4, 1], ["momentum", "1.0"]),
      ([Layer(BatchNorm(epsilon: -1))], [4, 4, 1], ["epsilon"]), ([Layer(Dropout(1))], [4], ["probability", "1.0"]),
      (
        [Layer(Residual([Layer(Convolution(units: 4, stride: 2))], skip: [Layer(Convolution(units: 4))]))], [4, 4, 1],
        ["[2, 2, 4]", "[4, 4, 4]"]
      ),
    ]
    for (layers, shape, words) in bad {
      let error = #expect(throws: NetworkError.self) { try layers.outputShape(for: shape) }
      let text = error.map { "\($0)" } ?? ""
      for word in words { #expect(text.contains(word), "\(text)") }
    }
  }
}
