import ArgumentParser
import OrreryArchive
import OrreryReports

struct RunsRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove runs with everything they have recorded.")

  @Argument(help: "The first digits of their hashes, or latest.") var runs: [String]
  @OptionGroup var archive: ArchiveOptions
  @OptionGroup var options: CommonOptions

  func run() throws {
    try reportingFailures {
      let archive = try archive.openExisting()
      // All names are looked up before anything is removed, and one named twice is one.
      var found: [ArchivedRun] = []
      for name in runs {
        let run = try archive.run(named: name)
        if !found.contains(where: { $0.id == run.id }) { found.append(run) }
      }
      for run in found {
        try archive.remove(run)
        if !options.json, !options.quiet { try StandardOutput.print("Removed \(run.shortHash)") }
      }
      if options.json { try StandardOutput.print(JSONText.encode(["removed": found.map(\.hash)])) }
    }
  }
}
