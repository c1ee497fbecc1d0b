import ArgumentParser
import Foundation
import OrreryReports
import OrrerySpecification
import OrreryStudies

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune", abstract: "Recommend the critical initialization and learning rates by layer, and say why.")

  @OptionGroup var arguments: StudyArguments
  @OptionGroup var options: CommonOptions

  @Flag(help: "Print the initialization as YAML, ready for a description's network.init.")
  var yaml = false

  func run() throws {
    options.apply()
    try reportingFailures {
      let recommendations = try arguments.points(options).map {
        try Recommendation($0.study, label: $0.label, relativeTo: arguments.folder)
      }
      if options.json {
        try StandardOutput.print(JSONText.encode(list: recommendations))
      } else {
        for (index, recommendation) in recommendations.enumerated() {
          if index > 0 { try StandardOutput.print() }
          try StandardOutput.print(yaml ? recommendation.yaml : recommendation.text)
        }
      }
    }
  }
}
