import ArgumentParser
import Foundation
import OrreryArchive
import OrreryReports

struct RunsCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Look for damage in the archive: its database, every value, every checkpoint.",
    discussion: "The exit status is 65 when anything is lost or wrong.")

  @OptionGroup var archive: ArchiveOptions
  @OptionGroup var options: CommonOptions

  func run() throws {
    try reportingFailures {
      let archive = try archive.openForReading()
      let check = try archive.check()
      if options.json {
        try StandardOutput.print(JSONText.encode(check))
      } else {
        for problem in check.problems { try StandardOutput.print("PROBLEM  \(problem)") }
        for remark in check.remarks { try StandardOutput.print("REMARK   \(remark)") }
        let parts = [
          RunText.count(check.runs, "run"), RunText.count(check.observations, "observation"),
          RunText.count(check.checkpoints, "checkpoint"),
        ]
        let found = check.problems.isEmpty ? "no problems" : RunText.count(check.problems.count, "problem")
        try StandardOutput.print(
          "\(archive.folder.path(percentEncoded: false)): \(parts.joined(separator: ", ")); \(found)")
      }
      guard check.problems.isEmpty else {
        StandardError.print(
          "orrery: The archive has lost something; remove the runs named above, and compute them again.")
        throw ExitCode(ExitStatus.badData)
      }
    }
  }
}
