import ArgumentParser
import OrreryFindings
import OrreryStudies

struct ConfrontCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confront", abstract: "Forecast, measure real networks, compare: one self-contained report.",
    discussion: """
      At initialization always; and in training, where the study describes gradient descent under mse: losses and outputs of \
      ensemble.trained networks beside training at infinite width. Trained networks' numbers are kept in the archive.
      """)

  @OptionGroup var arguments: StudyArguments
  @OptionGroup var options: CommonOptions

  @Option(help: "The folder to write the report, its pictures and its data into.", completion: .directory)
  var report: String?

  @Option(
    name: .customLong("fail-on"), help: "Exit with status 1 when a comparison has this verdict: refuted or tension.")
  var failOn: FailureCondition?

  @Flag(name: .customLong("initialization-only"), help: "Leave out training.")
  var isInitializationOnly = false

  enum FailureCondition: String, ExpressibleByArgument, CaseIterable {
    case refuted, tension
  }

  @Flag(
    help: ArgumentHelp(
      "Train instead: a handful of initializations and learning rates for some hundred steps, beside the forecast."))
  var pilot = false

  @Option(
    name: .customLong("pilot-steps"),
    help: "The pilot's steps, of those that the description asks for; 300 unless given.")
  var pilotSteps: Int?

  @Option(
    name: .customLong("pilot-networks"), help: "The pilot's networks for each initialization and rate; 2 unless given.")
  var pilotNetworks: Int?

  @OptionGroup var archive: ArchiveOptions

  func validate() throws {
    if report?.isEmpty == true { throw ValidationError("--report is empty; name a folder, such as --report out.") }
    if let pilotSteps, pilotSteps < 1 {
      throw ValidationError("--pilot-steps must be at least 1, and is \(pilotSteps).")
    }
    if pilot, failOn != nil {
      throw ValidationError(
        "--fail-on is of a confrontation's verdicts, and a pilot has none of them; leave out --fail-on or --pilot.")
    }
    if pilot, isInitializationOnly {
      throw ValidationError("--pilot trains and --initialization-only does not; leave one of them out.")
    }
    for (name, value) in [("--pilot-steps", pilotSteps), ("--pilot-networks", pilotNetworks)]
    where value != nil && !pilot {
      throw ValidationError("\(name) is of a pilot; add --pilot, or leave it out.")
    }
    if let pilotNetworks, pilotNetworks < 1 {
      throw ValidationError("--pilot-networks must be at least 1, and is \(pilotNetworks).")
    }
  }

  func run() throws {
    options.apply()
    Interruption.install()
    try reportingFailures {
      let studies = try arguments.loaded(options)
      if pilot { return try runPilot(studies) }
      // Before any work: what does not fit, what takes longer than one would think, and an archive that cannot be opened.
      let demands = try studies.map(ConfrontationDemand.init)
      for demand in demands { try demand.requireMemory() }
      announce(seconds: demands.reduce(0) { $0 + $1.seconds })
      let trains = !isInitializationOnly && studies.contains { DynamicsRun.exclusion($0) == nil }
      let sitting = Sitting(archive: trains ? try archive.open() : nil)
      let findings = try options.run(studies.count, report: report, sitting) {
        try StudyConfrontation(studies[$0], hasTraining: !isInitializationOnly)
      }
      let verdicts = Set(findings.flatMap(\.verdicts))
      if let failOn, verdicts.contains(.refuted) || (failOn == .tension && verdicts.contains(.inTension)) {
        throw ExitCode(ExitStatus.failure)
      }
    }
  }

  private func runPilot(_ studies: [LoadedStudy]) throws {
    var request = PilotRequest()
    if let pilotNetworks { request.networks = pilotNetworks }
    if let pilotSteps { request.steps = pilotSteps }
    let pilots = try studies.map { try Pilot($0, request) }
    _ = try options.run(pilots.count, report: report, Sitting(archive: archive.open())) { pilots[$0] }
  }

  /// Hours are said before they pass.
  private func announce(seconds: Double) {
    guard seconds > 1800, !options.quiet else { return }
    let time = StudyCheck.duration(seconds: seconds)
    StandardError.print(
      "orrery: This takes about \(time); Ctrl-C stops it, and ensemble.networks or narrower layers make it shorter.")
  }
}
