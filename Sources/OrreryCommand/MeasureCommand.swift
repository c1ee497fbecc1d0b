import ArgumentParser
import OrreryExperiment
import OrreryFindings
import OrreryReports
import OrreryStudies

struct MeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Measure observables of real networks, at initialization, while they train, or of a checkpoint.",
    discussion: """
      Networks are trained as the description's optimizer says, and looked at at chosen steps: --at 0 measures them as they \
      are drawn, and needs no optimizer. Training ends with the last step of --at. \
      With --checkpoint the network is the one that a file holds, as `orrery train --save-networks` keeps it in the archive's \
      folder of checkpoints, or any program that writes safetensors under the same names. Curves, spectra and kernels go into the report; every number, arrays among them, into the \
      archive, from where `orrery runs export` takes them.
      """)

  // A list of observables needs no description.
  @Argument(help: StudyArguments.specificationHelp, completion: StudyArguments.specificationCompletion)
  var specification: String?

  @Argument(help: StudyArguments.overridesHelp)
  var overrides: [String] = []

  @OptionGroup var options: CommonOptions

  @Option(
    help: ArgumentHelp(
      "What to measure, separated by commas; see --list. Of a checkpoint losses, accuracies and the weight norm unless given.",
      valueName: "list"))
  var observables: String?

  @Option(
    help: ArgumentHelp(
      "Measure the network whose parameters this safetensors file holds, as they are, and train nothing.",
      valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var checkpoint: String?

  @Flag(
    name: .customLong("list"), help: "Describe every observable: what it is, how it is estimated, with which error.")
  var lists = false

  @OptionGroup var training: TrainingOptions

  @Option(name: .customLong("kernel-samples"), help: "Kernels are of the first so many training samples.")
  var kernelSamples = ObservableSettings().kernelSamples

  @Option(help: "How many of the Hessian's largest eigenvalues.")
  var eigenvalues = ObservableSettings().eigenvalues

  @Option(help: "Random vectors of trace, density and Jacobian estimates.")
  var probes = ObservableSettings().probes

  @Option(name: .customLong("density-steps"), help: "Products with the Hessian for each probe of its density.")
  var densitySteps = ObservableSettings().densitySteps

  @Option(name: .customLong("noise-batch"), help: "The batch of the gradient noise scale.")
  var noiseBatch = ObservableSettings().noiseBatch

  @Option(
    name: .customLong("differential-samples"),
    help: "Differentials of the tangent kernel are of the first so many training samples.")
  var differentialSamples = ObservableSettings().differentialSamples

  /// As many samples, eigenvalues or vectors as are offered.
  private static let largest = 1 << 16

  func validate() throws {
    guard !lists else { return }
    guard specification != nil else {
      throw ValidationError("measure needs a description; `orrery new > mine.yaml` makes one to start from.")
    }
    try validateCheckpoint()
    guard observables != nil || checkpoint != nil else {
      throw ValidationError(
        "measure needs --observables, such as --observables loss,sharpness,tangent-kernel; --list describes them all.")
    }
    _ = try chosenObservables()
    for (name, value, least) in [
      ("--kernel-samples", kernelSamples, 2), ("--eigenvalues", eigenvalues, 1), ("--probes", probes, 2),
      ("--density-steps", densitySteps, 2), ("--noise-batch", noiseBatch, 1),
      ("--differential-samples", differentialSamples, 1),
    ] where !(least...Self.largest).contains(value) {
      throw ValidationError("\(name) must be from \(least) to \(Self.largest), and is \(value).")
    }
  }

  private func validateCheckpoint() throws {
    guard let checkpoint else { return }
    guard !checkpoint.isEmpty else {
      throw ValidationError("--checkpoint is empty; name a file, such as --checkpoint trained.safetensors.")
    }
    guard training.networks == 1 else {
      throw ValidationError("--checkpoint is one network, and --networks asks for \(training.networks); leave it out.")
    }
    guard training.every == nil, !training.isLogarithmic, training.at == nil, !training.savesNetworks else {
      throw ValidationError(
        "--checkpoint is measured as it is; leave out --at, --every, --logarithmic and --save-networks, which are of training."
      )
    }
  }

  private func chosenObservables() throws -> [TrainingObservable] {
    if observables == nil, checkpoint != nil { return TrainingObservable.usual }
    return try TrainingOptions.observables(observables ?? "")
  }

  func run() throws {
    if lists { return try reportingFailures { try list() } }
    var settings = ObservableSettings()
    (settings.kernelSamples, settings.eigenvalues, settings.probes) = (kernelSamples, eigenvalues, probes)
    (settings.densitySteps, settings.noiseBatch) = (densitySteps, noiseBatch)
    settings.differentialSamples = differentialSamples
    let request = TrainingRequest(.measure, observables: try chosenObservables(), settings: settings)
    try training.run(
      request, StudyArguments(specification: specification!, overrides: overrides), options, checkpoint: checkpoint,
      verb: "measuring")
  }

  /// One observable as `--list --json` prints it.
  private struct Entry: Encodable {
    var name: String
    var title: String
    var meaning: String
    var method: String
    var source: String
    var publications: [Publication]
    var numericsVersion: Int
  }

  private func list() throws {
    if options.json {
      return try StandardOutput.print(
        JSONText.encode(
          TrainingObservable.allCases.map {
            Entry(
              name: $0.rawValue, title: $0.title, meaning: $0.meaning, method: $0.method, source: $0.source,
              publications: $0.publications,
              numericsVersion: $0.numericsVersion)
          }))
    }
    for observable in TrainingObservable.allCases {
      try StandardOutput.print(observable.rawValue)
      try StandardOutput.print(
        Self.wrapped("\(observable.meaning) Estimate: \(observable.method)", width: 116, indent: 4))
      if !observable.source.isEmpty {
        try StandardOutput.print(Self.wrapped("Source: \(observable.source)", width: 116, indent: 4))
      }
    }
  }

  /// Lines of whole words, indented.
  private static func wrapped(_ text: String, width: Int, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var (lines, line) = ([String](), "")
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent + line.count + 1 + word.count > width {
        lines.append(margin + line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty { lines.append(margin + line) }
    return lines.joined(separator: "\n")
  }
}
