import Foundation
import OrreryTestSupport
import Testing

/// Every mistake gets one sentence that says where, what, and what to do, and the exit status of its kind.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct BadDescriptionTests {
  /// A mistake in the description: what to replace, by what, and what the message must say.
  struct Mistake: Sendable, CustomTestStringConvertible {
    var text: String
    var replacement: String
    var says: [String]
    var testDescription: String { replacement }
  }

  static let mistakes = [
    Mistake(text: "  init:", replacement: "  inti:", says: ["line 6", "inti", "Did you mean init?"]),
    Mistake(text: "tanh", replacement: "tahn", says: ["line 5", "tahn", "tanh"]),
    Mistake(text: "depth: 2", replacement: "depth: two", says: ["line 5", "network.mlp.depth", "whole number"]),
    Mistake(text: "depth: 2", replacement: "depth: 2.5", says: ["line 5", "whole number"]),
    Mistake(text: "depth: 2", replacement: "depth: 0", says: ["line 5", "network.mlp.depth", "at least 1"]),
    Mistake(text: "width: 12", replacement: "width: 0", says: ["line 5", "network.mlp.width", "at least 1"]),
    Mistake(text: "width: 12", replacement: "width: -3", says: ["line 5", "at least 1"]),
    Mistake(text: "width: 12", replacement: "width: [12]", says: ["line 5", "depth is 2", "1 layer"]),
    Mistake(text: "outputs: 1", replacement: "outputs: 0", says: ["line 5", "at least 1"]),
    Mistake(text: "seed: 7", replacement: "seed: lucky", says: ["line 2", "seed", "whole number"]),
    Mistake(text: "float32", replacement: "float33", says: ["line 3", "Did you mean float32?"]),
    Mistake(text: "ntk", replacement: "nkt", says: ["line 7", "Did you mean ntk?"]),
    Mistake(text: "critical", replacement: "{ weight-variance: .inf }", says: ["line 6", "finite"]),
    Mistake(text: "critical", replacement: "{ weight-variance: -1 }", says: ["line 6", "negative"]),
    Mistake(text: "sphere", replacement: "shpere", says: ["line 8", "Did you mean sphere?"]),
    Mistake(text: "features: 5", replacement: "features: 0", says: ["line 8", "at least 1"]),
    Mistake(text: "batch: 8", replacement: "bacth: 8", says: ["line 9", "Did you mean batch?"]),
    Mistake(text: "networks: 40", replacement: "networks: 1", says: ["line 10", "at least 2"]),
    Mistake(text: "orrery: 1", replacement: "orrery: 2", says: ["line 1", "version"]),
    Mistake(text: "seed: 7", replacement: "\tseed: 7", says: ["line 2", "YAML"]),
    Mistake(text: "{ adam", replacement: "{{ adam", says: ["YAML"]),
    Mistake(text: "tanh", replacement: "softplus", says: ["softplus", "critical"]),
    Mistake(
      text: "critical", replacement: "{ weight-variance: 1.0e+300 }", says: ["overflow", "lower weight-variance"]),
  ]

  @Test(arguments: mistakes)
  func mistakesHaveALineAndARemedy(mistake: Mistake) throws {
    // tanh saturates; only a kernel that can grow overflows.
    let text = Descriptions.tiny(mistake.text, mistake.replacement).replacingOccurrences(
      of: "tanh", with: mistake.replacement.contains("e+300") ? "{ monomial: { degree: 2 } }" : "tanh")
    for command in ["forecast", "confront"] {
      try OrreryProgram.failure(65, [command, "-"], says: mistake.says, input: text)
    }
  }

  @Test(arguments: ["exp", "{ monomial: { degree: 3 } }", "relu-squared"])
  func kernelsThatOverflowNameTheLayer(activation: String) throws {
    let text = Descriptions.tiny("tanh", activation).replacingOccurrences(of: "depth: 2", with: "depth: 60")
      .replacingOccurrences(of: "critical", with: "{ weight-variance: 9, bias-variance: 1 }")
    for command in ["forecast", "confront"] {
      try OrreryProgram.failure(65, [command, "-"], says: ["overflows at layer", "of 61"], input: text)
    }
  }

  @Test func emptyAndShapelessDescriptionsAreNamed() throws {
    try OrreryProgram.failure(65, ["check", "-"], says: ["standard input", "empty"], input: "")
    try OrreryProgram.failure(65, ["check", "-"], says: ["set of keys"], input: "- 1\n- 2\n")
    try OrreryProgram.failure(65, ["check", "-"], says: ["no key network"], input: "orrery: 1\n")
    try OrreryProgram.failure(65, ["check", "-"], says: ["YAML"], input: "\u{0}\u{1}\u{FF}")
  }

  @Test(arguments: [
    ("network.mlp.wdith=3", "Did you mean width?"), ("seed=", "empty value"), ("seed", "sets nothing"),
    ("network.mlp.width=wide", "whole number"), ("network.mlp.width=0", "at least 1"), ("=3", "no path"),
    ("data=[", "YAML"),
  ])
  func overridesAreUsage(override: String, says: String) throws {
    try OrreryProgram.failure(
      64, ["forecast", "-", override], says: ["the command line", says], input: Descriptions.tiny)
  }

  @Test(arguments: [
    ["forecast"], ["frobnicate", "-"], ["forecast", "-", "--jsno"], ["forecast", "-", "--threads", "0"],
    ["forecast", "-", "--threads", "many"], ["confront", "-", "--fail-on", "doubt"], ["kernel", "-", "X.npy"],
    ["data", "show"], ["forecast", "-", "--seed", "-1"],
  ])
  func wrongUsageIs64(arguments: [String]) throws {
    let outcome = try OrreryProgram.run(arguments, input: Descriptions.tiny)
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("orrery: ") && outcome.errors.contains("Usage: "), "\(outcome.errors)")
  }

  @Test func filesThatAreNotThereAre66() throws {
    try withTemporaryFolder { folder in
      try OrreryProgram.failure(66, ["check", "nowhere.yaml"], says: ["nowhere.yaml", "orrery new"], in: folder)
      try OrreryProgram.failure(66, ["check", folder.path], says: ["cannot be read"], in: folder)
      let lost = Descriptions.tiny(
        "{ synthetic: { distribution: sphere, samples: 6, features: 5 } }", "{ files: { inputs: lost.npy } }")
      try OrreryProgram.failure(66, ["check", "-"], says: ["lost.npy"], input: lost, in: folder)
    }
  }

  @Test func outputsThatCannotBeWrittenAre73() throws {
    try withTemporaryFolder { folder in
      try Data("here".utf8).write(to: folder.appendingPathComponent("taken"))
      for place in ["taken", "taken/below"] {
        try OrreryProgram.failure(
          73, ["confront", "-", "--report", place], says: ["taken", "choose another"], input: Descriptions.tiny,
          in: folder)
      }
      #expect(try files(below: folder) == ["taken"])
      #expect(try String(contentsOf: folder.appendingPathComponent("taken"), encoding: .utf8) == "here")
    }
  }

  @Test func aMisspeltCommandIsNamed() throws {
    let run = try OrreryProgram.run(["forcast", "-"])
    #expect(run.status == 64)
    #expect(run.errors == "orrery: There is no command 'forcast'; did you mean 'forecast'?\n")
  }
}
