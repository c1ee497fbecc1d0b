import Foundation
import OrreryTestSupport
import Testing

/// confront on a study that trains by gradient descent: training beside infinite width, written down first; and the cumulants of
/// outputs that train gives.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct TrainingConfrontationTests {
  static let study = """
    orrery: 1
    seed: 7
    network:
      mlp: { depth: 1, width: 64, activation: tanh, outputs: 1 }
      init: critical
      parametrization: ntk
    data: { name: digits, classes: [0, 1], train: 10, test: 5, normalize: sphere, targets: plus-minus-one }
    optimizer: { gradient-descent: { learning-rate: auto, steps: 30 }, loss: { mse: { reduction: mean, half: true } } }
    ensemble: { networks: 40, chain: 2000, inputs: 2, widths: [16, 32], trained: 60 }

    """

  @Test func trainingIsForecastThenCompared() throws {
    try withTemporaryFolder { folder in
      let arguments = ["confront", "-", "--archive", "runs", "--report", "out", "--quiet"]
      let outcome = try OrreryProgram.success(arguments, input: Self.study, in: folder)
      #expect(outcome.output.contains("In training, 60 networks"))
      func json(_ name: String) throws -> JSONValue {
        try JSONValue(name: name, data: Data(contentsOf: folder.appendingPathComponent("out/\(name)")))
      }
      let (forecast, finding) = (try json("forecast.json")["dynamics"], try json("finding.json")["dynamics"])
      let predicted = try forecast["predictions"].elements.map { try $0["value"].double }
      #expect(predicted.count > 10)
      #expect(try predicted == finding["confrontations"].elements.map { try $0["prediction"]["value"].double })
      #expect(try finding["joint"]["verdict"].string.isEmpty == false)
      #expect(try finding["widths"]["points"].elements.count == 2)
      let html = try String(contentsOf: folder.appendingPathComponent("out/index.html"), encoding: .utf8)
      #expect(html.contains("Does it hold in training?") && html.contains("kernel-dynamics"))
      #expect(HTMLChecker(html).faults.isEmpty)
      for picture in ["training-loss-band", "test-loss-band", "outputs-band", "linearization-width"] {
        #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("out/\(picture).svg").path))
      }
      // The networks are in the archive now; the same numbers again.
      let again = try OrreryProgram.success(arguments + ["--json"], input: Self.study, in: folder).json["dynamics"]
      #expect(try again["isFromArchive"].bool)
      #expect(try again["joint"]["statistic"].double == finding["joint"]["statistic"].double)
    }
  }

  @Test func trainingIsLeftOutWhereAskedOrNotCovered() throws {
    try withTemporaryFolder { folder in
      let short = try OrreryProgram.success(
        ["confront", "-", "--initialization-only", "--json"], input: Self.study, in: folder
      ).json
      #expect(!short["dynamics"].exists)
      let other = Self.study.replacingOccurrences(
        of: "gradient-descent: { learning-rate: auto", with: "adam: { batch: 8, learning-rate: 0.001")
      let excluded = try OrreryProgram.success(["confront", "-", "--json"], input: other, in: folder).json
      #expect(try excluded["dynamicsExclusion"].string.contains("Adam"))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("runs").path))
    }
  }

  /// A rate that is too large is no reason to leave out initialization.
  @Test func divergenceIsSaidBesideInitialization() throws {
    try withTemporaryFolder { folder in
      let study = Self.study.replacingOccurrences(of: "learning-rate: auto", with: "learning-rate: 1e30")
      let outcome = try OrreryProgram.success(
        ["confront", "-", "--archive", "runs", "--report", "out", "--quiet"], input: study, in: folder)
      #expect(outcome.output.contains("Training is not confronted."), "\(outcome.output)")
      #expect(outcome.output.contains("training diverges at infinite width") && outcome.output.contains("stable below"))
      let html = try String(contentsOf: folder.appendingPathComponent("out/index.html"), encoding: .utf8)
      #expect(html.contains("Does it hold?") && html.contains("stable below"))
    }
  }

  @Test func theArchiveIsOpenedBeforeAnythingIsMeasured() throws {
    try withTemporaryFolder { folder in
      try Data("no folder".utf8).write(to: folder.appendingPathComponent("runs"))
      let outcome = try OrreryProgram.run(
        ["confront", "-", "--archive", "runs", "--report", "out"], input: Self.study, in: folder)
      #expect(outcome.status != 0 && outcome.errors.contains("runs"), "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("out/forecast.json").path))
    }
  }

  @Test func outputsOfManyNetworksHaveCumulants() throws {
    try withTemporaryFolder { folder in
      let arguments = [
        "train", "-", "--networks", "40", "--observables", "outputs", "--every", "30", "--archive", "runs",
      ]
      let json = try OrreryProgram.success(arguments + ["--json"], input: Self.study, in: folder).json
      let outputs = try json["outputs"].elements
      #expect(outputs.count == 4)
      for output in outputs {
        #expect(try output["networks"].int == 40)
        #expect(try output["cumulants"]["second"]["value"].double > 0)
        #expect(try output["cumulants"]["fourth"]["error"].double > 0)
      }
      let text = try OrreryProgram.success(arguments, input: Self.study, in: folder).output
      #expect(text.contains("fourth cumulant"))
    }
  }
}
