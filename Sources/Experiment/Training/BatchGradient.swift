import OrreryFormats
import OrreryNetworks
import OrreryTensors

/// Losses, gradients and outputs of one network on any number of samples, in chunks of fixed size.
///
/// Chunks depend on the network and the number of samples alone, and their sums are taken in order: results do not depend on
/// the number of threads. Nothing is allocated after the first run. One thread at a time.
final class BatchGradient<Scalar: TrainingScalar> {
  private let work: Work
  private let indices: UnsafeMutableBufferPointer<Int32>
  private let runChunk: @Sendable (Int) -> Void
  /// Adds up the chunks' gradients in a part of them.
  private let addPart: @Sendable (Int) -> Void
  private let isConcurrent: Bool
  /// Whether each chunk has a program of its own, which nobody else's samples go through.
  private let ownsSamples: Bool
  /// Whether the programs still have the chosen samples of the last run.
  private var keepsSamples = false
  private let isGradient: Bool
  let parameterCount: Int
  /// Parameters and running averages.
  let givenCount: Int
  /// What threads share while chunks run: written before they begin.
  private final class Work: @unchecked Sendable {
    let chunks: [Chunk]
    let givenCount: Int
    let indices: UnsafePointer<Int32>
    /// Read by the masks' kernels.
    let draws: UnsafeMutablePointer<DropoutMask.Draws>
    var parameters: UnsafePointer<Scalar>?
    var data: TrainingArrays<Scalar>?
    /// Whether the chosen samples must be copied to where programs read them.
    var gathers = true
    /// The sum of the chunks' gradients, where there is more than one.
    let total: AlignedStorage<Scalar>?
    let parts: VectorParts

    init(
      _ chunks: [Chunk], givenCount: Int, indices: UnsafePointer<Int32>,
      draws: UnsafeMutablePointer<DropoutMask.Draws>, total: AlignedStorage<Scalar>?
    ) {
      (self.chunks, self.givenCount, self.indices, self.draws) = (chunks, givenCount, indices, draws)
      self.total = total
      parts = VectorParts(total?.elements.count ?? 0)
    }

    deinit { draws.deallocate() }

    func run(_ index: Int) {
      let chunk = chunks[index]
      let arena = chunk.arena
      if UnsafePointer(arena.base) != parameters! { arena.base.update(from: parameters!, count: givenCount) }
      if gathers {
        data!.gather(indices + chunk.first, count: chunk.count, inputs: arena.batchInputs, targets: arena.batchTargets)
      }
      for mask in 0..<chunk.masks.count { chunk.masks[mask]() }
      arena.run()
    }

    /// Adds a chunk's gradient to the sum, in some places.
    func add(_ index: Int, _ places: Range<Int>) {
      let sum = total!.elements.baseAddress! + places.lowerBound
      let own = UnsafePointer(chunks[index].gradient + places.lowerBound)
      let weight = Scalar(chunks[index].weight)
      if index == 0 {
        ArrayArithmetic.scale(weight, own, into: sum, count: places.count)
      } else {
        ArrayArithmetic.combine(1, UnsafePointer(sum), weight, own, into: sum, count: places.count)
      }
    }
  }

  private struct Chunk {
    let first: Int
    let count: Int
    /// Of its own where chunks run beside each other.
    let arena: Arena<Scalar>
    let masks: [Kernel]
    /// Its part of the loss.
    let weight: Double
    /// Where its program writes gradients.
    var gradient: UnsafeMutablePointer<Scalar> { arena.firstOutput }
  }

  init(_ programs: Programs, loss: Loss, isGradient: Bool) {
    let samples = programs.samples
    func arena(_ program: LossProgram) -> Arena<Scalar> {
      Scalar.arena(isGradient ? program.gradient : program.evaluation)
    }
    let draws = UnsafeMutablePointer<DropoutMask.Draws>.allocate(capacity: 1)
    draws.initialize(to: .init(seed: 0, member: 0, step: 0))
    isConcurrent = programs.isConcurrent
    var shared: [Int: Arena<Scalar>] = [:]
    var chunks: [Chunk] = []
    for first in stride(from: 0, to: samples, by: programs.chunk) {
      let count = min(programs.chunk, samples - first)
      let program = (count == programs.chunk ? programs.whole : programs.rest)!
      let own = shared[count] ?? arena(program)
      if !isConcurrent { shared[count] = own }
      let masks = isGradient ? program.dropoutMasks.map { $0.kernel(own, draws, firstSample: first) } : []
      chunks.append(
        Chunk(
          first: first, count: count, arena: own, masks: masks,
          weight: loss.isMean ? Double(count) / Double(samples) : 1))
    }
    ownsSamples = isConcurrent || shared.count == chunks.count
    parameterCount = (programs.whole ?? programs.rest!).parameterCount
    givenCount = parameterCount + programs.averages.map(\.count).reduce(0, +)
    indices = .allocate(capacity: samples)
    for i in 0..<samples { indices[i] = Int32(i) }
    work = Work(
      chunks, givenCount: givenCount, indices: UnsafePointer(indices.baseAddress!), draws: draws,
      total: isGradient && chunks.count > 1 ? AlignedStorage(uninitializedCount: parameterCount) : nil)
    runChunk = { [work] in work.run($0) }
    addPart = { [work] part in
      for index in 0..<work.chunks.count { work.add(index, work.parts.range(part)) }
    }
    self.isGradient = isGradient
  }

  deinit { indices.deallocate() }

  /// Where the first chunk's program reads parameters: training keeps them there, and they are copied to other chunks only.
  var ownParameters: UnsafeMutablePointer<Scalar> { work.chunks[0].arena.base }

  /// The draws of dropout in the next run.
  var draws: DropoutMask.Draws {
    get { work.draws.pointee }
    set { work.draws.pointee = newValue }
  }

  /// The samples of the next runs, to be written; 0, 1, 2, … at first. Asked for again each time that they change, since programs
  /// whose samples stay the same keep them.
  var chosen: UnsafeMutableBufferPointer<Int32> {
    keepsSamples = false
    return indices
  }

  /// Runs all chunks.
  ///
  /// - Parameters:
  ///   - parameters: with running averages behind them; copied to where programs read them, unless they lie there.
  ///   - observe: called with each chunk's first sample, size and outputs, in order; evaluations only.
  /// - Returns: the loss, and the gradient, with the next running averages behind it (valid until the next run).
  @discardableResult
  func run(
    _ parameters: UnsafePointer<Scalar>, on data: TrainingArrays<Scalar>,
    observe: ((_ first: Int, _ count: Int, _ outputs: UnsafePointer<Scalar>) -> Void)? = nil
  ) -> (loss: Double, gradient: UnsafeMutablePointer<Scalar>) {
    work.gathers = !(keepsSamples && work.data === data)
    (work.parameters, work.data) = (parameters, data)
    keepsSamples = ownsSamples
    if isConcurrent {
      ThreadTeam.forEach(work.chunks.count, runChunk)
      if work.total != nil { ThreadTeam.forEach(work.parts.count, addPart) }
    }
    var loss = 0.0
    for index in 0..<work.chunks.count {
      if !isConcurrent {
        runChunk(index)
        if work.total != nil { work.add(index, 0..<parameterCount) }
      }
      let chunk = work.chunks[index]
      let arena = chunk.arena
      loss += chunk.weight * Double(arena.output(arena.program.outputs.count - 1)[0])
      if !isGradient, let observe { observe(chunk.first, chunk.count, arena.kept(0).baseAddress!) }
    }
    return (loss, work.total?.elements.baseAddress ?? work.chunks[0].gradient)
  }
}

/// A precision that programs run in.
package protocol TrainingScalar: ExperimentScalar {
  static func arena(_ program: Program) -> Arena<Self>
  /// The numbers in their own precision.
  static func array(_ values: [Self], name: String) -> NumericArray
}

extension Float: TrainingScalar {
  package static func arena(_ program: Program) -> Arena<Float> { Arena(program) }
  package static func array(_ values: [Float], name: String) -> NumericArray {
    NumericArray(Tensor(shape: [values.count], elements: values), name: name)
  }
}

extension Double: TrainingScalar {
  package static func arena(_ program: Program) -> Arena<Double> { Arena(program) }
  package static func array(_ values: [Double], name: String) -> NumericArray {
    NumericArray(Tensor(shape: [values.count], elements: values), name: name)
  }
}
