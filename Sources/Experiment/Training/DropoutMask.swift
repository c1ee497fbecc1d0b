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

  /// - Parameter firstSample: the place in the batch of the arena's first sample.
  func fill<Scalar: TrainingScalar>(_ arena: Arena<Scalar>, _ draws: Draws, firstSample: Int, samples: Int) {
    let stream = RandomStream(
      seed: draws.seed, purpose: .dropout, member: draws.member, layer: number, step: draws.step)
    nonisolated(unsafe) let target = arena.input(input).baseAddress!
    let (limit, kept) = (Scalar(probability), Scalar(1 / (1 - probability)))
    Placement.spans(samples * count, isParallel: isParallel) { first, length in
      let part = UnsafeMutableBufferPointer(start: target + first, count: length)
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
