import Foundation
import OrreryTensors

/// The parts that `Benchmarks/run` puts together; each prints records, one JSON object a line.
@main
enum OrreryBenchmarks {
  static let usage = """
    usage: OrreryBenchmarks prepare FOLDER              write the shared inputs
           OrreryBenchmarks names                       list all cases, each behind its group
           OrreryBenchmarks kernel CASE MEMORY FOLDER   time a case; MEMORY is fresh or reused, and labels the record
           OrreryBenchmarks judge CASE FOLDER           the error of what the peer saved
           OrreryBenchmarks ensemble FOLDER             time networks at initialization
           OrreryBenchmarks train CASE [THREADS]        time steps of training
           OrreryBenchmarks convolution [THREADS]       time a gradient of a convolutional network
           OrreryBenchmarks derivative CASE             time derivatives beside training
           OrreryBenchmarks finite-width CASE           time theory at order 1/n
           OrreryBenchmarks machine                     measure the machine's limits
           OrreryBenchmarks levels [KERNEL...] [--write README]
                                                        every kernel on every path that this processor has
           OrreryBenchmarks rows RECORDS                print the tables that have rows
           OrreryBenchmarks table RECORDS [README]      print them and the machine's limits; put all into README
    """

  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("OrreryBenchmarks: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ arguments: [String]) throws {
    func folder(_ index: Int) -> URL { URL(filePath: arguments[index]) }
    func setThreads(_ index: Int) {
      if arguments.count > index, let threads = Int(arguments[index]), threads > 0 { Parallel.setThreads(threads) }
    }
    func kernelCase() throws -> KernelCase {
      guard let found = KernelCase.all.first(where: { $0.name == arguments[1] }) else {
        throw UnknownCase(name: arguments[1], known: KernelCase.all.map(\.name))
      }
      return found
    }
    if arguments.first == "levels" { return try levels(Array(arguments.dropFirst())) }
    switch (arguments.first, arguments.count) {
    case ("prepare", 2): try Inputs.prepare(in: folder(1))
    case ("names", 1): for (group, name) in names { print(group, name) }
    case ("kernel", 4): try KernelMeasurement.run(try kernelCase(), in: folder(3), memory: arguments[2])
    case ("judge", 3): try KernelMeasurement.judgePeer(try kernelCase(), in: folder(2))
    case ("ensemble", 2): try EnsembleMeasurement.run(in: folder(1))
    case ("train", 2...3):
      guard let found = TrainingCase.all.first(where: { $0.name == arguments[1] }) else {
        throw UnknownCase(name: arguments[1], known: TrainingCase.all.map(\.name))
      }
      setThreads(2)
      try TrainingMeasurement.run(found)
    case ("convolution", 1...2):
      setThreads(1)
      try ConvolutionCase.run()
    case ("derivative", 2):
      guard let found = DerivativeCase(rawValue: arguments[1]) else {
        throw UnknownCase(name: arguments[1], known: DerivativeCase.allCases.map(\.rawValue))
      }
      try found.run()
    case ("finite-width", 2):
      guard let found = FiniteWidthCase(rawValue: arguments[1]) else {
        throw UnknownCase(name: arguments[1], known: FiniteWidthCase.allCases.map(\.rawValue))
      }
      try found.run()
    case ("machine", 1): Machine.run()
    case ("rows", 2): print(ResultTable(records: try Record.read(folder(1))).rows, terminator: "")
    case ("table", 2): print(ResultTable(records: try Record.read(folder(1))).markdown, terminator: "")
    case ("table", 3):
      let table = ResultTable(records: try Record.read(folder(1))).markdown
      print(table, terminator: "")
      try ReadmeTable(.table, used: .current).replace(with: table, in: folder(2))
    default:
      FileHandle.standardError.write(Data((usage + "\n").utf8))
      exit(64)
    }
  }

  /// Every case, behind the group that says how `Benchmarks/run` measures it.
  private static var names: [(group: String, name: String)] {
    let groups: [(String, [String])] = [
      ("kernel", KernelCase.all.map(\.name)),
      ("networks", [EnsembleMeasurement.name]),
      ("training", TrainingCase.all.map(\.name)),
      ("derivative", DerivativeCase.allCases.map(\.rawValue)),
      ("convolution", [ConvolutionCase.name]),
      ("finite-width", FiniteWidthCase.allCases.map(\.rawValue)),
      ("command", CommandCase.allCases.map(\.rawValue)),
      ("elementwise", ["elementwise"]),
      ("levels", ["levels"]),
    ]
    return groups.flatMap { group, names in names.map { (group, $0) } }
  }

  private static func levels(_ arguments: [String]) throws {
    var (names, readme): ([String], URL?) = (arguments, nil)
    if let option = names.firstIndex(of: "--write"), option + 1 < names.count {
      readme = URL(filePath: names[option + 1])
      names.removeSubrange(option...(option + 1))
    }
    if let unknown = names.first(where: { name in
      !LevelMeasurement.kernels.contains { $0.hasPrefix(name.lowercased()) }
    }) {
      throw UnknownCase(name: unknown, known: LevelMeasurement.kernels)
    }
    let measurement = LevelMeasurement(of: names)
    let table = LevelTable(measurement: measurement).markdown
    print(table, terminator: "")
    if let readme { try ReadmeTable(.levels, used: measurement.levels.last!).replace(with: table, in: readme) }
  }

  struct UnknownCase: Error, CustomStringConvertible {
    let name: String
    let known: [String]
    var description: String {
      "there is no case called '\(name)'; the cases are \(known.joined(separator: ", "))."
    }
  }
}
