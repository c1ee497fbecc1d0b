import Foundation
import OrreryArchive
import OrreryFindings
import OrreryFormats
import OrreryTensors

/// Works on one run for the tests, as training would, until it is done or killed: `OrreryArchiveWriter FOLDER KEY STEPS`.
///
/// Two observables of three networks at each step; progress, with a tensor, at every fourth one, and a checkpoint at every
/// tenth. It prints the step from which it goes on.
@main struct ArchiveWriter {
  static func main() {
    do {
      try work()
    } catch {
      print(error)
      exit(73)
    }
  }

  private static func work() throws {
    let arguments = CommandLine.arguments
    let archive = try RunArchive.open(URL(filePath: arguments[1], directoryHint: .isDirectory))
    let identity = try RunIdentity(
      kind: "test", study: ["key": arguments[2]], numerics: ["writer": 1], subject: "writer \(arguments[2])", seed: 1)
    guard case .session(let session) = try archive.begin(identity, waiting: 60) else { return print("complete") }
    let progress = try session.savedProgress()
    print("from \(progress?.step ?? 0)")
    var sum = progress?.tensors["sum"]?.float64()[0] ?? 0
    for step in (progress?.step ?? 0)..<Int(arguments[3])! {
      sum += Double(step)
      try session.record((0..<3).map { Observation("sum", member: $0, step: step, value: sum + Double($0)) })
      try session.record([Observation("pair", step: step, shape: [2], values: [sum, -sum])])
      let sums = ["sum": NumericArray(Tensor(shape: [1], elements: [sum]))]
      if step % 10 == 9 { try session.save(Checkpoint(step: step, tensors: sums)) }
      if step % 4 == 3 { try session.save(RunProgress(step: step + 1, mark: [UInt8(step & 255)], tensors: sums)) }
    }
    try session.finish()
    print("finished")
  }
}
