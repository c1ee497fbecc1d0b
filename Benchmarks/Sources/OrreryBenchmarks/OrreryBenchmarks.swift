import Foundation

/// The parts that `Benchmarks/run` puts together; each prints records, one JSON object a line.
@main
enum OrreryBenchmarks {
  static let usage = """
    usage: OrreryBenchmarks prepare FOLDER              write the shared inputs
           OrreryBenchmarks cases                       list the kernel cases
           OrreryBenchmarks kernel CASE MEMORY FOLDER   time a case; MEMORY is fresh or reused, and labels the record
           OrreryBenchmarks judge CASE FOLDER           the error of what the peer saved
           OrreryBenchmarks ensemble FOLDER             time networks at initialization
           OrreryBenchmarks training-cases              list the training cases
           OrreryBenchmarks train CASE                  time steps of training
           OrreryBenchmarks convolution                 time a gradient of a convolutional network
           OrreryBenchmarks derivative-cases            list the cases of derivatives beside training
           OrreryBenchmarks derivative CASE             time one of them
           OrreryBenchmarks finite-width-cases          list the cases of theory at order 1/n
           OrreryBenchmarks finite-width CASE           time one of them
           OrreryBenchmarks machine                     measure the machine's limits
           OrreryBenchmarks table RECORDS [README]      print the table; put it into README between its marks
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
    func kernelCase() throws -> KernelCase {
      guard let found = KernelCase.all.first(where: { $0.name == arguments[1] }) else {
        throw UnknownCase(name: arguments[1], known: KernelCase.all.map(\.name))
      }
      return found
    }
    switch (arguments.first, arguments.count) {
    case ("prepare", 2): try Inputs.prepare(in: folder(1))
    case ("cases", 1): for kernelCase in KernelCase.all { print(kernelCase.name) }
    case ("kernel", 4): try KernelMeasurement.run(try kernelCase(), in: folder(3), memory: arguments[2])
    case ("judge", 3): try KernelMeasurement.judgePeer(try kernelCase(), in: folder(2))
    case ("ensemble", 2): try EnsembleMeasurement.run(in: folder(1))
    case ("training-cases", 1): for trainingCase in TrainingCase.all { print(trainingCase.name) }
    case ("train", 2):
      guard let found = TrainingCase.all.first(where: { $0.name == arguments[1] }) else {
        throw UnknownCase(name: arguments[1], known: TrainingCase.all.map(\.name))
      }
      try TrainingMeasurement.run(found)
    case ("convolution", 1): try ConvolutionCase.run()
    case ("derivative-cases", 1): for derivativeCase in DerivativeCase.allCases { print(derivativeCase.rawValue) }
    case ("derivative", 2):
      guard let found = DerivativeCase(rawValue: arguments[1]) else {
        throw UnknownCase(name: arguments[1], known: DerivativeCase.allCases.map(\.rawValue))
      }
      try found.run()
    case ("finite-width-cases", 1): for finite in FiniteWidthCase.allCases { print(finite.rawValue) }
    case ("finite-width", 2):
      guard let found = FiniteWidthCase(rawValue: arguments[1]) else {
        throw UnknownCase(name: arguments[1], known: FiniteWidthCase.allCases.map(\.rawValue))
      }
      try found.run()
    case ("machine", 1): Machine.run()
    case ("table", 2): print(ResultTable(records: try Record.read(folder(1))).markdown, terminator: "")
    case ("table", 3):
      let table = ResultTable(records: try Record.read(folder(1))).markdown
      print(table, terminator: "")
      try ReadmeTable.replace(with: table, in: folder(2))
    default:
      FileHandle.standardError.write(Data((usage + "\n").utf8))
      exit(64)
    }
  }

  struct UnknownCase: Error, CustomStringConvertible {
    let name: String
    let known: [String]
    var description: String {
      "there is no case called '\(name)'; the cases are \(known.joined(separator: ", "))."
    }
  }
}
