import OrreryNetworks
import OrreryTensors

/// The mask of one dropout layer, drawn before each step.
///
/// Whether a number stays is a function of (seed, member, dropout layer, step, place in the batch): batches may be run in chunks, by
/// any number of threads.
struct DropoutMask: Sendable {
  struct Draws: Sendable {
    var seed: UInt64
    var member: Int
    var step: Int
  }

  /// Which of the program's inputs it is.
  let input: Int
  let number: Int
  let probability: Double
  /// Numbers of one sample.
  let count: Int
  let isParallel: Bool

  /// What fills the mask of the arena's samples.
  ///
  /// - Parameters:
  ///   - draws: read at each run.
  ///   - firstSample: the place in the batch of the arena's first sample.
  func kernel<Scalar: TrainingScalar>(
    _ arena: Arena<Scalar>, _ draws: UnsafePointer<Draws>, firstSample: Int
  ) -> Kernel {
    nonisolated(unsafe) let (target, draws) = (arena.input(input), draws)
    let (limit, kept) = (Scalar(probability), Scalar(1 / (1 - probability)))
    let (number, count) = (number, count)
    return Placement.spans(target.count, isParallel: isParallel) { first, length in
      let stream = RandomStream(
        seed: draws.pointee.seed, purpose: .dropout, member: draws.pointee.member, layer: number,
        step: draws.pointee.step)
      let part = UnsafeMutableBufferPointer(rebasing: target[first..<(first + length)])
      Scalar.fillUniforms(part, stream, from: firstSample * count + first)
      for i in 0..<length { part[i] = part[i] < limit ? 0 : kept }
    }
  }
}

extension LossProgram {
  var dropoutMasks: [DropoutMask] {
    masks.enumerated().map { index, mask in
      DropoutMask(
        input: firstMask + index, number: mask.number, probability: mask.probability, count: mask.count,
        isParallel: isParallel)
    }
  }
}
