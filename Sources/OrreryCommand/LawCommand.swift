import ArgumentParser
import Foundation
import OrreryFindings
import OrreryFormats
import OrreryLaws
import OrreryReports

struct LawCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "law", abstract: "The catalogue of laws: what each says, and whether it holds.",
    subcommands: [List.self, Show.self, Confront.self])
}

extension LawCommand {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the laws; with a report, their verdicts too.")

    @Option(help: "A folder that orrery law confront has written.", completion: .directory) var report: String?

    @Flag(help: "Print as JSON.") var json = false

    private struct Entry: Encodable {
      var law: LawStatement
      var finding: LawSummary?
    }

    func run() throws {
      try reportingFailures {
        let summaries = try report.map { try LawReport(path: $0).summaries() } ?? []
        if json {
          let entries = LawCatalogue.all.map { law in
            Entry(law: law.statement, finding: summaries.first { $0.key == law.key })
          }
          try StandardOutput.print(JSONText.encode(entries))
        } else {
          try StandardOutput.print(LawIndex(summaries).text, terminator: "")
        }
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a law: text, formula, domain, source, and how it is decided.")

    @Argument(help: "The law's name, as orrery law list gives it.", completion: .list(LawCatalogue.all.map { $0.key }))
    var name: String

    @Flag(help: "Print as JSON.") var json = false

    func run() throws {
      try reportingFailures {
        let statement = try LawCatalogue.law(name).statement
        try StandardOutput.print(
          json ? JSONText.encode(statement) : statement.description, terminator: json ? "\n" : "")
      }
    }
  }

  struct Confront: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Confront laws with real networks: a page for each law and an index of verdicts.")

    @Argument(
      help: "The laws' names, or all.", completion: .list(["all"] + LawCatalogue.all.map { $0.key }))
    var names: [String]

    @Option(help: "How long to measure: quick (seconds), standard (a minute) or thorough (ten minutes) for each law.")
    var budget = LawBudget.quick

    @Option(
      help: "The folder to write the pages, pictures and data into; pages of other laws there stay.",
      completion: .directory)
    var report: String?

    @Option(
      name: .customLong("fail-on"), help: "Exit with status 1 when a law has this verdict: refuted or tension.")
    var failOn: ConfrontCommand.FailureCondition?

    @OptionGroup var options: CommonOptions

    func validate() throws {
      if report?.isEmpty == true { throw ValidationError("--report is empty; name a folder, such as --report laws.") }
      if names.contains("all"), names.count > 1 {
        throw ValidationError("'all' is every law; give it alone, or the laws' names.")
      }
    }

    func run() throws {
      options.apply()
      Interruption.install()
      try reportingFailures {
        // Every name, before any work.
        let laws = names == ["all"] ? LawCatalogue.all : try names.map { try LawCatalogue.law($0) }
        let folder = report.map { LawReport(path: $0) }
        try folder?.prepare()
        var findings: [LawFinding] = []
        for (index, law) in laws.enumerated() {
          let prefix = laws.count > 1 ? "[\(index + 1)/\(laws.count)] " : ""
          let clock = ProgressClock(options.progress)
          let laboratory = Laboratory(
            seed: options.seed ?? 7, progress: { _, fraction in clock.show("\(prefix)\(law.key):", fraction) },
            isCancelled: { Interruption.isRequested })
          let finding = try law.init(budget).confront(in: laboratory) { try folder?.write($0, of: law) }
          options.progress.clear()
          // A law that is done stays done if a later one is interrupted.
          try folder?.write(finding)
          findings.append(finding)
          if !options.json {
            if index > 0 { try StandardOutput.print() }
            try StandardOutput.print(finding.text, terminator: "")
          }
        }
        if options.json { try StandardOutput.print(JSONText.encode(list: findings)) }
        if let folder, !options.json, !options.quiet { try StandardOutput.print("\nReport: \(folder.index)") }
        let verdicts = Set(findings.map(\.verdict))
        if let failOn, verdicts.contains(.refuted) || (failOn == .tension && verdicts.contains(.inTension)) {
          throw ExitCode(ExitStatus.failure)
        }
      }
    }
  }
}

extension LawBudget: ExpressibleByArgument {}

/// A folder with one page a law and an index of all that were ever written into it.
struct LawReport {
  let path: String

  var index: String { URL(filePath: path).appending(path: "index.html").path }

  func prepare() throws { try folder(nil).prepare() }

  /// The forecast, before the measurement begins; an earlier page, which it would contradict, is set aside.
  func write(_ forecast: LawForecast, of law: any Law.Type) throws {
    let folder = folder(law.key)
    try folder.prepare()
    try folder.write(forecast: forecast)
    // An index that leads to a page which was set aside would say what no longer is.
    try writeIndex()
  }

  func write(_ finding: LawFinding) throws {
    let folder = folder(finding.law.key)
    try folder.write(finding)
    try folder.write(try JSONText.encode(LawSummary(finding)), to: Self.summary)
    try writeIndex()
  }

  private func writeIndex() throws {
    try folder(nil).write(LawIndex(try found()).page().html(), to: "index.html")
  }

  /// Of every law with a page here.
  ///
  /// - Throws: `MissingInput` when there is none, `BadInput` when one cannot be read.
  func summaries() throws -> [LawSummary] {
    let found = try found()
    guard !found.isEmpty else {
      throw MissingInput(
        description: "\(path) holds no confronted law; write one with orrery law confront NAME --report \(path).")
    }
    return found
  }

  private func found() throws -> [LawSummary] {
    try LawCatalogue.all.compactMap { law -> LawSummary? in
      let url = folder(law.key).url.appending(path: Self.summary)
      guard let data = try? Data(contentsOf: url) else { return nil }
      do {
        return try JSONDecoder().decode(LawSummary.self, from: data)
      } catch {
        throw BadInput(
          description: "\(url.path) is not a law's summary of this version; run orrery law confront \(law.key) again.")
      }
    }
  }

  private static let summary = "summary.json"

  private func folder(_ law: String?) -> ReportFolder {
    law.map { ReportFolder(path: path).folder($0) } ?? ReportFolder(path: path)
  }
}
