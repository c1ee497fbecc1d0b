import OrreryNetworks
import OrreryTensors

/// Losses, gradients and outputs of one network on any number of samples, in chunks of fixed size.
///
/// Chunks depend on the number of samples alone; their sums are taken in order. One thread at a time.
final class BatchGradient<Scalar: TrainingScalar> {
  /// The programs of a chunk and of the rest, made once for all members.
  struct Programs: Sendable {
    let whole: LossProgram?
    let rest: LossProgram?
    let samples: Int
    let chunk: Int

    /// - Parameter isWhole: whether all samples are one chunk, since batch statistics are those of the whole batch.
    init(
      _ network: ResolvedNetwork, loss: Loss, samples: Int, targets: TargetKind, isWhole: Bool = false,
      isParallel: Bool
    ) throws {
      let chunk = isWhole ? samples : try SampleChunk.size(network)
      func program(_ samples: Int) throws -> LossProgram? {
        samples == 0
          ? nil : try LossProgram(network, loss: loss, samples: samples, targets: targets, isParallel: isParallel)
      }
      whole = try program(samples >= chunk ? chunk : 0)
      rest = try program(samples % chunk)
      self.samples = samples
      self.chunk = chunk
    }

    /// The network's running averages.
    var averages: [LoweringContext.RunningAverage] { (whole ?? rest)?.averages ?? [] }

    /// In numbers, of gradients and evaluations.
    func size(gradient: Bool) -> Int {
      [whole, rest].compactMap { $0 }.map { gradient ? $0.gradient.size : $0.evaluation.size }.reduce(0, +)
    }
  }

  private let samples: Int
  private let chunk: Int
  private let isMean: Bool
  private let parts: [(arena: Arena<Scalar>, size: Int)]
  private let indices: UnsafeMutableBufferPointer<Int32>
  let parameterCount: Int
  /// Parameters and running averages.
  let givenCount: Int
  private let masks: [DropoutMask]
  /// The sum of the chunks' gradients, where there is more than one.
  private let total: AlignedStorage<Scalar>?
  private let isGradient: Bool

  init(_ programs: Programs, loss: Loss, isGradient: Bool) {
    samples = programs.samples
    chunk = programs.chunk
    isMean = loss.isMean
    parts = [programs.whole, programs.rest].compactMap { $0 }.map {
      (Scalar.arena(isGradient ? $0.gradient : $0.evaluation), $0.samples)
    }
    parameterCount = (programs.whole ?? programs.rest!).parameterCount
    givenCount = parameterCount + programs.averages.map(\.count).reduce(0, +)
    masks = isGradient ? (programs.whole ?? programs.rest!).dropoutMasks : []
    indices = .allocate(capacity: samples)
    for i in 0..<samples { indices[i] = Int32(i) }
    total = isGradient && samples > chunk ? AlignedStorage(uninitializedCount: parameterCount) : nil
    self.isGradient = isGradient
  }

  deinit { indices.deallocate() }

  /// The parameters that a single chunk's program reads: training writes them there, and nothing is copied.
  var ownParameters: UnsafeMutablePointer<Scalar>? { parts.count == 1 ? parts[0].arena.base : nil }

  /// The draws of dropout in the next run.
  var draws = DropoutMask.Draws(seed: 0, member: 0, step: 0)

  /// The samples of the next run, to be written; 0, 1, 2, … at first.
  var chosen: UnsafeMutableBufferPointer<Int32> { indices }

  /// Runs all chunks.
  ///
  /// - Parameters:
  ///   - parameters: with running averages behind them; copied to where programs read them, unless they lie there.
  ///   - observe: called with each chunk's first sample, size and outputs; evaluations only.
  /// - Returns: the loss, and the gradient, with the next running averages behind it (valid until the next run).
  @discardableResult
  func run(
    _ parameters: UnsafePointer<Scalar>, on data: TrainingArrays<Scalar>,
    observe: ((_ first: Int, _ count: Int, _ outputs: UnsafePointer<Scalar>) -> Void)? = nil
  ) -> (loss: Double, gradient: UnsafeMutablePointer<Scalar>) {
    var loss = 0.0
    var first = 0
    for (arena, _) in parts where UnsafePointer(arena.base) != parameters {
      arena.base.update(from: parameters, count: givenCount)
    }
    while first < samples {
      let part = samples - first >= chunk ? parts[0] : parts[parts.count - 1]
      let arena = part.arena
      data.gather(
        indices.baseAddress! + first, count: part.size, inputs: arena.batchInputs, targets: arena.batchTargets)
      for mask in masks { mask.fill(arena, draws, firstSample: first, samples: part.size) }
      arena.run()
      let weight = isMean ? Double(part.size) / Double(samples) : 1
      loss += weight * Double(arena.output(arena.program.outputs.count - 1)[0])
      if let total {
        let (sum, own) = (total.elements.baseAddress!, UnsafePointer(arena.firstOutput))
        if first == 0 {
          ArrayArithmetic.scale(Scalar(weight), own, into: sum, count: parameterCount)
        } else {
          ArrayArithmetic.combine(1, UnsafePointer(sum), Scalar(weight), own, into: sum, count: parameterCount)
        }
      }
      if !isGradient, let observe { observe(first, part.size, arena.kept(0).baseAddress!) }
      first += part.size
    }
    return (loss, total?.elements.baseAddress ?? parts[0].arena.firstOutput)
  }
}

/// Samples that go through a network at once.
enum SampleChunk {
  /// Enough for full matrix products, few enough for the caches: 256 samples; of samples with positions, which are rows of
  /// matrices like samples are, so many that there are 2048; of images, a power of two with no more than 2²⁰ numbers in the
  /// largest array, since what a step between convolutions reads from memory is what limits it.
  ///
  /// - Throws: `NetworkError` when layers do not fit to each other.
  static func size(_ network: ResolvedNetwork) throws -> Int {
    let positions = try network.outputShape().dropLast().reduce(1, *)
    if positions > 1 { return max(1, min(256, 2048 / positions)) }
    guard network.inputShape.count == 3 else { return 256 }
    var shape = network.inputShape
    var largest = network.inputs
    for layer in network.architecture.layers {
      shape = try layer.description.outputShape(for: shape)
      largest = max(largest, shape.reduce(1, *))
    }
    var size = 256
    while size > 8, size * largest > 1 << 20 { size /= 2 }
    return size
  }
}

/// A precision that programs run in.
package protocol TrainingScalar: ExperimentScalar {
  static func arena(_ program: Program) -> Arena<Self>
}

extension Float: TrainingScalar {
  package static func arena(_ program: Program) -> Arena<Float> { Arena(program) }
}

extension Double: TrainingScalar {
  package static func arena(_ program: Program) -> Arena<Double> { Arena(program) }
}
