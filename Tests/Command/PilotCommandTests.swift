import Foundation
import OrreryTestSupport
import Testing

/// orrery confront --pilot, as a user runs it.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct PilotCommandTests {
  private static func study(
    depth: Int, initialization: String = "pytorch-linear", activation: String = "gelu",
    optimizer: String = "{ adam: { learning-rate: 0.003, batch: 16, steps: 500 }, loss: cross-entropy }"
  ) -> String {
    """
    orrery: 1
    seed: 3
    network: { mlp: { depth: \(depth), width: 16, activation: \(activation), outputs: 2 }, init: \(initialization), parametrization: standard }
    data: { name: digits, classes: [0, 1], train: 64, test: 50, normalize: standard, targets: one-hot }
    optimizer: \(optimizer)
    """
  }

  private static func pilot(_ more: String...) -> [String] {
    ["confront", "-", "--pilot", "--archive", "runs", "--pilot-steps", "60"] + more
  }

  @Test func initializationsStandBesideTheirForecast() throws {
    try withTemporaryFolder { folder in
      let json = try OrreryProgram.success(
        Self.pilot("--json", "--report", "out"), input: Self.study(depth: 40), in: folder
      ).json
      #expect(abs(try json["constantLoss"].double - 0.6931) < 0.01)
      let rows = try json["rows"].elements
      #expect(rows.count >= 3)
      // Forty layers of PyTorch's default do not tell inputs apart; sixty steps do not change that.
      #expect(try rows[0]["isOwn"].bool)
      #expect(try rows[0]["outcome"].string == "agrees")
      #expect(try !rows[0]["learned"].bool)
      for row in rows {
        let points = try row["points"].elements
        #expect(try points.map { try $0["factor"].double } == [0.1, 1, 10])
        #expect(try points.allSatisfy { try $0["finding"]["request"]["networks"].int == 2 })
      }
      #expect(
        Set(["forecast.json", "index.html", "pilot-loss.csv", "pilot-loss.svg", "pilot.json"])
          == Set(try files(below: folder.appending(path: "out"))))
      // What is trained is in the archive.
      let again = try OrreryProgram.success(Self.pilot("--json"), input: Self.study(depth: 40), in: folder).json
      #expect(try again["rows"].elements[0]["points"].elements[0]["finding"]["isFromArchive"].bool)
    }
  }

  @Test func shallowNetworksLearn() throws {
    try withTemporaryFolder { folder in
      let output = try OrreryProgram.success(Self.pilot(), input: Self.study(depth: 2), in: folder).output
      #expect(output.contains("The forecast held for"))
      #expect(!output.contains("refuted"))
    }
  }

  @Test func mistakesAreNamed() throws {
    let few = try OrreryProgram.run(Self.pilot("--pilot-networks", "0"), input: Self.study(depth: 2))
    #expect(few.status == 64 && few.errors.contains("--pilot-networks must be at least 1"))
    for more in [["--fail-on", "refuted"], ["--initialization-only"]] {
      let refused = try OrreryProgram.run(["confront", "-", "--pilot"] + more, input: Self.study(depth: 2))
      #expect(refused.status == 64 && refused.errors.contains(more[0]), "\(refused.errors)")
    }
    for more in [["--pilot-steps", "5"], ["--pilot-networks", "5"]] {
      let refused = try OrreryProgram.run(["confront", "-"] + more, input: Self.study(depth: 2))
      #expect(refused.status == 64 && refused.errors.contains("add --pilot"), "\(refused.errors)")
    }
    let none = try OrreryProgram.run(
      ["confront", "-", "--pilot"],
      input: Self.study(depth: 2).split(separator: "\n").dropLast().joined(separator: "\n"))
    #expect(none.status == 65 && none.errors.contains("no key optimizer"))
    let layers = """
      orrery: 1
      network: { layers: [flatten, { dense: { units: 8 } }, layer-norm, { dense: { units: 2 } }], init: he }
      data: { name: digits, classes: [0, 1], train: 64, targets: one-hot }
      optimizer: { adam: { learning-rate: 0.003, batch: 16, steps: 500 }, loss: cross-entropy }
      """
    let general = try OrreryProgram.run(Self.pilot(), input: layers)
    #expect(general.status == 65 && general.errors.contains("covers multilayer perceptrons"))
  }
}
