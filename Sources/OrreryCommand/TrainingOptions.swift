import ArgumentParser
import Foundation
import OrreryExperiment
import OrreryNetworks
import OrreryReports
import OrreryStudies

/// What `train` and `measure` have in common: how many networks, at which steps to look, where results go.
struct TrainingOptions: ParsableArguments {
  @Option(help: "How many networks; they differ in their draws of weights and batches.")
  var networks = 1

  @Option(name: .customLong("every"), help: "Record every so many steps; a hundred times in all unless given.")
  var every: Int?

  @Flag(name: .customLong("logarithmic"), help: "Record at steps that grow by a constant factor, ten to a decade.")
  var isLogarithmic = false

  @Option(help: ArgumentHelp("Record at these steps, separated by commas; 0 is initialization.", valueName: "steps"))
  var at: String?

  @Option(help: "The folder to write the report, its pictures and its data into.", completion: .directory)
  var report: String?

  @OptionGroup var archive: ArchiveOptions

  @Flag(help: "Run again, even where the archive has the answer.")
  var again = false

  @Flag(
    name: .customLong("save-networks"), help: "Keep the networks' parameters at the end, as safetensors in the archive."
  )
  var savesNetworks = false

  @Option(name: .customLong("save-every"), help: "Seconds between two savings of how far the run is.")
  var savingInterval = 10.0

  func validate() throws {
    if report?.isEmpty == true { throw ValidationError("--report is empty; name a folder, such as --report out.") }
    guard (1...TrainingRequest.mostNetworks).contains(networks) else {
      throw ValidationError("--networks must be from 1 to \(TrainingRequest.mostNetworks), and is \(networks).")
    }
    if let every, every < 1 { throw ValidationError("--every must be at least 1, and is \(every).") }
    if !(savingInterval >= 0) {
      throw ValidationError("--save-every must be 0 or more seconds, and is \(savingInterval).")
    }
    if (every != nil ? 1 : 0) + (isLogarithmic ? 1 : 0) + (at != nil ? 1 : 0) > 1 {
      throw ValidationError("--every, --logarithmic and --at exclude each other; choose one.")
    }
    _ = try steps()
  }

  /// The steps at which to look; nil for the usual ones.
  func steps() throws -> ObservationSteps? {
    if let at {
      let steps = try at.split(separator: ",").map { word in
        guard let step = Int(word.trimmingCharacters(in: .whitespaces)), step >= 0 else {
          throw ValidationError("--at names '\(word)', which is no step; give whole numbers, such as --at 0,10,100.")
        }
        return step
      }
      guard !steps.isEmpty else {
        throw ValidationError("--at names no step; give whole numbers, such as --at 0,10,100, or leave it out.")
      }
      return .at(steps)
    }
    return isLogarithmic ? .logarithmic(perDecade: 10) : every.map { .every($0) }
  }

  /// Observables by name.
  static func observables(_ list: String) throws -> [TrainingObservable] {
    let known = TrainingObservable.allCases.map(\.rawValue)
    let words = list.split(separator: ",")
    guard words.contains(where: { !$0.allSatisfy(\.isWhitespace) }) else {
      throw ValidationError(
        "--observables names nothing; name some, such as --observables loss,sharpness. `orrery measure --list` describes them all."
      )
    }
    return try words.map { word in
      let name = word.trimmingCharacters(in: .whitespaces)
      guard let observable = TrainingObservable(rawValue: name) else {
        let meant = fieldNames[name.lowercased()] ?? Spelling.nearest(to: name, among: known)
        throw ValidationError(
          "--observables names '\(name)', which is not recorded. "
            + (meant.map { "Did you mean '\($0)'?" } ?? "`orrery measure --list` describes them all."))
      }
      return observable
    }
  }

  /// What papers call some observables.
  private static let fieldNames = [
    "cka": "feature-similarity", "ntk": "tangent-kernel", "apjn": "jacobian-norms", "dntk": "tangent-differentials",
    "ddntk": "tangent-differentials",
  ]

  /// Runs the request for each point of the description, into the archive, the report and standard output.
  ///
  /// - Parameter checkpoint: the path of the one network that is measured.
  func run(
    _ request: TrainingRequest, _ arguments: StudyArguments, _ options: CommonOptions, checkpoint: String? = nil,
    verb: String
  ) throws {
    options.apply()
    Interruption.install()
    try reportingFailures {
      var request = request
      (request.networks, request.savesParameters, request.steps) = (networks, savesNetworks, try steps())
      let studies = try arguments.loaded(options).map { loaded in
        let resolved = loaded.resolved
        return try TrainingStudy(
          loaded, request,
          checkpoint: try checkpoint.map {
            try NetworkCheckpoint(URL(filePath: $0), for: resolved.network, precision: resolved.precision)
          })
      }
      for study in studies { try Self.requireMemory(study) }
      var sitting = Sitting(archive: try archive.open())
      (sitting.isStartingOver, sitting.savingInterval, sitting.activity) = (again, savingInterval, verb)
      _ = try options.run(studies.count, report: report, sitting) { studies[$0] }
    }
  }

  private static func requireMemory(_ study: TrainingStudy) throws {
    let needed = try study.requiredMemory()
    let physical = Int(ProcessInfo.processInfo.physicalMemory)
    guard needed <= physical else {
      throw StudyError(
        .tooLarge,
        "This needs \(needed >> 20) MiB and this machine has \(physical >> 20) MiB; take narrower layers, smaller batches, "
          + "or, of several networks, fewer --threads or --networks.")
    }
  }
}
