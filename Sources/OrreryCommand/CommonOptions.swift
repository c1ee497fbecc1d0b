import ArgumentParser
import Foundation
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
