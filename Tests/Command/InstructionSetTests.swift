import Foundation
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

/// The same training on every instruction set that this processor has, each in a process of its own, since a process chooses
/// once.
@Suite("Instruction sets", .tags(.process), .enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence))
struct InstructionSetTests {
  /// A small network of each kind that programs are made of: products and elementwise functions; windows gathered where they
  /// lie, pooling and statistics of batches; softmax, normalized rows and tables.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var network: String
    var data: String
    var optimizer: String

    var study: String {
      """
      orrery: 1
      seed: 5
      precision: float64
      network:
      \(network)
      data: \(data)
      optimizer: \(optimizer)

      """
    }
  }

  static let cases = [
    Case(
      testDescription: "perceptron",
      network: """
          mlp: { depth: 3, width: [40, 33, 17], activation: gelu, outputs: 10 }
          init: critical
          parametrization: standard
        """,
      data: "{ name: digits, train: 100, test: 20, normalize: sphere, targets: one-hot }",
      optimizer: "{ adam: { learning-rate: 0.003, batch: 25, steps: 20 }, loss: cross-entropy }"),
    Case(
      testDescription: "convolutional network",
      network: """
          layers:
            - convolution: { units: 11, kernel: 3 }
            - activation: relu
            - batch-norm
            - max-pool: { window: 2 }
            - convolution: { units: 18, kernel: 3 }
            - activation: tanh
            - flatten
            - dense: { units: 10 }
          init: he
          parametrization: standard
        """,
      data: "{ name: digits, train: 100, test: 20, normalize: standard, targets: one-hot }",
      optimizer: "{ sgd: { learning-rate: 0.05, momentum: 0.9, batch: 20, steps: 20 }, loss: cross-entropy }"),
    // A key's bias moves all scores of a query alike, and softmax does not see it: its gradient is rounding and nothing else, and
    // so is what training makes of it; hence no biases here. A bias right before statistics of batches would be such a one too.
    Case(
      testDescription: "transformer",
      network: """
          layers:
            - embedding: { vocabulary: 15, features: 24 }
            - positional-embedding
            - residual: [ layer-norm, { self-attention: { heads: 3, causal: true, biases: false } } ]
            - residual: [ layer-norm, { dense: { units: 50 } }, { activation: gelu }, { dense: { units: 24 } } ]
            - layer-norm
            - dense: { units: 15 }
          init: lecun
          parametrization: standard
        """,
      data: "{ text: rhyme.txt, context: 18 }",
      optimizer: "{ adamw: { learning-rate: 0.002, batch: 6, steps: 20 }, loss: cross-entropy }"),
  ]

  /// Fifteen different characters.
  private static let rhyme = String(repeating: "a cat sat on the mat; the hen saw him.\n", count: 30)

  /// Every parameter after twenty steps, by its tensor's name.
  private static func trained(_ item: Case, on path: InstructionSet) throws -> [String: [Double]] {
    try withTemporaryFolder { folder in
      try Data(rhyme.utf8).write(to: folder.appending(path: "rhyme.txt"))
      let environment = ["ORRERY_INSTRUCTION_SET": path.rawValue]
      _ = try OrreryProgram.success(
        ["train", "-", "--archive", "runs", "--save-networks", "--observables", "loss", "--json"], input: item.study,
        in: folder, environment: environment)
      // Asked without the wish: the archive says what the run was computed with.
      let run = try OrreryProgram.success(["runs", "show", "latest", "--archive", "runs", "--json"], in: folder).json
      #expect(try run["run"]["environment"]["instructionSet"].string == path.name)
      let file = try run["checkpoints"].elements[0]["file"].string
      let tensors = try Safetensors(folder.appending(path: "runs/checkpoints/\(file)")).readAll()
      return tensors.mapValues { $0.float64().elements }
    }
  }

  /// Draws, batches and update rules have the same bits everywhere; products, sums and elementwise functions differ by
  /// roundings of u = 1.1·10⁻¹⁶, fused or not and in another order. With sums of at most n = 10³ terms a gradient is off by √n u to
  /// n u of its size, 10⁻¹⁴ to 10⁻¹³. Twenty steps add that up and pass it on, by factors of order 1 as long as training is stable:
  /// 10⁻¹¹ at most, where a wrong element, even of one gradient, leaves learning rate × gradient, 10⁻³ and more.
  @Test("Twenty steps in double precision are the same on all of them", arguments: cases)
  func twentySteps(_ item: Case) throws {
    let paths = InstructionSet.allCases.filter(\.isAvailable)
    let baseline = try Self.trained(item, on: .baseline)
    #expect(baseline.count >= 6)
    for path in paths where path != .baseline {
      let found = try Self.trained(item, on: path)
      #expect(Set(found.keys) == Set(baseline.keys))
      for (name, expected) in baseline {
        let values = try #require(found[name])
        // |a − b| ≤ 10⁻¹⁰ max |a|, in each tensor.
        let error = relativeError(values, expected)
        #expect(error <= 1e-10, "\(name) on \(path.name) is off by \(error)")
      }
    }
  }
}
