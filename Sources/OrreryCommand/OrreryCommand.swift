import ArgumentParser
import OrreryFormats

@main
struct OrreryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orrery",
    abstract: "A laboratory for the physics of deep learning: forecast a network, measure it, compare.",
    version: "0.1.0",
    subcommands: [
      NewCommand.self, CheckCommand.self, ForecastCommand.self, ConfrontCommand.self, TuneCommand.self,
      KernelCommand.self, DataCommand.self,
    ])
}
