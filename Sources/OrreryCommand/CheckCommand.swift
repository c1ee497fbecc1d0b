import ArgumentParser
import OrreryReports
import OrreryStudies

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Print the resolved description and what it will cost in time and memory.")

  @OptionGroup var arguments: StudyArguments
  @OptionGroup var options: CommonOptions

  func run() throws {
    options.apply()
    try reportingFailures {
      let checks = try arguments.loaded(options).map(StudyCheck.init)
      if options.json {
        try StandardOutput.print(JSONText.encode(list: checks))
      } else {
        for (index, check) in checks.enumerated() {
          if index > 0 { try StandardOutput.print() }
          try StandardOutput.print(check.text)
        }
      }
    }
  }
}
