import ArgumentParser
import OrreryExperiment
import OrreryStudies

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train real networks, one or thousands, into the archive.",
    discussion: """
      The same question is answered from the archive; a run that was stopped goes on where it was. A sweep trains one run for \
      each of its points.
      """)

  @OptionGroup var arguments: StudyArguments
  @OptionGroup var options: CommonOptions

  @Option(
    help: ArgumentHelp(
      """
      What to record, separated by commas; \(TrainCommand.usual) unless given. \
      `orrery measure --list` describes all.
      """, valueName: "list"))
  var observables: String?

  /// What is recorded where nothing is asked for, for the help.
  private static var usual: String {
    TrainingObservable.usual.map { $0 == .integration ? "\($0) (of gradient flow only)" : $0.rawValue }.joined(
      separator: ", ")
  }

  @OptionGroup var training: TrainingOptions

  func validate() throws { _ = try chosenObservables() }

  private func chosenObservables() throws -> [TrainingObservable] {
    try observables.map { try TrainingOptions.observables($0) } ?? TrainingObservable.usual
  }

  func run() throws {
    try training.run(
      TrainingRequest(observables: try chosenObservables()), arguments, options, verb: "training")
  }
}
