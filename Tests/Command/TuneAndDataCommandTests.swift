import Foundation
import OrreryTestSupport
import Testing

/// tune, data list, data show.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct TuneAndDataCommandTests {
  @Test func tunedYAMLGoesIntoTheDescription() throws {
    let gelu = Descriptions.tiny("activation: tanh", "activation: gelu")
    let yaml = try OrreryProgram.success(["tune", "-", "--yaml"], input: gelu).output
    #expect(yaml.hasPrefix("init:"))
    let below = yaml.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    let tuned = gelu.replacingOccurrences(of: "  init: critical", with: below)
    func layers(_ text: String) throws -> [[Double]] {
      try OrreryProgram.success(["check", "-", "--json"], input: text).json["study"]["network"]["initializations"]
        .elements.map {
          [try $0["weight-variance"].double, try $0["bias-variance"].double]
        }
    }
    #expect(try layers(tuned) == layers(gelu))
  }

  @Test func tuneSaysWhy() throws {
    let output = try OrreryProgram.success(["tune", "-"], input: Descriptions.tiny).output
    for piece in ["CRITICAL  tanh: C_W = 1.00000000, C_b = 0", "WHY", "K", "rate of weights"] {
      #expect(output.contains(piece), "\(piece) in\n\(output)")
    }
    let json = try OrreryProgram.success(["tune", "-", "--json"], input: Descriptions.tiny).json
    #expect(try json["layers"].elements.count == 3)
    #expect(try json["points"][0]["isTaken"].bool)
  }

  @Test func dataListNamesEverySet() throws {
    let text = try OrreryProgram.success(["data", "list"]).output
    #expect(text.contains("digits") && text.contains("fashion-mnist"))
    let entries = try OrreryProgram.success(["data", "list", "--json"]).json.elements
    let digits = try #require(try entries.first { try $0["name"].string == "digits" })
    #expect(try digits["samples"].int == 1797)
    #expect(try digits["features"].int == 64)
    #expect(try digits["isInstalled"].bool)
  }

  @Test func dataShowSaysWhatIsKnown() throws {
    let text = try OrreryProgram.success(["data", "show", "digits"]).output
    for piece in ["1797 samples", "64 features (8 × 8)", "licence"] { #expect(text.contains(piece), "\(piece)") }
    let json = try OrreryProgram.success(["data", "show", "fashion-mnist", "--json"]).json
    #expect(try json["classNames"].elements.count == 10)
    try OrreryProgram.failure(66, ["data", "show", "digit"], says: ["'digit'", "digits, fashion-mnist"])
  }

  /// A folder of the user's own that lacks the files is where they are looked for, and the error says which is missing.
  @Test func dataThatAreNotInstalledAreAnErrorWithARemedy() throws {
    try withTemporaryFolder { folder in
      let own = folder.appendingPathComponent("fashion-mnist")
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      let environment = ["ORRERY_DATA": folder.path]
      try OrreryProgram.failure(
        66, ["forecast", "-", "data={name: fashion-mnist}"],
        says: ["not installed", "train-images-idx3-ubyte", "make data"],
        input: Descriptions.tiny, environment: environment)
      let list = try OrreryProgram.success(["data", "list", "--json"], environment: environment).json.elements
      let entry = try #require(try list.first { try $0["name"].string == "fashion-mnist" })
      #expect(try !entry["isInstalled"].bool)
      #expect(try entry["location"].string.hasPrefix(folder.path))
    }
  }
}
