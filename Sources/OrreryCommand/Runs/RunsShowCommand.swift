import ArgumentParser
import Foundation
import OrreryArchive
import OrreryFindings
import OrreryReports

struct RunsShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Say what is known of one run.")

  @Argument(help: ArgumentHelp("The first digits of its hash, or latest.", valueName: "run")) var reference: String
  @OptionGroup var archive: ArchiveOptions
  @OptionGroup var options: CommonOptions

  /// All of it, as JSON.
  private struct Shown: Encodable {
    var run: RunDescription
    var observables: [ObservableSummary]
    var checkpoints: [ArchivedCheckpoint]
    var measurements: [OrreryFindings.Measurement]
  }

  func run() throws {
    try reportingFailures {
      let archive = try archive.openForReading()
      let run = try archive.run(named: reference)
      let shown = Shown(
        run: RunDescription(run), observables: try archive.summary(of: run),
        checkpoints: try archive.checkpoints(of: run), measurements: try archive.measurements(of: run))
      if options.json { return try StandardOutput.print(JSONText.encode(shown)) }
      for (name, value) in lines(run) where !value.isEmpty { try StandardOutput.print("\(name)\(value)") }
      if !shown.observables.isEmpty { try StandardOutput.print("\n" + table(shown.observables).text(), terminator: "") }
      if !shown.measurements.isEmpty {
        try StandardOutput.print("\n" + RunText.count(shown.measurements.count, "measurement"))
      }
      if !shown.checkpoints.isEmpty { try StandardOutput.print("\n" + table(shown.checkpoints).text(), terminator: "") }
    }
  }

  private func lines(_ run: ArchivedRun) -> [(String, String)] {
    let environment = run.environment
    return [
      ("RUN      ", run.hash),
      ("SUBJECT  ", run.identity.subject),
      ("AT       ", run.identity.label),
      ("KIND     ", run.identity.kind),
      ("STATE    ", run.state.rawValue + (run.message.map { ": \($0)" } ?? "")),
      ("CREATED  ", RunText.time(run.created) + (run.ended.map { ", ended \(RunText.time($0))" } ?? "")),
      ("SEED     ", String(run.identity.seed)),
      ("DATA     ", run.identity.dataDigest),
      ("ORRERY   ", environment.orreryVersion),
      ("MACHINE  ", "\(environment.processor), \(environment.instructionSet), OpenBLAS \(environment.blas)"),
    ] + run.identity.settings.sorted { $0.key < $1.key }.map { ("SETTING  ", "\($0.key): \($0.value)") }
  }

  private func table(_ observables: [ObservableSummary]) -> Table {
    var table = Table(columns: [
      .init("observable"), .init("observations", .right), .init("networks", .right), .init("steps", .right),
      .init("shape", .right),
    ])
    table.rows = observables.map { one in
      let steps = one.firstStep == one.lastStep ? "\(one.firstStep)" : "\(one.firstStep)–\(one.lastStep)"
      return Table.Row([
        .text(InlineText(verbatim: one.observable)), .integer(one.observations), .integer(one.members),
        .text(InlineText(verbatim: steps)),
        one.shape.isEmpty ? .none : .text(InlineText(verbatim: one.shape.replacing(",", with: " × "))),
      ])
    }
    return table
  }

  private func table(_ checkpoints: [ArchivedCheckpoint]) -> Table {
    var table = Table(columns: [
      .init("checkpoint of network", .right), .init("step", .right), .init("bytes", .right), .init("file"),
    ])
    table.rows = checkpoints.map { one in
      Table.Row([
        .integer(one.member), .integer(one.step), .integer(one.bytes), .text(InlineText(verbatim: one.file)),
      ])
    }
    return table
  }
}
