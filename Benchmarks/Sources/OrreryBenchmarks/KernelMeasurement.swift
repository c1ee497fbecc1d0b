import Foundation
import OrreryFormats
import OrreryTensors
import OrreryTheory

/// Runs a kernel case of ours, or judges the peer's results.
enum KernelMeasurement {
  /// Times `matrices()`, data in memory to both kernels in memory, and compares with the reference.
  static func run(_ kernelCase: KernelCase, in folder: URL, memory: String) throws {
    let inputs = try Inputs.double(in: folder, samples: kernelCase.samples)
    let kernels = try InfiniteWidthKernels(kernelCase.network(inputs: inputs.columns))
    let reference = memory == "fresh" ? try Reference(kernelCase, inputs: inputs) : nil
    let timing: Timing
    let error: Double?
    if kernelCase.precision == "float32" {
      let single = try Inputs.single(in: folder, samples: kernelCase.samples)
      timing = try Timing.measure(runs: 15, limit: 3) { _ = try kernels.matrices(single) }
      let result = try kernels.matrices(single)
      error = reference?.error(nngp: { Double(result.nngp[$0, $1]) }, ntk: { Double(result.ntk![$0, $1]) })
    } else {
      timing = try Timing.measure(runs: 15, limit: 3) { _ = try kernels.matrices(inputs) }
      let result = try kernels.matrices(inputs)
      error = reference?.error(nngp: { result.nngp[$0, $1] }, ntk: { result.ntk![$0, $1] })
    }
    Record(
      who: "orrery", name: kernelCase.name, memory: memory, values: timing.wall, processor: timing.processor,
      error: error
    ).write()
  }

  /// The error of the matrices that the peer saved.
  static func judgePeer(_ kernelCase: KernelCase, in folder: URL) throws {
    let inputs = try Inputs.double(in: folder, samples: kernelCase.samples)
    let reference = try Reference(kernelCase, inputs: inputs)
    func saved(_ kind: String) throws -> Matrix<Double> {
      Matrix(try Npy.read(from: folder.appending(path: "peer-\(kernelCase.name)-\(kind).npy")).float64())
    }
    let (nngp, ntk) = (try saved("nngp"), try saved("ntk"))
    let error = reference.error(nngp: { nngp[$0, $1] }, ntk: { ntk[$0, $1] })
    Record(who: "peer", name: kernelCase.name, values: [], error: error).write()
  }
}
