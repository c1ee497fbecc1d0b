import Foundation
import OrreryArchive
import OrreryFormats
import OrreryReports
import OrrerySpecification
import OrreryStudies
import OrreryTestSupport
import Testing

@Suite("One way to a finding") struct RunnerTests {
  /// A number that is said, then looked up.
  struct Told: Inquiry {
    struct Said: Encodable, Sendable { var value: Int }
    struct Found: Reportable {
      static let file = "finding.json"
      var label: String
      var said: Int?
      var value: Int
      var summary: String { "\(label): \(value)\n" }
      func page() -> Page { Page(title: "told", subtitle: "") }
    }
    struct Stopped: Error {}

    var label = ""
    var said: Int? = 4
    /// Where the forecast has to be by the time of measuring; nil for nowhere.
    var setup: URL?

    func forecast(_ sitting: Sitting) throws -> Said? { said.map { Said(value: $0) } }

    static func measure(_ setup: URL?, _ sitting: Sitting) throws -> Int {
      sitting.report("looking", 0.5)
      if sitting.isCancelled() { throw Stopped() }
      guard let setup else { return 5 }
      return try String(contentsOf: setup, encoding: .utf8).contains("\"value\" : 4") ? 5 : 0
    }

    func finding(_ forecast: Said?, _ evidence: Int) -> Found {
      Found(label: label, said: forecast?.value, value: evidence)
    }
  }

  @Test("A forecast is on disk before anything is measured, and a finding beside it afterwards")
  func order() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "out")
      let found = try Runner(ReportFolder(url)).run([Told(setup: url.appending(path: "forecast.json"))])
      #expect(found.map(\.value) == [5] && found[0].said == 4)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
          == ["finding.json", "forecast.json", "index.html"])
      // Without a folder it is the same.
      #expect(try Told().run().value == 5)
    }
  }

  @Test("A run that does not come to its end contradicts no earlier page, and leaves what is not its own")
  func interrupted() throws {
    try withTemporaryFolder { folder in
      let mine = folder.appending(path: "mine.json")
      try Data("{}".utf8).write(to: mine)
      let runner = Runner(ReportFolder(folder))
      _ = try runner.run([Told()])
      #expect(throws: Told.Stopped.self) {
        try Runner(ReportFolder(folder), Sitting(isCancelled: { true })).run([Told(said: 6)])
      }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
          == ["finding.previous.json", "forecast.json", "index.previous.html", "mine.json"])
      #expect(
        try String(contentsOf: folder.appending(path: "forecast.json"), encoding: .utf8).contains("6"))
      _ = try runner.run([Told()])
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
          == ["finding.json", "forecast.json", "index.html", "mine.json"])
      #expect(try Data(contentsOf: mine) == Data("{}".utf8))
    }
  }

  @Test("The points of a sweep have folders of their own, and a page that leads to them")
  func sweep() throws {
    try withTemporaryFolder { folder in
      let found = try Runner(ReportFolder(folder)).run([Told(label: "a"), Told(label: "b <c>", said: nil)])
      #expect(Told.Found.summary(of: found) == "a: 5\n\nb <c>: 5\n")
      let page = try String(contentsOf: folder.appending(path: "index.html"), encoding: .utf8)
      #expect(
        page.contains("point-1/index.html") && page.contains("point-2/index.html") && page.contains("b &lt;c&gt;"))
      // Nothing was forecast of the second.
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "point-2").path).sorted()
          == ["finding.json", "index.html"])
    }
  }

  /// As the article has it.
  @Test("A study from its description to its report", .tags(.statistical))
  func article() throws {
    let text = """
      orrery: 1
      network: { mlp: { depth: 1, width: 8, activation: tanh, outputs: 1 }, init: critical, parametrization: ntk }
      data: { name: digits, classes: [0, 1], train: 8, test: 4, normalize: sphere, targets: plus-minus-one }
      optimizer: { gradient-descent: { learning-rate: auto, steps: 5 }, loss: mse }
      ensemble: { networks: 40, trained: 40, widths: [] }
      """
    try withTemporaryFolder { folder in
      let study = try LoadedStudy(Specification.studies(yaml: text, origin: "mine.yaml")[0].study)
      let sitting = Sitting(archive: try RunArchive.open(folder.appending(path: "archive")))
      let report = ReportFolder(folder.appending(path: "report"))
      let findings = try Runner(report, sitting).run([StudyConfrontation(study)])
      #expect(findings[0].dynamics?.networks == 40 && findings[0].dynamics?.isFromArchive == false)
      let written =
        try JSONSerialization.jsonObject(
          with: Data(contentsOf: report.url.appending(path: "forecast.json"))) as? [String: Any]
      #expect(Set(written?.keys.map { $0 } ?? []) == ["hash", "forecast", "predictions", "dynamics"])
      #expect(try Runner(report, sitting).run([StudyConfrontation(study)])[0].dynamics?.isFromArchive == true)
      #expect(throws: StudyError.self) { try StudyConfrontation(study).run() }
    }
  }

  @Test("A folder that cannot be written ends the work before it begins")
  func unwritable() throws {
    try withTemporaryFolder { folder in
      let taken = folder.appending(path: "taken")
      try Data().write(to: taken)
      let error = try #require(throws: OutputError.self) { try Runner(ReportFolder(taken)).run([Told()]) }
      #expect(error.description.contains("taken") && error.description.contains("choose another"))
    }
  }
}
