import ArgumentParser
import Foundation
import OrreryFormats
import OrreryNetworks
import OrreryReports
import OrrerySpecification
import OrreryStudies
import OrreryTensors
import OrreryTheory

struct KernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel", abstract: "Write the NNGP and NTK of the described network on arrays.",
    discussion: """
      Arrays are npy, npz, CSV or IDX files of shape (samples, features), or (samples, height, width, channels) and the like, \
      used as they are; mlp and flatten lay further axes out as features. Perceptrons are fast; any other list of layers that have kernels (orrery check \
      says whether) goes pair by pair. X.npz:images is the array images of an npz file that holds several. The output has the arrays nngp and ntk of shape (samples of X, samples of X2), in the description's \
      precision. A path that ends in .npz is one file; any other is a folder of npy tiles with a journal, for kernels \
      larger than memory: the same command goes on after an interruption.
      """)

  @Argument(help: "The description, a YAML file; it needs a network only.") var specification: String

  @Argument(
    help: ArgumentHelp(
      "The array X, optionally a second one X2, and changes such as network.mlp.depth=3.",
      valueName: "X [X2] path=value"))
  var rest: [String]

  @Option(name: .shortAndLong, help: "K.npz for one file, K/ for a folder of tiles.") var output: String

  @Flag(help: "Leave out the neural tangent kernel.") var nngpOnly = false

  @Option(help: "Use only the first so many samples of X.") var first: Int?

  @OptionGroup var options: CommonOptions

  func validate() throws {
    if output.isEmpty { throw ValidationError("--output is empty; name a file, such as -o K.npz.") }
    if let first, first < 1 { throw ValidationError("--first must be at least 1, and is \(first).") }
  }

  func run() throws {
    options.apply()
    // Tiles stop between two of them and go on later; one file is whole or not there.
    if isFile { Interruption.endAtOnce() } else { Interruption.install() }
    try reportingFailures {
      let (arguments, files) = StudyArguments.withArrays(specification, rest)
      guard (1...2).contains(files.count) else {
        throw WrongUsage(description: "Give one array X, or two, after the description; there are \(files.count).")
      }
      let points = try arguments.points(options)
      guard points.count == 1 else {
        throw WrongUsage(description: "A kernel is of one network, and the changes describe \(points.count).")
      }
      let network = try arguments.network(of: points[0], "whose kernel")
      // Before any work: a result that cannot be written is lost.
      let url = URL(filePath: output)
      if isFile { try AtomicFile.requireWritable(url) }
      switch points[0].study.precision {
      case .float64: try run(Double.self, network, files, url)
      case .float32: try run(Float.self, network, files, url)
      case let other:
        throw SpecificationError(
          origin: specification, line: nil,
          message: "Kernels are computed in float32 or float64, and precision is \(other.rawValue).")
      }
    }
  }

  private var isFile: Bool { output.hasSuffix(".npz") }

  private func run<Scalar: DualKernelScalar>(
    _ type: Scalar.Type, _ network: Network, _ files: [String], _ url: URL
  ) throws {
    var sampleShape: [Int]?
    let arrays = try files.enumerated().map { index, path in
      let array = try InputArray.read(path, limit: index == 0 ? first : nil)
      try array.requireFinite(as: Scalar.self)
      if Scalar.self == Float.self { try requireVisible(array) }
      if index == 0 { sampleShape = Array(array.shape.dropFirst()) }
      return Matrix(array.elements(as: Scalar.self).reshaped([array.rows, array.rowCount]))
    }
    let study = try KernelStudy<Scalar>(
      network, sampleShape: sampleShape, x: arrays[0], x2: arrays.count > 1 ? arrays[1] : nil,
      meanSquaredInput: meanSquare(arrays[0]),
      digests: digests(arrays), tangents: !nngpOnly)
    if isFile {
      try checkMemory(study.outputBytes)
      try study.write(npz: url)
    } else {
      try study.write(tiles: url, progress: showProgress, isCancelled: { Interruption.isRequested })
    }
    try finish(rows: study.size.rows, columns: study.size.columns, arrays: study.arrays)
  }

  /// Checks that no sample becomes 0 in single precision.
  private func requireVisible(_ array: NumericArray) throws {
    guard let (row, largest) = array.firstVanishingRow() else { return }
    throw BadInput(
      description:
        "\(array.name): sample \(row), counted from 0, is at most \(largest) and vanishes in single precision; "
        + "scale the data, or use precision=float64.")
  }

  private func meanSquare<Scalar: TensorScalar>(_ x: Matrix<Scalar>) -> Double {
    x.withUnsafeBuffer { $0.reduce(0.0) { $0 + Double($1) * Double($1) } } / Double(x.rows * x.columns)
  }

  private func digests<Scalar: TensorScalar>(_ matrices: [Matrix<Scalar>]) -> [String] {
    matrices.map { matrix in
      var hasher = Digest.Hasher()
      matrix.withUnsafeBuffer { hasher.update(UnsafeRawBufferPointer($0)) }
      return "\(matrix.rows)x\(matrix.columns) " + hasher.finalize().hexadecimal
    }
  }

  private func checkMemory(_ bytes: Int) throws {
    let physical = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    guard bytes <= physical / 2 else {
      throw BadInput(
        description: "The kernels take \(bytes >> 20) MiB, more than half of this machine's memory; write tiles with "
          + "-o and a folder's name.")
    }
  }

  private func showProgress(_ done: Int, _ total: Int) { options.progress.show("kernel: \(done) of \(total) tiles") }

  /// What was written, and where.
  private struct Written: Encodable {
    var output: String
    var shape: [Int]
    var arrays: [String]
  }

  private func finish(rows: Int, columns: Int, arrays: [String]) throws {
    options.progress.clear()
    if options.json {
      try StandardOutput.print(JSONText.encode(Written(output: output, shape: [rows, columns], arrays: arrays)))
    } else if !options.quiet {
      try StandardOutput.print("\(output): \(arrays.joined(separator: ", ")) of shape (\(rows), \(columns))")
    }
  }
}

/// Arguments that do not go together.
struct WrongUsage: Error, CustomStringConvertible {
  var description: String
}

/// An input that was read and is not what it should be.
struct BadInput: Error, CustomStringConvertible {
  var description: String
}
