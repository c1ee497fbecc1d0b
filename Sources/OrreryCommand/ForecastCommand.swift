import ArgumentParser
import OrreryReports
import OrreryStudies

struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast", abstract: "Say everything that theory can say of a study before anything is run.")

  @OptionGroup var arguments: StudyArguments
  @OptionGroup var options: CommonOptions

  func run() throws {
    options.apply()
    try reportingFailures {
      let forecasts = try arguments.loaded(options).map { try $0.forecast() }
      if options.json {
        try StandardOutput.print(JSONText.encode(list: forecasts))
      } else {
        for (index, forecast) in forecasts.enumerated() {
          if index > 0 { try StandardOutput.print() }
          try StandardOutput.print(forecast.headline.text(), terminator: "")
          try StandardOutput.print()
          if let table = forecast.finiteWidthTable {
            try StandardOutput.print(table.text(), terminator: "")
            try StandardOutput.print()
          }
          try StandardOutput.print(forecast.layerTable.text(), terminator: "")
        }
      }
    }
  }
}
