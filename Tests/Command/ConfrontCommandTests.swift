import Foundation
import OrreryTestSupport
import Testing

/// confront: the report on disk, the numbers on standard output, and what an interruption leaves.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct ConfrontCommandTests {
  @Test func theReportIsWholeAndAlone() throws {
    try withTemporaryFolder { folder in
      let outcome = try OrreryProgram.success(
        ["confront", "-", "--report", "out/deep"], input: Descriptions.tiny, in: folder)
      #expect(outcome.output.contains("comparisons"))
      #expect(outcome.output.contains("Report: ") && outcome.output.contains("out/deep/index.html"))
      let report = folder.appendingPathComponent("out/deep")
      let names = try files(below: report)
      #expect(Set(["forecast.json", "finding.json", "index.html"]).isSubset(of: names))
      #expect(!names.contains { $0.hasPrefix(".") || $0.contains("partial") }, "\(names)")
      let pictures = names.filter { $0.hasSuffix(".svg") }.map { $0.dropLast(4) }
      #expect(pictures.count >= 6)
      #expect(names.filter { $0.hasSuffix(".csv") }.map { $0.dropLast(4) } == pictures)
      func json(_ name: String) throws -> JSONValue {
        try JSONValue(name: name, data: Data(contentsOf: report.appendingPathComponent(name)))
      }
      let (forecast, finding) = (try json("forecast.json"), try json("finding.json"))
      #expect(try forecast["hash"].string == finding["hash"].string)
      let predicted = try forecast["predictions"].elements.map { try $0["value"].double }
      let compared = try finding["confrontations"].elements.map { try $0["prediction"]["value"].double }
      #expect(predicted == compared, "What was written before measuring is what was compared.")
      let html = try String(contentsOf: report.appendingPathComponent("index.html"), encoding: .utf8)
      #expect(HTMLChecker(html).faults.isEmpty)
      for picture in pictures { #expect(html.contains("data-save=\"\(picture)\"")) }
      #expect(!html.contains(folder.path))
    }
  }

  @Test func aSweepHasAPageForEachPointAndOneThatLeadsThere() throws {
    try withTemporaryFolder { folder in
      _ = try OrreryProgram.success(
        ["confront", "-", "seed=1,2", "--report", "out", "--quiet"], input: Descriptions.tiny, in: folder)
      let names = try files(below: folder.appendingPathComponent("out"))
      #expect(Set(["index.html", "point-1/index.html", "point-2/finding.json"]).isSubset(of: names))
      #expect(!names.contains { $0.contains("partial") })
      let html = try String(contentsOf: folder.appendingPathComponent("out/index.html"), encoding: .utf8)
      #expect(html.contains("point-1/index.html") && html.contains("seed = 2"))
    }
  }

  /// The same numbers for any number of threads, bit for bit.
  @Test func jsonIsAllThatIsOnStandardOutput() throws {
    let outputs = try ["1", "2"].map {
      try OrreryProgram.success(["confront", "-", "--json", "--threads", $0], input: Descriptions.tiny).output
    }
    #expect(outputs[0] == outputs[1])
    let json = try JSONValue(name: "stdout", data: Data(outputs[0].utf8))
    #expect(try json["confrontations"].elements.count > 10)
    #expect(try json["widths"]["points"].elements.count == 2)
  }

  /// What the verdicts are is chance's to decide, so the status is compared with the verdicts in the JSON.
  @Test(arguments: ["refuted", "tension"])
  func failOnFollowsTheVerdicts(condition: String) throws {
    let outcome = try OrreryProgram.run(
      ["confront", "-", "--json", "--fail-on", condition], input: Descriptions.tiny)
    let json = try outcome.json
    let own = try json["confrontations"].elements.map { try $0["verdict"].string }
    let across = try json["widths"]["points"].elements.flatMap { try $0["confrontations"].elements }.map {
      try $0["verdict"].string
    }
    let verdicts = Set(own + across)
    let fails = verdicts.contains("refuted") || condition == "tension" && verdicts.contains("in tension")
    #expect(outcome.status == (fails ? 1 : 0))
    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
  }

  /// Ctrl-C while networks are drawn: status 130, the forecast stays, nothing is half-written.
  @Test(.timeLimit(.minutes(1)))
  func interruptionsLeaveNothingHalfWritten() throws {
    try withTemporaryFolder { folder in
      // Some 16 000 million weights: minutes.
      let long = Descriptions.tiny("networks: 40", "networks: 20000")
        .replacingOccurrences(of: "depth: 2, width: 12", with: "depth: 4, width: 512")
      let running = try OrreryProgram.start(["confront", "-", "--report", "out"], input: long, in: folder)
      let forecast = folder.appendingPathComponent("out/forecast.json").path
      while !FileManager.default.fileExists(atPath: forecast), running.process.isRunning { usleep(10_000) }
      usleep(100_000)
      let started = ContinuousClock.now
      running.process.interrupt()
      let outcome = try running.finish()
      #expect(ContinuousClock.now - started < .seconds(5))
      #expect(outcome.status == 130 && !outcome.isSignalled, "\(outcome.status) \(outcome.errors)")
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix("orrery: "), "\(outcome.errors)")
      #expect(try files(below: folder.appendingPathComponent("out")) == ["forecast.json"])
    }
  }
}
