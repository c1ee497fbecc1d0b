import Foundation
import OrreryArchive
import OrreryExperiment
import OrreryFindings
import OrreryLaws
import OrreryNetworks
import OrreryReports
import OrreryStudies
import OrreryTestSupport
import Testing

/// What a run, a page or a file says that it has used.
@Suite struct UsedSourcesTests {
  private static func study(_ function: ActivationFunction = .gelu) -> Study {
    Study(
      seed: 3, precision: .float32,
      network: Network(
        MultilayerPerceptron(depth: 1, width: 6, activation: Activation(function)), initialization: .named(.he),
        parametrization: .standard),
      data: DataDescription(.named("digits"), classes: [0, 1], train: 6, test: 4, targets: .plusMinusOne),
      optimizer: Optimizer(
        .sgd(.heavyBall(0.9)), learningRate: .value(0.01), clipping: .global(1), batch: .size(3), steps: 2,
        loss: .meanSquaredError(reduction: .mean, half: true)))
  }

  private static let parts: Set = [
    "activation-gelu", "initialization-he", "data-digits", "optimizer-sgd", "clipping", "observable-sharpness",
  ]

  /// A run that is in the archive, and its finding.
  private static func trained(in folder: URL) throws -> (run: ArchivedRun, finding: TrainingFinding) {
    var request = TrainingRequest(observables: [.loss, .sharpness])
    request.networks = 1
    let archive = try RunArchive.open(folder.appending(path: "runs", directoryHint: .isDirectory))
    let finding = try TrainingStudy(LoadedStudy(study()), request).run(archive)
    return (try archive.run(named: "latest"), finding)
  }

  private static func keys(_ used: UsedSources) -> Set<String> { Set(used.sources.map(\.key)) }

  private static func write(_ text: String, _ name: String, in folder: URL) throws -> URL {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file
  }

  @Test func aRunCitesItsParts() throws {
    try withTemporaryFolder { folder in
      let (run, finding) = try Self.trained(in: folder)
      let used = UsedSources(run)
      #expect(Self.keys(used) == Self.parts && used.version == OrreryVersion.current)
      // The page and the finding say the same.
      let page = try UsedSources(reading: Self.write(finding.page().html(), "out/index.html", in: folder))
      #expect(Self.keys(page) == Self.parts)
      let json = String(decoding: try JSON.encode(finding), as: UTF8.self)
      #expect(Self.keys(try UsedSources(reading: Self.write(json, "out/finding.json", in: folder))) == Self.parts)
      #expect(Self.keys(try UsedSources(reading: folder.appending(path: "out"))) == Self.parts)
      #expect(Self.keys(try UsedSources(reading: folder)) == Self.parts, "One level below.")
    }
  }

  @Test func aForecastCitesItsLawsAndParts() throws {
    try withTemporaryFolder { folder in
      let forecast = try LoadedStudy(Self.study(.relu)).forecast()
      let json = String(decoding: try JSON.encode(["forecast": forecast]), as: UTF8.self)
      let used = Self.keys(try UsedSources(reading: Self.write(json, "forecast.json", in: folder)))
      let expected = Set(forecast.laws.map(\.key)).union([
        "activation-relu", "initialization-he", "data-digits", "optimizer-sgd", "clipping",
      ])
      #expect(used == expected)
      #expect(used.isSuperset(of: ["kernel-recursion", "criticality", "arc-cosine-kernels", "float-horizon"]))
    }
  }

  @Test func aLawCitesItsSourcesAsPageAndAsJSON() throws {
    try withTemporaryFolder { folder in
      let statement = try LawCatalogue.law("kinks").statement
      let json = String(decoding: try JSON.encode(statement), as: UTF8.self)
      let used = try UsedSources(reading: Self.write(json, "law.json", in: folder))
      #expect(used.sources == statement.sources)
      // Derived here: the project is cited for it.
      let program = try #require(Bibliography(used.sources).entries.first)
      #expect(program.publication.key == "orrery" && program.uses == ["motion past kinks"])
    }
  }

  /// A network with a function that only another program knows is not passed over in silence.
  @Test func unknownPartsAreSaid() throws {
    try withTemporaryFolder { folder in
      let text = #"{"study": {"network": {"architecture": {"mlp": {"activation": "mine"}}}, "dataDigest": ""}}"#
      let used = try UsedSources(reading: Self.write(text, "a.json", in: folder))
      #expect(Bibliography(used.sources).texts.map(\.key) == ["network"])
      // Sources with publications of their own making are whole in the file.
      let own = Source(
        key: "own", title: "own", statement: "",
        publications: [Publication("me2026mine", ["Me, A."], "Mine", 2026, .preprint, arXiv: "2601.00001")])
      let again = try UsedSources(
        reading: Self.write(String(decoding: try JSON.encode([own]), as: UTF8.self), "b.json", in: folder))
      #expect(again.sources == [own])
    }
  }

  /// Pages hold their sources whatever characters these have.
  @Test func pagesHoldTheirSources() throws {
    let evil = "a\"b'c<script>&amp; data-sources=\"[]\""
    let source = Source(
      key: "evil", title: evil, statement: evil,
      publications: [Publication("x2020y", [evil], evil, 2020, .other(publisher: evil)).at(evil)])
    let text = Source(key: "text", title: "text", statement: "", citation: evil)
    let page = Page(
      title: InlineText(verbatim: evil), sections: [Section("a", [.code(evil)])],
      references: Reference.list([source, text]))
    let html = page.html()
    #expect(HTMLChecker(html).faults.isEmpty)
    let read = try #require(PageSources(html: html))
    #expect(read.sources == [source, text] && read.version == OrreryVersion.current)
    #expect(PageSources(html: "<html></html>") == nil)
    #expect(PageSources(html: Page(title: "t").html())?.sources.isEmpty == true)
  }

  @Test func wrongFilesAreSentences() throws {
    try withTemporaryFolder { folder in
      func refuses(_ text: String?, _ kind: CitationError.Kind, _ piece: String) throws {
        let file = try text.map { try Self.write($0, "file", in: folder) } ?? folder.appending(path: "none.json")
        let error = #expect(throws: CitationError.self) { try UsedSources(reading: file) }
        #expect(error?.kind == kind && error?.description.contains(piece) == true, "\(String(describing: error))")
        #expect(error?.description.hasSuffix(".") == true)
      }
      try refuses(nil, .noSuchFile, "There is no file")
      try refuses("", .notOurs, "is empty")
      try refuses("hello", .notOurs, "neither a page nor JSON")
      try refuses("{\"a\": [1, null, {}]}", .notOurs, "names no sources")
      try refuses("<html></html>", .notOurs, "no page that this version")
      try refuses(Page(title: "t").html(), .notOurs, "lists no sources")
      let empty = folder.appending(path: "empty", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
      let error = #expect(throws: CitationError.self) { try UsedSources(reading: empty) }
      #expect(error?.description.contains("holds no report") == true)
    }
  }
}
