import ArgumentParser
import Foundation
import OrreryArchive
import OrreryFormats
import OrreryReports

struct RunsExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a run's observations as CSV, JSON lines or npz.",
    discussion: """
      CSV has a line for each element of each observation. JSON lines have the run itself first, then its measurements, \
      then its observations. npz has an array for each observable, a row for each observation, with networks and steps \
      in NAME.member and NAME.step.
      """)

  @Argument(help: ArgumentHelp("The first digits of its hash, or latest.", valueName: "run")) var reference: String
  @Option(help: "csv, jsonl or npz; from the output's name unless given, else csv.") var format: RunExport?
  @Option(name: .shortAndLong, help: "The file to write; standard output unless given, which npz needs.")
  var output: String?
  @OptionGroup var archive: ArchiveOptions
  @OptionGroup var options: CommonOptions

  func validate() throws {
    if output?.isEmpty == true { throw ValidationError("--output is empty; name a file, such as -o run.csv.") }
    if chosen == .npz, output == nil {
      throw ValidationError("An npz file is not written to standard output; name a file, such as -o run.npz.")
    }
  }

  private var chosen: RunExport {
    format ?? output.flatMap { RunExport(rawValue: URL(filePath: $0).pathExtension) } ?? .csv
  }

  func run() throws {
    // One file, whole or not there.
    Interruption.endAtOnce()
    try reportingFailures {
      let archive = try archive.openForReading()
      let run = try archive.run(named: reference)
      guard let output else {
        return try archive.export(run, as: chosen) { try StandardOutput.print($0, terminator: "") }
      }
      let url = URL(filePath: output)
      if chosen == .npz {
        try archive.exportNpz(run, to: url)
      } else {
        let file = try AtomicFile(url)
        try archive.export(run, as: chosen) { try file.write($0) }
        try file.commit()
      }
      if options.json {
        try StandardOutput.print(JSONText.encode(["output": output, "run": run.hash, "format": chosen.rawValue]))
      } else if !options.quiet {
        try StandardOutput.print("\(output): run \(run.shortHash)")
      }
    }
  }
}

extension RunExport: ExpressibleByArgument {}
