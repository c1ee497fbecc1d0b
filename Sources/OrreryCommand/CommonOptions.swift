import ArgumentParser
import Foundation
import OrreryReports
import OrreryStudies
import OrreryTensors

/// The options that every command takes but `new`.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print results as JSON on standard output, and nothing else there; null stands for what is not finite.")
  var json = false

  @Flag(help: "Print no progress.")
  var quiet = false

  @Option(help: "Replace the description's seed.")
  var seed: UInt64?

  @Option(help: "Threads to compute on; results do not depend on it.")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1, and is \(threads).") }
  }

  /// Makes the process-wide settings that the options ask for.
  func apply() {
    if let threads { Parallel.setThreads(threads) }
  }

  /// Writes a progress line over the last one, when a person watches.
  var progress: Progress { Progress(isShown: !quiet && isatty(STDERR_FILENO) == 1) }

  /// Runs inquiries with progress, until Ctrl-C; writes their reports and shows their findings.
  ///
  /// - Parameter inquiry: makes the point of a number, when its turn comes.
  func run<I: Inquiry>(
    _ count: Int, report: String?, _ sitting: Sitting, _ inquiry: (Int) throws -> I
  ) throws -> [I.Finding] {
    let clock = ProgressClock(progress)
    var sitting = sitting
    sitting.report = { clock.show($0, $1) }
    sitting.isCancelled = { Interruption.isRequested }
    let findings = try Runner(report.map { ReportFolder(path: $0) }, sitting).run(count, inquiry)
    progress.clear()
    try show(findings, report: report)
    return findings
  }

  /// Prints findings, and where their report is.
  func show<Finding: Reportable>(_ findings: [Finding], report: String?) throws {
    if json { return try StandardOutput.print(JSONText.encode(list: findings)) }
    try StandardOutput.print(Finding.summary(of: findings), terminator: "")
    if let report, !quiet { try StandardOutput.print("Report: \(ReportFolder(path: report).page)") }
  }
}

/// A description file and the overrides that follow it.
struct StudyArguments: ParsableArguments {
  @Argument(help: StudyArguments.specificationHelp, completion: StudyArguments.specificationCompletion)
  var specification: String

  @Argument(help: StudyArguments.overridesHelp)
  var overrides: [String] = []

  static let specificationHelp: ArgumentHelp = "The description, a YAML file; - reads standard input."
  static let specificationCompletion = CompletionKind.file(extensions: ["yaml", "yml"])
  static let overridesHelp = ArgumentHelp(
    "Changes to it: network.mlp.width=64,128 sweeps over two values, data.classes=[0,1] is one value.",
    valueName: "path=value")
}

/// One line on standard error that says how far long work is.
struct Progress: Sendable {
  var isShown: Bool

  func show(_ text: String) {
    guard isShown else { return }
    StandardError.print("\r\u{1B}[K\(text)", terminator: "")
  }

  func clear() {
    guard isShown else { return }
    StandardError.print("\r\u{1B}[K", terminator: "")
  }
}
