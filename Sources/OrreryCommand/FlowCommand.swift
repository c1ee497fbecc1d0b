import ArgumentParser
import Foundation
import OrreryFormats
import OrreryNetworks
import OrreryReports
import OrrerySpecification
import OrreryStudies
import OrreryTensors
import OrreryTheory

struct FlowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flow", abstract: "Show every layer's kernel, NTK and order-1/n tensors on a few inputs.",
    discussion: """
      Inputs are the first of the study's training data, or the rows of an array X (npy, npz, CSV or IDX, used as they are). \
      The table shows the dimensionless couplings of the first input over the width, each the size of an effect; --json has \
      every element of every tensor.
      """)

  @Argument(help: "The description, a YAML file, or - for standard input.") var specification: String

  @Argument(
    help: ArgumentHelp("An array X of inputs, and changes such as network.mlp.depth=3.", valueName: "X path=value"))
  var rest: [String] = []

  @Option(help: "The number of inputs, the first of the data or of X; 2 of the data and all of X unless given.")
  var inputs: Int?

  @Option(
    help:
      "How much: preactivations (V, G1), tangent-kernel (and H1, A, B, D, F) or differentials (and P, Q, R, S, T, U).")
  var extent = Extent.differentials

  @Option(help: "The folder to write a report, its pictures and its data into.", completion: .directory)
  var report: String?

  @OptionGroup var options: CommonOptions

  enum Extent: String, ExpressibleByArgument, CaseIterable {
    case preactivations
    case tangentKernel = "tangent-kernel"
    case differentials

    var tensors: FiniteWidthExtent {
      switch self {
      case .preactivations: .preactivations
      case .tangentKernel: .tangentKernel
      case .differentials: .differentials
      }
    }
  }

  func validate() throws {
    if let inputs { try check(inputs) }
    if report?.isEmpty == true { throw ValidationError("--report is empty; name a folder, such as --report out.") }
  }

  func run() throws {
    options.apply()
    try reportingFailures {
      let (arguments, files) = StudyArguments.withArrays(specification, rest)
      guard files.count <= 1 else {
        throw WrongUsage(description: "Give at most one array X after the description; there are \(files.count).")
      }
      let findings = try files.first.map { try onArray($0, arguments) } ?? onData(arguments)
      if let report { try ReportFolder(path: report).write(all: findings) }
      try options.show(findings, report: report)
    }
  }

  /// Tensors of the NTK take memory and time as the fourth power.
  private func check(_ count: Int) throws {
    guard (1...64).contains(count) else { throw ValidationError("--inputs is from 1 to 64, and is \(count).") }
    if extent != .preactivations, count > 16 {
      throw ValidationError(
        "\(count) inputs with tensors of the NTK are too many; ask for at most --inputs 16, or --extent preactivations."
      )
    }
  }

  /// Every element is only for what is written.
  private var keepsTensors: Bool { options.json || report != nil }

  private func onData(_ arguments: StudyArguments) throws -> [Flow] {
    try arguments.loaded(options).map {
      try $0.flow(inputs: inputs ?? 2, extent: extent.tensors, keepsTensors: keepsTensors)
    }
  }

  private func onArray(_ path: String, _ arguments: StudyArguments) throws -> [Flow] {
    let array = try InputArray.read(path, limit: inputs, option: "--inputs")
    try check(array.rows)
    try array.requireFinite(as: Double.self)
    let matrix = Matrix(array.elements(as: Double.self).reshaped([array.rows, array.rowCount]))
    return try arguments.points(options).map { point in
      let network = try arguments.network(of: point, "whose flow")
      return try Flow(network, on: matrix, name: path, extent: extent.tensors, keepsTensors: keepsTensors)
    }
  }
}
