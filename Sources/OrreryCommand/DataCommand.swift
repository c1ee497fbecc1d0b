import ArgumentParser
import OrreryNetworks
import OrreryReports

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "The data sets at hand.", subcommands: [List.self, Show.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the data sets by name.")
    @OptionGroup var options: CommonOptions

    func run() throws {
      let entries = DataCatalogue.list
      if options.json { return try StandardOutput.print(JSONText.encode(entries)) }
      var table = Table(columns: [
        .init("name"), .init("samples", .right), .init("test", .right), .init("features", .right),
        .init("classes", .right), .init("licence"), .init("installed"),
      ])
      table.rows = entries.map { entry in
        Table.Row([
          .text(InlineText(verbatim: entry.name)), .integer(entry.samples), .integer(entry.testSamples),
          .integer(entry.features), .integer(entry.classNames.count), .text(InlineText(verbatim: entry.licence)),
          .text(InlineText(verbatim: entry.isInstalled ? "yes" : "no: \(entry.remedy)")),
        ])
      }
      try StandardOutput.print(table.text())
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Say what is known of one data set.")
    @Argument(help: "Its name, as orrery data list has it.") var name: String
    @OptionGroup var options: CommonOptions

    func run() throws {
      try reportingFailures {
        guard let entry = DataCatalogue.entry(named: name) else {
          throw MissingInput(
            description:
              "There is no data set called '\(name)'; there are \(DataCatalogue.names.joined(separator: ", ")).")
        }
        if options.json { return try StandardOutput.print(JSONText.encode(entry)) }
        try StandardOutput.print("\(entry.name): \(entry.title)")
        let test = entry.testSamples > 0 ? " and \(entry.testSamples) test samples" : ""
        let shape = entry.shape.map(String.init).joined(separator: " × ")
        try StandardOutput.print(
          "  \(entry.samples) samples\(test) of \(entry.features) features (\(shape)); \(entry.values)")
        try StandardOutput.print(
          "  classes: \(entry.classNames.enumerated().map { "\($0.offset) \($0.element)" }.joined(separator: ", "))")
        try StandardOutput.print("  source: \(entry.source)")
        try StandardOutput.print("  licence: \(entry.licence)")
        try StandardOutput.print(
          "  where: \(entry.location)\(entry.isInstalled ? "" : " (not installed: \(entry.remedy))")")
      }
    }
  }
}
