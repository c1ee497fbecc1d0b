import Foundation
import OrreryArchive
import OrreryTestSupport
import Testing

/// cite: of a law, a run, a report and JSON, and what is none of them.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct CiteCommandTests {
  private static func keys(_ arguments: [String], in folder: URL) throws -> [String] {
    let output = try OrreryProgram.success(["cite"] + arguments, in: folder).output
    return try BibTeXEntry.all(in: output).map(\.key)
  }

  @Test func aLaw() throws {
    try withTemporaryFolder { folder in
      let keys = try Self.keys(["vertex-growth"], in: folder)
      #expect(keys == ["orrery", "roberts2022principles", "yaida2020non"])
      let text = try OrreryProgram.success(["cite", "vertex-growth"], in: folder).output
      #expect(text.contains("% four-point vertex (chapter 4)\n@book{roberts2022principles,"))
      let json = try OrreryProgram.success(["cite", "vertex-growth", "--json"], in: folder).json
      #expect(try json["entries"].elements.map { try $0["key"].string } == keys)
      #expect(try json["entries"][2]["arXiv"].string == "1910.00019")
      let both = try Self.keys(["vertex-growth", "kinks"], in: folder)
      #expect(Set(both).isSuperset(of: keys) && both.contains("lee2019wide"))
    }
  }

  @Test func aRun() throws {
    try withTemporaryFolder { folder in
      let study = """
        orrery: 1
        network: { mlp: { depth: 1, width: 4, activation: relu, outputs: 1 }, init: he, parametrization: standard }
        data: { name: digits, classes: [0, 1], train: 4, targets: plus-minus-one }
        optimizer: { adam: { batch: 2, steps: 2, learning-rate: 0.01 }, loss: mse }

        """
      _ = try OrreryProgram.success(["train", "-", "--archive", "runs", "--quiet"], input: study, in: folder)
      let run = try RunArchive.open(folder.appending(path: "runs", directoryHint: .isDirectory)).run(named: "latest")
      let expected = [
        "orrery", "alpaydin1998optical", "he2015delving", "kingma2015adam", "nair2010rectified", "pedregosa2011scikit",
      ]
      for name in ["latest", run.shortHash] {
        #expect(try Self.keys([name, "--archive", "runs"], in: folder) == expected)
      }
      try OrreryProgram.failure(
        66, ["cite", "0123456789", "--archive", "runs"], says: ["No run in", "begins with"], in: folder)
    }
  }

  @Test func aReportAndItsFiles() throws {
    try withTemporaryFolder { folder in
      _ = try OrreryProgram.success(
        ["confront", "-", "--report", "out", "--quiet"], input: Descriptions.tiny, in: folder)
      let page = try Self.keys(["out/index.html"], in: folder)
      #expect(Set(page).isSuperset(of: ["orrery", "roberts2022principles", "kingma2015adam", "poole2016exponential"]))
      #expect(try Self.keys(["out"], in: folder) == page)
      #expect(try Self.keys(["out/finding.json"], in: folder) == page)
      let forecast = try Self.keys(["out/forecast.json"], in: folder)
      #expect(Set(forecast).isSubset(of: page) && forecast.contains("schoenholz2017deep"))
    }
  }

  @Test func whatIsNothing() throws {
    try withTemporaryFolder { folder in
      try OrreryProgram.failure(
        66, ["cite", "vertex-grow"], says: ["did you mean the law 'vertex-growth'?"], in: folder)
      try OrreryProgram.failure(66, ["cite", "zzz zzz"], says: ["no law, file or run", "orrery law list"], in: folder)
      try OrreryProgram.failure(66, ["cite", ""], says: ["no law, file or run"], in: folder)
      try OrreryProgram.failure(66, ["cite", "none.json"], says: ["There is no file none.json"], in: folder)
      try Data("not json".utf8).write(to: folder.appending(path: "a.json"))
      try OrreryProgram.failure(65, ["cite", "a.json"], says: ["neither a page nor JSON"], in: folder)
      #expect(try OrreryProgram.run(["cite"], in: folder).status == 64)
    }
  }

  @Test func completion() throws {
    let script = try OrreryProgram.success(["--generate-completion-script", "bash"]).output
    #expect(script.contains("cite"))
  }
}
