import Foundation
import OrreryTestSupport
import Testing

/// law list, show and confront.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct LawCommandTests {
  @Test func listsAndShowsLaws() throws {
    try withTemporaryFolder { folder in
      let list = try OrreryProgram.run(["law", "list"], in: folder)
      #expect(list.status == 0 && list.output.contains("vertex-growth") && !list.output.contains("verdict"))
      let show = try OrreryProgram.run(["law", "show", "vertex-growth"], in: folder)
      #expect(show.status == 0 && show.output.contains("ν ℓ") && show.output.contains("Domain"))
      let json = try OrreryProgram.run(["law", "list", "--json"], in: folder)
      #expect((try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [Any])?.isEmpty == false)
    }
  }

  @Test func writesAPageAnIndexAndTheForecastBeside() throws {
    try withTemporaryFolder { folder in
      let outcome = try OrreryProgram.run(
        ["law", "confront", "vertex-growth", "--report", "laws", "--seed", "3"], in: folder)
      #expect(outcome.status == 0 && outcome.output.contains("ReLU"))
      for name in [
        "index.html", "vertex-growth/index.html", "vertex-growth/forecast.json", "vertex-growth/finding.json",
      ] {
        #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("laws/\(name)").path), "\(name)")
      }
      let index = try String(contentsOf: folder.appendingPathComponent("laws/index.html"), encoding: .utf8)
      #expect(index.contains("vertex-growth/index.html"))
      let list = try OrreryProgram.run(["law", "list", "--report", "laws"], in: folder)
      #expect(list.output.contains("quick"))
    }
  }

  @Test func wrongUseIsASentence() throws {
    try withTemporaryFolder { folder in
      let unknown = try OrreryProgram.run(["law", "show", "vertex-grow"], in: folder)
      #expect(unknown.status == 64 && unknown.errors.contains("did you mean 'vertex-growth'?"))
      let budget = try OrreryProgram.run(["law", "confront", "vertex-growth", "--budget", "long"], in: folder)
      #expect(budget.status == 64 && budget.errors.contains("quick"))
      #expect(try OrreryProgram.run(["law", "confront", "all", "vertex-growth"], in: folder).status == 64)
      let empty = try OrreryProgram.run(["law", "list", "--report", "none"], in: folder)
      #expect(empty.status == 66 && empty.errors.contains("holds no confronted law"))
    }
  }
}
