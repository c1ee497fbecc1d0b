import ArgumentParser
import Foundation
import OrreryFormats
import OrreryNetworks

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

extension OrreryCommand {
  /// Wrong usage reads like every other refusal: "orrery: what is wrong", and what was probably meant.
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      guard exitCode(for: error) == .validationFailure, !(error is ExitCode) else { exit(withError: error) }
      var message = fullMessage(for: error)
      if message.hasPrefix("Error: ") { message = "orrery: " + message.dropFirst("Error: ".count) }
      let names = configuration.subcommands.compactMap { $0.configuration.commandName }
      if let first = arguments.first, !first.hasPrefix("-"), !names.contains(first),
        let meant = Spelling.nearest(to: first, among: names)
      {
        message = "orrery: There is no command '\(first)'; did you mean '\(meant)'?"
      }
      FileHandle.standardError.write(Data((message + "\n").utf8))
      exit(withError: ExitCode.validationFailure)
    }
  }
}
