import Foundation
import OrrerySpecification
import OrreryTestSupport
import Testing

/// Random and mutated descriptions and overrides: the reader returns or throws a `SpecificationError` with a sentence, and
/// never ends the process. 3000 of them, or 150 000 with `ORRERY_NIGHTLY=1`.
@Suite("Fuzzing descriptions") struct YAMLFuzzTests {
  private static let count = ProcessInfo.processInfo.environment["ORRERY_NIGHTLY"] == "1" ? 150_000 : 3000

  private static let seeds = [
    Specification.template, StudyDecoderTests.full,
    "orrery: 1\nnetwork: { mlp: { width: [3, 4], activation: { polynomial: { coefficients: [0, 1] } } },\n  "
      + "init: [{ weight-variance: 1 }, { weight-variance: 2, weights: uniform }, { weight-variance: 1 }] }\n",
    "orrery: 1\ndata: { files: { inputs: { path: X.npz, array: a }, label-column: -1 }, classes: [0, 2] }\n",
    "orrery: 1\noptimizer: { adam: { betas: [0.9, 0.99], schedule: { table: { 10: 0.1, warm-up: 2 } }, clip: { value: 1 } },\n"
      + "  loss: { mse: { half: false } } }\n",
    "orrery: 1\noptimizer: { muon: { others: { sgd: { momentum: { nesterov: 0.9 } } }, batch: { size: 8 },\n"
      + "  weight-decay: { decoupled: 0.1, of: weights }, multipliers: { W1: 2, norm: 0 } } }\n",
    "orrery: 1\ndata: { synthetic: { distribution: sphere, samples: 10, features: 3 } }\nensemble: { widths: [2, 3] }\n",
  ].map { Array($0.utf8) }

  /// Pieces that readers trip over: signs with a meaning in YAML, limits of numbers, keys in wrong places.
  private static let pieces = [
    "&a ", "*a", "[", "]", "{", "}", ",", ": ", "- ", "? ", "| ", "> ", "\n", "\n  ", "\t", "#", "'", "\"", "!!str ",
    "!x ", "%",
    "---\n", "...\n", "<<: ", "~", "null", ".nan", ".inf", "-1", "0", "1e3", "1e400", "1e-400", "9223372036854775807",
    "18446744073709551616", "4294967296", "65536", "0x10", "1_0", "\u{0}", "\u{FEFF}", "\u{85}", "\u{2028}", "é", "𝒦",
    "true",
    "width", "network", "init", "critical", "nn.Linear", "@", "`",
  ].map { Array($0.utf8) }

  private struct Mutator {
    var generator: SplitMix

    mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(max(1, bound))) }

    mutating func text() -> [UInt8] {
      if below(16) == 0 { return (0..<below(200)).map { _ in UInt8(truncatingIfNeeded: generator.next()) } }
      if below(8) == 0 { return (0..<below(60)).flatMap { _ in pieces[below(pieces.count)] } }
      var text = seeds[below(seeds.count)]
      for _ in 0...below(4) { mutate(&text) }
      return text
    }

    private mutating func mutate(_ text: inout [UInt8]) {
      let place = below(text.count + 1)
      let end = min(text.count, place + below(20))
      switch below(6) {
      case 0: text.removeSubrange(place..<end)
      case 1: text.insert(contentsOf: pieces[below(pieces.count)], at: place)
      case 2: text.replaceSubrange(place..<end, with: pieces[below(pieces.count)])
      case 3: text.insert(contentsOf: text[place..<end], at: below(text.count + 1))
      case 4: if place < text.count { text[place] = UInt8(truncatingIfNeeded: generator.next()) }
      default: text.removeSubrange(place...)
      }
    }

    private var pieces: [[UInt8]] { YAMLFuzzTests.pieces }
    private var seeds: [[UInt8]] { YAMLFuzzTests.seeds }
  }

  private func check(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      return true
    } catch let error as SpecificationError {
      #expect(error.message.hasSuffix(".") || error.message.hasSuffix("?") || error.message.hasSuffix(")."), "\(error)")
    } catch {
      Issue.record("An error of another type: \(error)")
    }
    return false
  }

  @Test func descriptions() {
    var mutator = Mutator(generator: SplitMix(seed: 21))
    var accepted = 0
    for _ in 0..<Self.count {
      let bytes = mutator.text()
      let isAccepted = check {
        let points = try Specification.studies(yaml: Specification.text(bytes, origin: "X"), origin: "X")
        #expect(points.count == 1)
      }
      if isAccepted { accepted += 1 }
    }
    #expect(accepted > Self.count / 100, "\(accepted) were descriptions after all.")
  }

  @Test func overrides() {
    let paths = [
      "network.mlp.width", "network.init", "data", "seed", "ensemble.widths", "orrery", "network.mlp.activation", "a.b",
    ]
    var mutator = Mutator(generator: SplitMix(seed: 22))
    let template = Specification.template
    for _ in 0..<(Self.count / 4) {
      let value = String(decoding: mutator.text().prefix(120), as: UTF8.self)
      _ = check {
        _ = try Specification.studies(
          yaml: template, origin: "X", overrides: ["\(paths[mutator.below(paths.count)])=\(value)"])
      }
    }
  }
}
