import Foundation
import OrreryTestSupport
import Testing

/// flow: tensors at order 1/n of a description's data or of an array.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct FlowCommandTests {
  private static let description = """
    orrery: 1
    network: { mlp: { depth: 2, width: 8, activation: tanh }, init: critical }
    data: { name: digits, classes: [0, 1], train: 8, test: 4, targets: plus-minus-one }

    """

  private func run(_ arguments: [String], in folder: URL) throws -> OrreryProgram.Outcome {
    try Data(Self.description.utf8).write(to: folder.appendingPathComponent("mine.yaml"))
    return try OrreryProgram.run(["flow", "mine.yaml"] + arguments, in: folder)
  }

  @Test func printsEveryLayerAndWritesAReport() throws {
    try withTemporaryFolder { folder in
      let outcome = try run(["--report", "out"], in: folder)
      #expect(outcome.status == 0 && outcome.output.contains("V/K²") && outcome.output.contains("U K/Θ³"))
      for name in ["index.html", "flow.json", "flow-learning.svg"] {
        #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("out/\(name)").path), "\(name)")
      }
    }
  }

  @Test func readsAnArrayAndPrintsJSON() throws {
    try withTemporaryFolder { folder in
      try Data("1,2,2\n0,3,-1\n".utf8).write(to: folder.appendingPathComponent("X.csv"))
      let outcome = try run(["X.csv", "--json", "--extent", "tangent-kernel"], in: folder)
      #expect(outcome.status == 0)
      let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      #expect((object?["layers"] as? [Any])?.count == 3)
      // One row is one input, and all rows are taken.
      try Data("1,2,2\n".utf8).write(to: folder.appendingPathComponent("one.csv"))
      let one = try run(["one.csv", "--extent", "preactivations"], in: folder)
      #expect(one.status == 0 && !one.output.contains("V_(12)(12)"))
    }
  }

  @Test func wrongUseIsASentence() throws {
    try withTemporaryFolder { folder in
      #expect(try run(["--inputs", "0"], in: folder).status == 64)
      #expect(try run(["--inputs", "30"], in: folder).status == 64)
      try Data(String(repeating: "1,2,2\n", count: 30).utf8).write(to: folder.appendingPathComponent("many.csv"))
      let many = try run(["many.csv"], in: folder)
      #expect(many.status == 64 && many.errors.contains("--inputs 16"))
      #expect(
        try run(["many.csv", "--inputs", "40", "--extent", "preactivations"], in: folder).errors.contains(
          "--inputs asks for 40"))
      #expect(try run(["missing.npy"], in: folder).status == 66)
      let kinked = try run(["network.mlp.activation=elu"], in: folder)
      #expect(kinked.status == 65 && kinked.errors.contains("neither smooth nor of two slopes"))
      #expect(try run(["--inputs", "9"], in: folder).errors.contains("ask for fewer"))
    }
  }
}
