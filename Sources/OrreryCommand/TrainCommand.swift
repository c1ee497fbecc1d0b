import ArgumentParser
import Foundation
import OrreryArchive
import OrreryExperiment
import OrreryNetworks
import OrreryReports
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

  @Option(help: "How many networks to train; they differ in their draws of weights and batches.")
  var networks = 1

  @Option(
    help: ArgumentHelp(
      "What to record, separated by commas: \(TrainingObservable.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "list"))
  var observables: String?

  @Option(
    name: .customLong("every"), help: "Record every so many steps; a hundred times in all unless given.")
  var every: Int?

  @Flag(name: .customLong("logarithmic"), help: "Record at steps that grow by a constant factor, ten to a decade.")
  var isLogarithmic = false

  @Option(help: "The folder to write the report, its pictures and its data into.", completion: .directory)
  var report: String?

  @OptionGroup var archive: ArchiveOptions

  @Flag(help: "Train again, even where the archive has the answer.")
  var again = false

  @Flag(
    name: .customLong("save-networks"), help: "Keep the networks' parameters at the end, as safetensors in the archive."
  )
  var savesNetworks = false

  @Option(name: .customLong("save-every"), help: "Seconds between two savings of how far the run is.")
  var savingInterval = 10.0

  func validate() throws {
    if report?.isEmpty == true { throw ValidationError("--report is empty; name a folder, such as --report out.") }
    if networks < 1 { throw ValidationError("--networks must be at least 1, and is \(networks).") }
    if let every, every < 1 { throw ValidationError("--every must be at least 1, and is \(every).") }
    if !(savingInterval >= 0) {
      throw ValidationError("--save-every must be 0 or more seconds, and is \(savingInterval).")
    }
    if every != nil, isLogarithmic {
      throw ValidationError("--every and --logarithmic exclude each other; choose one.")
    }
    _ = try chosenObservables()
  }

  private func chosenObservables() throws -> [TrainingObservable] {
    guard let observables else { return TrainingObservable.usual }
    let known = TrainingObservable.allCases.map(\.rawValue)
    return try observables.split(separator: ",").map { word in
      let name = word.trimmingCharacters(in: .whitespaces)
      guard let observable = TrainingObservable(rawValue: name) else {
        throw ValidationError(
          "--observables names '\(name)', which training does not record. "
            + (Spelling.nearest(to: name, among: known).map { "Did you mean '\($0)'?" }
              ?? "Choose from \(known.joined(separator: ", ")).")
        )
      }
      return observable
    }
  }

  func run() throws {
    options.apply()
    Interruption.install()
    try reportingFailures {
      let progress = options.progress
      var request = TrainingRequest(networks: networks, observables: try chosenObservables())
      request.savesParameters = savesNetworks
      request.steps = isLogarithmic ? .logarithmic(perDecade: 10) : every.map { .every($0) }
      let studies = try arguments.loaded(options).map { try TrainingStudy($0, request) }
      for study in studies { try requireMemory(study) }
      let archive = try archive.open()
      var findings: [TrainingFinding] = []
      for (index, study) in studies.enumerated() {
        let prefix = studies.count > 1 ? "[\(index + 1)/\(studies.count)] " : ""
        let folder = report.map { ReportFolder(path: $0, point: studies.count > 1 ? index + 1 : nil) }
        try folder?.prepare()
        let clock = ProgressClock(progress, "\(prefix)training")
        let finding = try study.run(
          archive, startingOver: again, savingInterval: savingInterval, progress: { clock.show($0) },
          isCancelled: { Interruption.isRequested })
        progress.clear()
        try folder?.write(finding)
        findings.append(finding)
      }
      if let report, studies.count > 1 {
        try ReportFolder(path: report, point: nil).write(TrainingSweep(findings))
      }
      if options.json {
        try StandardOutput.print(JSONText.encode(list: findings))
      } else {
        let summary = findings.count == 1 ? findings[0].summary : TrainingSweep(findings).summary
        try StandardOutput.print(summary, terminator: "")
        if let report {
          try StandardOutput.print("Report: \(URL(filePath: report).appending(path: "index.html").path)")
        }
      }
    }
  }

  private func requireMemory(_ study: TrainingStudy) throws {
    let needed = try study.requiredMemory()
    let physical = Int(ProcessInfo.processInfo.physicalMemory)
    guard needed <= physical else {
      throw StudyError(
        .tooLarge,
        "Training needs \(needed >> 20) MiB and this machine has \(physical >> 20) MiB; take narrower layers, smaller batches, "
          + "or fewer --threads.")
    }
  }
}

extension ReportFolder {
  /// The page that leads to the points of a sweep, and its figures.
  func write(_ sweep: TrainingSweep) throws {
    try write(sweep.page())
  }

  /// The page, every figure as SVG and CSV, and the finding as JSON.
  func write(_ finding: TrainingFinding) throws {
    try write(try JSONText.encode(finding), to: "training.json")
    try write(finding.page())
  }
}
