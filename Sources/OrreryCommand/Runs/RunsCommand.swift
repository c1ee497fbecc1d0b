import ArgumentParser
import Foundation
import OrreryArchive
import OrreryReports

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "The archive of runs.",
    discussion: """
      The archive is the folder named by --archive, else by ORRERY_ARCHIVE in the environment, else orrery in the user's \
      data folder. A run is named by the first digits of its hash, or as latest.
      """,
    subcommands: [
      RunsListCommand.self, RunsShowCommand.self, RunsExportCommand.self, RunsRemoveCommand.self, RunsCheckCommand.self,
    ])
}

/// Which archive a command uses.
struct ArchiveOptions: ParsableArguments {
  @Option(
    help: "The archive's folder; ORRERY_ARCHIVE and then the user's data folder unless given.", completion: .directory)
  var archive: String?

  func validate() throws {
    if archive?.isEmpty == true { throw ValidationError("--archive is empty; name a folder, such as --archive runs.") }
  }

  var folder: URL { archive.map { URL(filePath: $0, directoryHint: .isDirectory) } ?? RunArchive.defaultFolder() }

  /// The archive, which must be there.
  func openExisting() throws -> RunArchive { try RunArchive.openExisting(folder) }

  /// The archive, which must be there, to be read; where its folder cannot be written, too.
  func openForReading() throws -> RunArchive { try RunArchive.openForReading(folder) }

  /// The archive, made when it is not there.
  func open() throws -> RunArchive { try RunArchive.open(folder) }
}

struct RunsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List the runs, the newest first.")

  @Option(help: "Only runs of this kind: train or measure.") var kind: String?
  @Option(help: "Only runs that stand so: running, finished, interrupted, diverged or failed.") var state: RunState?
  @OptionGroup var archive: ArchiveOptions
  @OptionGroup var options: CommonOptions

  func run() throws {
    try reportingFailures {
      // Nothing has been run yet: no trouble, unless the folder was named.
      let isNamed = archive.archive != nil || ProcessInfo.processInfo.environment["ORRERY_ARCHIVE"] != nil
      let runs =
        try isNamed || RunArchive.exists(archive.folder)
        ? archive.openForReading().runs(matching: RunFilter(kind: kind, state: state)) : []
      if options.json { return try StandardOutput.print(JSONText.encode(runs.map(RunDescription.init))) }
      guard !runs.isEmpty else {
        return try StandardOutput.print("No runs in \(archive.folder.path(percentEncoded: false))")
      }
      try StandardOutput.print(RunText.table(runs).text(), terminator: "")
    }
  }
}

extension RunState: ExpressibleByArgument {}

enum RunText {
  /// "1 run", "2 runs".
  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// "2026-11-21 15:53", in the user's own time zone.
  static func time(_ date: Date) -> String {
    date.formatted(
      .verbatim(
        "\(year: .defaultDigits)-\(month: .twoDigits)-\(day: .twoDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)",
        timeZone: .current, calendar: Calendar(identifier: .gregorian)))
  }
}
