import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Kernels of networks some of whose tensors go through Gram matrices and others through Jacobians, against Jacobians of all.
@Suite struct MixedTangentKernelTests {
  struct Architecture: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let layers: [Layer]
    let inputShape: [Int]
    /// Of an embedding; nil for real inputs.
    var symbols: Int?
  }

  static let cases = [
    Architecture(
      testDescription: "convolutional",
      layers: [
        Layer(Convolution(units: 3)), Layer(Nonlinearity(Activation(.tanh))), Layer(AveragePool(window: 2)),
        Layer(Residual([Layer(Convolution(units: 3)), Layer(Nonlinearity(Activation(.gelu)))])), Layer(Flatten()),
        Layer(Dense(units: 4)), Layer(Nonlinearity(Activation(.tanh))), Layer(Dense(units: 2)),
      ], inputShape: [4, 4, 2]),
    Architecture(
      testDescription: "norms",
      layers: [
        Layer(Dense(units: 5)), Layer(LayerNorm()), Layer(Nonlinearity(Activation(.tanh))), Layer(Dense(units: 4)),
        Layer(RootMeanSquareNorm()), Layer(Dense(units: 3)),
      ], inputShape: [6]),
    Architecture(
      testDescription: "attention",
      layers: [
        Layer(Embedding(vocabulary: 5, features: 4)), Layer(PositionalEmbedding()),
        Layer(Residual([Layer(LayerNorm()), Layer(SelfAttention(heads: 2, causal: true))])), Layer(Flatten()),
        Layer(Dense(units: 3)),
      ], inputShape: [3], symbols: 5),
  ]

  static func inputs(_ architecture: Architecture, _ samples: Int, seed: UInt64) -> [Double] {
    var random = SplitMix(seed: seed)
    let count = samples * architecture.inputShape.reduce(1, *)
    guard let symbols = architecture.symbols else { return random.normals(count) }
    return (0..<count).map { _ in (Double(symbols) * random.uniform()).rounded(.down) }
  }

  @Test(arguments: cases, [Parametrization.ntk, .standard])
  func mixedKernelsAgreeWithJacobians(architecture: Architecture, parametrization: Parametrization) throws {
    let layers = OrreryNetworks.Architecture(architecture.layers)
    let weights = try layers.parameters(inputShape: architecture.inputShape).filter(\.isDrawnWeight).count
    let network = try ResolvedNetwork(
      architecture: layers, inputShape: architecture.inputShape,
      initializations: Array(repeating: LayerInitialization(weightVariance: 1.4, biasVariance: 0.3), count: weights),
      parametrization: parametrization)
    let parameters = try network.drawnParameters(seed: 3)
    let tensors = try network.parameters().count
    var random = SplitMix(seed: 8)
    let direction = random.normals(parameters.count)
    let (first, second) = (Self.inputs(architecture, 5, seed: 5), Self.inputs(architecture, 3, seed: 6))
    func kernels(isStructured: Bool) throws -> [Matrix<Double>] {
      let programs = try TangentKernelEstimator<Double>.Programs(
        network, samples: [5, 3], isDirectional: true, isStructured: isStructured)
      let jacobians = programs.throughJacobians.count
      #expect(
        isStructured
          ? (1..<tensors).contains(jacobians) : jacobians == tensors)
      let estimator = TangentKernelEstimator(programs)
      return parameters.withUnsafeBufferPointer { w in
        first.withUnsafeBufferPointer { x in
          second.withUnsafeBufferPointer { y in
            direction.withUnsafeBufferPointer { v in
              let (w, x) = (w.baseAddress!, TangentKernelEstimator<Double>.Samples(x.baseAddress!, count: 5))
              let other = TangentKernelEstimator<Double>.Samples(y.baseAddress!, count: 3)
              return [
                estimator.traced(w, x), estimator.traced(w, x, other),
                estimator.tracedDerivative(w, along: v.baseAddress!, x),
              ] + estimator.tracedTensors(w, x) + estimator.tracedTensors(w, x, other)
            }
          }
        }
      }
    }
    let (mixed, plain) = (try kernels(isStructured: true), try kernels(isStructured: false))
    #expect(mixed.count == plain.count)
    for (mixed, plain) in zip(mixed, plain) {
      let size = plain.tensor.elements.reduce(0) { max($0, abs($1)) }
      // Sums of at most some hundred products, each of some dozens of roundings.
      #expect(zip(mixed.tensor.elements, plain.tensor.elements).allSatisfy { abs($0 - $1) <= 1e-12 * (1 + size) })
    }
    #expect(plain[0][0, 0] > 0 && plain[2].tensor.elements.contains { abs($0) > 1e-3 })
  }
}
