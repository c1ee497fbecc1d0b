import OrreryNetworks
import OrreryTensors

/// Which samples a step uses: a function of (seed, member, step) alone, whatever was asked before, by how many threads.
///
/// - Without replacement, epoch e consists of steps e ⌊N/B⌋ …, which go along the permutation
///   `RandomStream(seed:, purpose: .batches, member:, step: e).permutation(count: N)`. It is made as far as it is needed
///   (Fisher–Yates), so that a step costs O(B) when steps are asked for in order; the first of an epoch resets N numbers, and
///   jumping back begins its epoch anew. The N mod B samples left over are not used in that epoch.
/// - With replacement, sample j of step k is draw j of layer 1, step k of the same stream.
/// - A full batch is 0 … N − 1.
///
/// Nothing is allocated after the first use. One thread at a time may use an instance; a copy has a memory of its own.
public struct BatchSampler: Sendable {
  public let seed: UInt64
  public let member: Int
  /// N.
  public let samples: Int
  /// B.
  public let batchSize: Int
  public let description: BatchDescription

  /// The permutation of `epoch` as far as `drawn`, then what is left.
  private var order: [Int32] = []
  private var epoch = -1
  private var drawn = 0
  private var words: [UInt64] = []

  /// - Throws: ``TrainingSetupError`` when there are no samples or more than 2³¹ − 1, or a batch has none or, without
  ///   replacement, more than there are.
  public init(_ description: BatchDescription, samples: Int, seed: UInt64, member: Int) throws {
    guard samples >= 1 else { throw TrainingSetupError.noSamples }
    guard samples <= Int(Int32.max) else { throw TrainingSetupError.tooManySamples(samples) }
    switch description {
    case .full: batchSize = samples
    case .size(let size, let replacement):
      guard size >= 1 else { throw TrainingSetupError.emptyBatch(size) }
      guard replacement || size <= samples else {
        throw TrainingSetupError.batchTooLarge(batch: size, samples: samples)
      }
      batchSize = size
    }
    self.description = description
    self.samples = samples
    self.seed = seed
    self.member = member
    if case .size = description { words = [UInt64](repeating: 0, count: batchSize) }
    if case .size(_, false) = description { order = [Int32](repeating: 0, count: samples) }
  }

  /// ⌊N/B⌋; one for a full batch, and N/B rounded down but at least one with replacement.
  public var stepsPerEpoch: Int { max(1, samples / batchSize) }

  /// Writes the samples of step k.
  ///
  /// - Parameters:
  ///   - step: k, from 0, less than 2³².
  ///   - indices: B elements, each set to a number in 0 ..< N.
  package mutating func fill(step: Int, into indices: UnsafeMutableBufferPointer<Int32>) {
    precondition(indices.count == batchSize && step >= 0, "A batch has \(batchSize) samples, and steps count from 0.")
    switch description {
    case .full: for i in 0..<samples { indices[i] = Int32(i) }
    case .size(_, replacement: true):
      let stream = RandomStream(seed: seed, purpose: .batches, member: member, layer: 1, step: step)
      draw(stream, from: 0)
      for i in 0..<batchSize { indices[i] = Int32(words[i].multipliedFullWidth(by: UInt64(samples)).high) }
    case .size(_, replacement: false):
      let begin = step % stepsPerEpoch * batchSize
      advance(epoch: step / stepsPerEpoch, to: begin + batchSize)
      for i in 0..<batchSize { indices[i] = order[begin + i] }
    }
  }

  /// The samples of step k.
  public mutating func indices(step: Int) -> [Int] {
    var result = [Int32](repeating: 0, count: batchSize)
    result.withUnsafeMutableBufferPointer { fill(step: step, into: $0) }
    return result.map(Int.init)
  }

  /// Makes the epoch's permutation as far as `end`, a multiple of B.
  private mutating func advance(epoch wanted: Int, to end: Int) {
    if wanted != epoch {
      (epoch, drawn) = (wanted, 0)
      for i in 0..<samples { order[i] = Int32(i) }
    }
    let stream = RandomStream(seed: seed, purpose: .batches, member: member, step: wanted)
    while drawn < end {
      draw(stream, from: drawn)
      for i in 0..<batchSize {
        let place = drawn + i
        let other = place + Int(words[i].multipliedFullWidth(by: UInt64(samples - place)).high)
        order.swapAt(place, other)
      }
      drawn += batchSize
    }
  }

  private mutating func draw(_ stream: RandomStream, from index: Int) {
    words.withUnsafeMutableBufferPointer { stream.fillWords($0, from: index) }
  }
}
