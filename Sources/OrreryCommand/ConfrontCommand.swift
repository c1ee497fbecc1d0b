import ArgumentParser
import Foundation
import OrreryFindings
import OrreryFormats
import OrreryNetworks
import OrreryReports
import OrreryStudies
import OrreryTheory

struct ConfrontCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confront", abstract: "Forecast, measure real networks, compare: one self-contained report.",
    discussion: """
      At initialization always; and in training, where the study describes gradient descent under mse: losses and outputs of \
      ensemble.trained networks beside training at infinite width. Trained networks' numbers are kept in the archive.
      """)

  @OptionGroup var arguments: StudyArguments
  @OptionGroup var options: CommonOptions

  @Option(help: "The folder to write the report, its pictures and its data into.", completion: .directory)
  var report: String?

  @Option(
    name: .customLong("fail-on"), help: "Exit with status 1 when a comparison has this verdict: refuted or tension.")
  var failOn: FailureCondition?

  @Flag(name: .customLong("initialization-only"), help: "Leave out training.")
  var isInitializationOnly = false

  enum FailureCondition: String, ExpressibleByArgument, CaseIterable {
    case refuted, tension
  }

  @Flag(
    help: ArgumentHelp(
      "Train instead: a handful of initializations and learning rates for some hundred steps, beside the forecast."))
  var pilot = false

  @Option(
    name: .customLong("pilot-steps"),
    help: "The pilot's steps, of those that the description asks for; 300 unless given.")
  var pilotSteps: Int?

  @Option(
    name: .customLong("pilot-networks"), help: "The pilot's networks for each initialization and rate; 2 unless given.")
  var pilotNetworks: Int?

  @OptionGroup var archive: ArchiveOptions

  func validate() throws {
    if report?.isEmpty == true { throw ValidationError("--report is empty; name a folder, such as --report out.") }
    if let pilotSteps, pilotSteps < 1 {
      throw ValidationError("--pilot-steps must be at least 1, and is \(pilotSteps).")
    }
    if pilot, failOn != nil {
      throw ValidationError(
        "--fail-on is of a confrontation's verdicts, and a pilot has none of them; leave out --fail-on or --pilot.")
    }
    if pilot, isInitializationOnly {
      throw ValidationError("--pilot trains and --initialization-only does not; leave one of them out.")
    }
    for (name, value) in [("--pilot-steps", pilotSteps), ("--pilot-networks", pilotNetworks)]
    where value != nil && !pilot {
      throw ValidationError("\(name) is of a pilot; add --pilot, or leave it out.")
    }
    if let pilotNetworks, pilotNetworks < 1 {
      throw ValidationError("--pilot-networks must be at least 1, and is \(pilotNetworks).")
    }
  }

  func run() throws {
    options.apply()
    Interruption.install()
    try reportingFailures {
      let progress = options.progress
      let studies = try arguments.loaded(options)
      if pilot { return try runPilot(studies) }
      // Before any work: what does not fit, and what takes longer than one would think.
      let demands = try studies.map(ConfrontationDemand.init)
      for demand in demands { try demand.requireMemory() }
      announce(seconds: demands.reduce(0) { $0 + $1.seconds })
      // Before any work as well: an archive that cannot be opened.
      let hasTraining = !isInitializationOnly && studies.contains { DynamicsRun.exclusion($0) == nil }
      let archive = hasTraining ? try archive.open() : nil
      var findings: [Finding] = []
      for (index, loaded) in studies.enumerated() {
        let prefix = studies.count > 1 ? "[\(index + 1)/\(studies.count)] " : ""
        let folder = report.map { ReportFolder(path: $0, point: studies.count > 1 ? index + 1 : nil) }
        try folder?.prepare()
        let isCancelled: @Sendable () -> Bool = { Interruption.isRequested }
        let run = try ConfrontationRun(
          loaded, report: { progress.show(prefix + $0) }, isCancelled: isCancelled)
        let (dynamics, exclusion) = isInitializationOnly ? (nil, nil) : try Self.dynamics(loaded)
        try folder?.setAside()
        // On disk before the first network is drawn: what was predicted cannot follow what was measured.
        try folder?.write(
          try JSONText.encode(
            WrittenForecast(
              hash: loaded.hash, forecast: run.forecast, predictions: run.predictions, dynamics: dynamics?.forecast)),
          to: "forecast.json")
        var finding = try run.run(report: { progress.show(prefix + $0) }, isCancelled: isCancelled)
        if loaded.study.optimizer != nil { finding.dynamicsExclusion = exclusion }
        if let dynamics, let archive {
          finding.dynamics = try dynamics.run(
            archive, report: { progress.show(prefix + $0) }, isCancelled: isCancelled)
        }
        progress.clear()
        try folder?.write(finding)
        findings.append(finding)
      }
      if let report, studies.count > 1 { try ReportFolder(path: report, point: nil).writeIndex(of: findings) }
      if options.json {
        try StandardOutput.print(JSONText.encode(list: findings))
      } else {
        for finding in findings { try StandardOutput.print(finding.summary, terminator: "") }
        if let report {
          try StandardOutput.print("Report: \(URL(filePath: report).appending(path: "index.html").path)")
        }
      }
      let verdicts = Set(findings.flatMap(\.verdicts))
      if let failOn, verdicts.contains(.refuted) || (failOn == .tension && verdicts.contains(.inTension)) {
        throw ExitCode(ExitStatus.failure)
      }
    }
  }

  /// Training beside infinite width, or why it is not confronted. A rate at which training diverges is no reason to leave out
  /// initialization.
  private static func dynamics(_ loaded: LoadedStudy) throws -> (DynamicsRun?, String?) {
    if let reason = DynamicsRun.exclusion(loaded) { return (nil, reason) }
    do {
      return (try DynamicsRun(loaded), nil)
    } catch DynamicsError.diverges(let rate, let largestStable, let step) {
      func text(_ number: Double) -> String { NumberText.text(number, digits: 4) }
      return (
        nil,
        "With the learning rate \(text(rate)) training diverges at infinite width, out of range by step \(step): it is stable below "
          + "\(text(largestStable))."
      )
    }
  }

  /// Hours are said before they pass.
  private func announce(seconds: Double) {
    guard seconds > 1800, !options.quiet else { return }
    let time = StudyCheck.duration(seconds: seconds)
    StandardError.print(
      "orrery: This takes about \(time); Ctrl-C stops it, and ensemble.networks or narrower layers make it shorter.")
  }

  /// What is fixed before measuring.
  private struct WrittenForecast: Encodable {
    var hash: String
    var forecast: Forecast
    var predictions: [Prediction]
    var dynamics: DynamicsForecast?
  }
}

/// Where one finding's files go.
struct ReportFolder {
  let url: URL

  /// - Parameter point: the number of this point in a sweep; nil for the folder itself.
  init(path: String, point: Int?) {
    let folder = URL(filePath: path, directoryHint: .isDirectory)
    url = point.map { folder.appending(path: "point-\($0)", directoryHint: .isDirectory) } ?? folder
  }

  /// Makes the folder, so that work does not begin for a report that cannot be written.
  func prepare() throws {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw UnwritableOutput(
        description: "The folder \(url.path) cannot be made; choose another with --report, or check its permissions.")
    }
    try AtomicFile.requireWritable(url.appending(path: "index.html"))
  }

  /// Renames an earlier run's page and finding, which would contradict the new forecast beside them; they go when the new
  /// ones are complete.
  func setAside() throws {
    for (name, previous) in Self.complete {
      let (file, aside) = (url.appending(path: name), url.appending(path: previous))
      guard FileManager.default.fileExists(atPath: file.path) else { continue }
      try? FileManager.default.removeItem(at: aside)
      do {
        try FileManager.default.moveItem(at: file, to: aside)
      } catch {
        throw UnwritableOutput(
          description: "The earlier \(file.path) cannot be renamed; choose another folder with --report.")
      }
    }
  }

  private static let complete = [
    ("index.html", "index.previous.html"), ("finding.json", "finding.previous.json"),
    ("pilot.json", "pilot.previous.json"), ("summary.json", "summary.previous.json"),
  ]

  func write(_ text: String, to name: String) throws { try AtomicFile.write(text, to: url.appending(path: name)) }

  /// Every figure as SVG and CSV, then the page.
  func write(_ page: Page) throws {
    for figure in page.figures {
      try write(figure.plot.svg(), to: "\(figure.name).svg")
      try write(figure.plot.csv, to: "\(figure.name).csv")
    }
    try write(page.html(), to: "index.html")
  }

  /// The page with its figures, and the finding as JSON.
  func write(_ finding: Finding) throws {
    try write(try JSONText.encode(finding), to: "finding.json")
    try write(finding.page())
    removePrevious()
  }

  /// Removes what ``setAside()`` renamed.
  func removePrevious() {
    for (_, previous) in Self.complete { try? FileManager.default.removeItem(at: url.appending(path: previous)) }
  }

  /// A page that leads to the pages of a sweep's points.
  func writeIndex(of findings: [Finding]) throws {
    let hasTraining = findings.contains { $0.dynamics != nil }
    var table = Table(
      columns: [
        .init("point"), .init("ν L/n", .decimal), .init("agrees", .right), .init("in tension", .right),
        .init("refuted", .right),
      ] + (hasTraining ? [.init("in training", .right)] : []))
    for (index, finding) in findings.enumerated() {
      let counts = finding.verdictCounts
      var cells: [Table.Cell] = [
        .text(
          InlineText(
            markup: "[\(InlineText(verbatim: finding.forecast.label).markup)](point-\(index + 1)/index.html)")),
        finding.forecast.expansion.map { .number($0.coupling, digits: 3) } ?? .none, .integer(counts[.agrees] ?? 0),
        .integer(counts[.inTension] ?? 0), .integer(counts[.refuted] ?? 0),
      ]
      if hasTraining {
        cells.append(finding.dynamics.map { .text(InlineText(verbatim: $0.joint.verdict.rawValue)) } ?? .none)
      }
      table.rows.append(Table.Row(cells))
    }
    var page = Page(title: "A sweep", subtitle: InlineText(verbatim: findings.first?.forecast.subject ?? ""))
    page.sections = [Section("Points", [.table(table)])]
    try write(page.html(), to: "index.html")
  }
}

/// An output that cannot be written.
struct UnwritableOutput: Error, CustomStringConvertible {
  var description: String
  var category: FailureCategory { .cannotWrite }
}
