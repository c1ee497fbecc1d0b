import ArgumentParser
import Foundation
import OrreryFindings
import OrreryFormats
import OrreryNetworks
import OrreryTensors

@main
struct OrreryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orrery",
    abstract: "A laboratory for the physics of deep learning: forecast a network, measure it, compare.",
    version: OrreryVersion.current,
    subcommands: [
      NewCommand.self, CheckCommand.self, ForecastCommand.self, ConfrontCommand.self, TuneCommand.self,
      KernelCommand.self, FlowCommand.self, TrainCommand.self, MeasureCommand.self, LawCommand.self, DataCommand.self,
      RunsCommand.self, CiteCommand.self,
    ])
}

extension OrreryCommand {
  /// Wrong usage reads like every other refusal: "orrery: what is wrong", and what was probably meant.
  static func main() {
    StandardOutput.install()
    // While there is one thread: it may touch the environment.
    BLAS.prepare()
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      if let code = error as? ExitCode { exit(withError: code) }
      if exitCode(for: error).isSuccess { exit(withError: help(fullMessage(for: error))) }
      guard exitCode(for: error) == .validationFailure else { exit(withError: report(error)) }
      var message = fullMessage(for: error)
      if message.hasPrefix("Error: ") { message = "orrery: " + message.dropFirst("Error: ".count) }
      let names = configuration.subcommands.compactMap { $0.configuration.commandName }
      if let first = arguments.first, !first.hasPrefix("-"), !names.contains(first),
        let meant = Spelling.nearest(to: first, among: names)
      {
        message = "orrery: There is no command '\(first)'; did you mean '\(meant)'?"
      }
      StandardError.print(message)
      exit(withError: ExitCode.validationFailure)
    }
  }

  /// Help, a version or a completion script, on standard output like every result.
  private static func help(_ text: String) -> ExitCode {
    do {
      if !text.isEmpty { try StandardOutput.print(text) }
      return .success
    } catch {
      return report(error)
    }
  }
}
