import Foundation
import OrreryTestSupport
import Testing

/// new, check, forecast: from nothing to a description, and from it to what theory says.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct DescriptionCommandTests {
  @Test func newMakesADescriptionThatChecks() throws {
    let new = try OrreryProgram.success(["new"])
    #expect(new.output.hasPrefix("#"))
    let check = try OrreryProgram.success(["check", "-"], input: new.output)
    for piece in ["64 → 64 → 64 → 64 → 64 → 64 → 1", "tanh", "critical", "digits", "hash", "confront takes"] {
      #expect(check.output.contains(piece), "\(piece)")
    }
  }

  @Test func helpNamesEveryCommand() throws {
    let help = try OrreryProgram.success(["--help"])
    for command in ["new", "check", "forecast", "confront", "tune", "kernel", "data"] {
      #expect(help.output.contains("  \(command) "), "\(command)")
      #expect(try OrreryProgram.success(["help", command]).output.contains("USAGE: orrery \(command)"))
    }
    #expect(try OrreryProgram.success(["--version"]).output.split(separator: ".").count == 3)
  }

  @Test func checkAsJSONIsOneObject() throws {
    let json = try OrreryProgram.success(["check", "-", "--json"], input: Descriptions.tiny).json
    #expect(try json["hash"].string.count == 64)
    #expect(try json["parameters"].int == 12 * 6 + 12 * 13 + 13)
    #expect(try json["study"]["seed"].int == 7)
    #expect(try json["confrontation"]["seconds"].double > 0)
  }

  @Test func theSeedOptionReplacesTheDescriptions() throws {
    func hash(_ arguments: String...) throws -> String {
      try OrreryProgram.success(["check", "-", "--json"] + arguments, input: Descriptions.tiny).json["hash"].string
    }
    #expect(try hash("--seed", "8") == hash("seed=8"))
    #expect(try hash("--seed", "7") == hash())
    #expect(try hash("--seed", "8") != hash())
    #expect(try hash("--threads", "1") == hash("--threads", "2"))
  }

  @Test func forecastShowsTheFirstPageAndTheLayers() throws {
    let output = try OrreryProgram.success(["forecast", "-"], input: Descriptions.tiny).output
    for piece in ["FORECAST", "VERDICT", "CHANGE", "NOT SAID", "critical", "nn.Linear", "kernel recursion", "χ_⊥"] {
      #expect(output.contains(piece), "\(piece) in\n\(output)")
    }
  }

  @Test func overridesSweep() throws {
    try withTemporaryFolder { folder in
      try Data(Descriptions.tiny.utf8).write(to: folder.appendingPathComponent("mine.yaml"))
      let arguments = ["forecast", "mine.yaml", "network.mlp.width=8,16", "network.init=critical,he"]
      let text = try OrreryProgram.success(arguments, in: folder).output
      #expect(text.components(separatedBy: "FORECAST").count == 5)
      #expect(text.contains("At network.mlp.width = 16, network.init = he."))
      let points = try OrreryProgram.success(arguments + ["--json"], in: folder).json.elements
      #expect(try points.map { try $0["label"].string.suffix(4) } == ["ical", "= he", "ical", "= he"])
      let ratios = try points.map { try $0["expansion"]["aspectRatio"].double }
      #expect(ratios == [0.375, 0.375, 0.1875, 0.1875])
      // A single value makes no sweep, and one object.
      let one = try OrreryProgram.success(["forecast", "mine.yaml", "network.mlp.width=8", "--json"], in: folder).json
      #expect(try one["label"].string.isEmpty)
      #expect(try one["expansion"]["aspectRatio"].double == 3.0 / 8)
    }
  }

  @Test func forecastsDoNotDependOnThreads() throws {
    let outputs = try ["1", "2"].map {
      try OrreryProgram.success(["forecast", "-", "--json", "--threads", $0], input: Descriptions.tiny).output
    }
    #expect(outputs[0] == outputs[1])
  }

  /// Kernels that overflow in one candidate are null in JSON, which stays JSON.
  @Test func infinitiesAreJSON() throws {
    let calm = Descriptions.tiny("activation: tanh", "activation: { monomial: { degree: 4 } }")
      .replacingOccurrences(of: "init: critical", with: "init: { weight-variance: 0.001 }")
      .replacingOccurrences(of: "depth: 2", with: "depth: 12")
    let json = try OrreryProgram.success(["forecast", "-", "--json"], input: calm).json
    let kernels = try json["initializations"].elements.map { $0["outputKernel"] }
    #expect(kernels.contains { $0.isNull })
    #expect(kernels.contains { (try? $0.double) != nil })
  }
}
