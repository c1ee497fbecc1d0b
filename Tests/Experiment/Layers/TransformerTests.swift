import Foundation
import OrreryExperiment
import OrreryNetworks
import OrreryTestSupport
import Testing

/// Layers of sequences as programs: plain references, derivatives of a whole transformer, and what causality forbids.
@Suite struct TransformerTests {
  static func transformer(
    vocabulary: Int, features: Int, heads: Int, causal: Bool, scale: SelfAttention.Scale = .inverseSquareRoot,
    blocks: Int = 1
  ) -> [Layer] {
    [Layer(Embedding(vocabulary: vocabulary, features: features)), Layer(PositionalEmbedding())]
      + (0..<blocks).flatMap { _ in
        [
          Layer(Residual([Layer(LayerNorm()), Layer(SelfAttention(heads: heads, causal: causal, scale: scale))])),
          Layer(
            Residual(
              [
                Layer(RootMeanSquareNorm()), Layer(Dense(units: 2 * features)),
                Layer(Nonlinearity(Activation(.gelu))), Layer(Dense(units: features)),
              ], scale: 0.7)),
        ]
      } + [Layer(LayerNorm()), Layer(Dense(units: vocabulary))]
  }

  /// A transformer and its loss on random symbols, at random parameters.
  private static func number(
    _ layers: [Layer], vocabulary: Int, positions: Int, samples: Int
  ) throws -> (number: NumberOfArrays, point: [[Double]]) {
    let lowered = try LoweredNetwork(layers, inputShape: [positions], samples: samples)
    var graph = lowered.graph
    let targets = graph.input([samples, positions])
    let loss = graph.loss(.crossEntropy, of: lowered.output, targets: targets)
    var random = SplitMix(seed: 23)
    func symbols() -> [Double] {
      (0..<(samples * positions)).map { _ in (Double(vocabulary) * random.uniform()).rounded(.down) }
    }
    let (inputs, labels) = (symbols(), symbols())
    var number = NumberOfArrays(graph: graph, arrays: lowered.parameters, value: loss)
    number.fixed = [lowered.input, targets]
    number.fixedNumbers = [inputs, labels]
    let point = lowered.parameters.map { parameter in random.array(graph.shape(parameter)).map { 0.7 * $0 } }
    return (number, point)
  }

  @Test(arguments: [true, false], SelfAttention.Scale.allCases)
  func derivativesOfAWholeTransformer(causal: Bool, scale: SelfAttention.Scale) throws {
    let layers = Self.transformer(vocabulary: 5, features: 4, heads: 2, causal: causal, scale: scale)
    var (number, point) = try Self.number(layers, vocabulary: 5, positions: 3, samples: 2)
    #expect(try number.gradientError(at: point) < 1e-7)
    #expect(try number.hessianError(at: point) < 1e-7)
  }

  /// The output of position t does not change with, and has no derivative towards, what enters behind t.
  @Test func causalAttentionHasNoDerivativeTowardsTheFuture() throws {
    let (positions, features) = (5, 6)
    for causal in [true, false] {
      let attention = SelfAttention(heads: 3, causal: causal)
      var graph = Graph()
      let parameters = attention.parameters(for: [positions, features]).map { graph.input($0.shape) }
      let x = graph.input([1, positions, features])
      let z = try attention.lower(&graph, x, parameters: parameters)
      let cotangent = graph.input([1, positions, features])
      let pulled = try #require(try graph.pullback([(z, cotangent)], to: [x])[0])
      var random = SplitMix(seed: 2)
      let shapes = parameters.map { graph.shape($0) }
      let numbers = shapes.map { random.array($0) } + [random.array([positions, features])]
      let number = NumberOfArrays(graph: graph, arrays: parameters + [x], value: z)
      for position in 0..<positions {
        var seed = [Double](repeating: 0, count: positions * features)
        for j in 0..<features { seed[position * features + j] = random.normal() }
        let found = number.at(numbers, [pulled], extra: [(cotangent, seed)])[0]
        let (past, future) = (found.prefix((position + 1) * features), found.dropFirst((position + 1) * features))
        #expect(past.contains { $0 != 0 })
        #expect(causal ? future.allSatisfy { $0 == 0 } : position == positions - 1 || future.contains { $0 != 0 })
      }
    }
  }

  /// Queries, keys, values and softmax in loops.
  @Test(arguments: [true, false], [true, false]) func attentionWrittenOut(causal: Bool, biases: Bool) throws {
    let (samples, positions, features, heads) = (2, 4, 6, 2)
    let size = features / heads
    let attention = SelfAttention(heads: heads, causal: causal, scale: .inverse, biases: biases)
    var graph = Graph()
    let parameters = attention.parameters(for: [positions, features]).map { graph.input($0.shape) }
    let x = graph.input([samples, positions, features])
    let z = try attention.lower(&graph, x, parameters: parameters)
    var random = SplitMix(seed: 8)
    let shapes = parameters.map { graph.shape($0) }
    let values = shapes.map { random.array($0) }
    let input = random.array([samples, positions, features])
    let found = NumberOfArrays(graph: graph, arrays: parameters + [x], value: z).at(values + [input], [z])[0]
    func map(_ number: Int, _ row: [Double]) -> [Double] {
      let weight = values[number * (biases ? 2 : 1)]
      var result = biases ? values[number * 2 + 1] : [Double](repeating: 0, count: features)
      for i in 0..<features {
        for j in 0..<features { result[i] += weight[i * features + j] * row[j] }
      }
      return result
    }
    for sample in 0..<samples {
      let rows = (0..<positions).map { t in
        Array(input[((sample * positions + t) * features)..<((sample * positions + t + 1) * features)])
      }
      let (queries, keys, contents) = (rows.map { map(0, $0) }, rows.map { map(1, $0) }, rows.map { map(2, $0) })
      for t in 0..<positions {
        var mixed: [Double] = []
        for head in 0..<heads {
          let part = (head * size)..<((head + 1) * size)
          let seen = causal ? t + 1 : positions
          let weights = (0..<seen).map { u -> Double in
            var logit = 0.0
            for j in part { logit += queries[t][j] * keys[u][j] }
            return Foundation.exp(logit / Double(size))
          }
          let sum = weights.reduce(0, +)
          for j in part {
            var value = 0.0
            for u in 0..<seen { value += weights[u] * contents[u][j] }
            mixed.append(value / sum)
          }
        }
        let exact = map(3, mixed)
        for j in 0..<features {
          #expect(abs(found[(sample * positions + t) * features + j] - exact[j]) < 1e-12 * (1 + abs(exact[j])))
        }
      }
    }
  }

  /// Numbers of classes and one-hot rows are the same loss, with the same gradient.
  @Test func classNumbersAreOneHotRows() throws {
    let (samples, positions, classes) = (2, 3, 4)
    var graph = Graph()
    let z = graph.input([samples, positions, classes])
    let (numbers, rows) = (graph.input([samples, positions]), graph.input([samples, positions, classes]))
    let losses = [numbers, rows].map { graph.loss(.crossEntropy, of: z, targets: $0) }
    let gradients = try losses.map { try graph.gradient(of: $0, to: [z])[0]! }
    var random = SplitMix(seed: 6)
    let values = random.array([samples, positions, classes])
    let labels = [0.0, 3, 1, 1, 2, 0]
    let oneHot = labels.flatMap { label in (0..<classes).map { Double($0) == label ? 1.0 : 0 } }
    let found = NumberOfArrays(graph: graph, arrays: [z, numbers, rows], value: losses[0]).at(
      [values, labels, oneHot], losses + gradients)
    #expect(abs(found[0][0] - found[1][0]) < 1e-14)
    for (a, b) in zip(found[2], found[3]) { #expect(abs(a - b) < 1e-15) }
  }
}
