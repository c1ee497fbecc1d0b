import OrreryNetworks

extension BatchGradient {
  /// The programs of a chunk of samples and of the rest, made once for all members.
  struct Programs: Sendable {
    let whole: LossProgram?
    let rest: LossProgram?
    let samples: Int
    let chunk: Int
    /// Whether threads take chunks, and not parts of each step.
    let isConcurrent: Bool

    /// - Parameters:
    ///   - isWhole: whether all samples are one chunk, since batch statistics are those of the whole batch.
    ///   - mode: what gradients are for: steps of training, or (`evaluation`) measurements, without dropout and with running averages.
    ///   - isParallel: whether one network may use all threads.
    /// - Throws: as ``LossProgram``.
    init(
      _ network: ResolvedNetwork, loss: Loss, samples: Int, targets: TargetKind, isWhole: Bool = false,
      mode: LoweringContext.Mode = .training, isParallel: Bool
    ) throws {
      let small = isWhole ? nil : try SampleChunk.ofSmallNetwork(network, samples: samples)
      let chunk = try small ?? (isWhole ? samples : SampleChunk.size(network))
      let isConcurrent = isParallel && small != nil
      func program(_ samples: Int) throws -> LossProgram? {
        samples == 0
          ? nil
          : try LossProgram(
            network, loss: loss, samples: samples, targets: targets, mode: mode, isParallel: isParallel && !isConcurrent
          )
      }
      whole = try program(samples >= chunk ? chunk : 0)
      rest = try program(samples % chunk)
      self.samples = samples
      self.chunk = chunk
      self.isConcurrent = isConcurrent
    }

    /// The network's running averages.
    var averages: [LoweringContext.RunningAverage] { (whole ?? rest)?.averages ?? [] }

    /// Whether gradients are those of training alone: with masks, or statistics of a batch.
    var isModal: Bool { !averages.isEmpty || (whole ?? rest)?.masks.isEmpty == false }

    /// In numbers, of gradients and evaluations.
    func size(gradient: Bool) -> Int {
      func size(_ program: LossProgram?) -> Int {
        program.map { gradient ? $0.gradient.size : $0.evaluation.size } ?? 0
      }
      let wholes = isConcurrent ? samples / chunk : 1
      let total = gradient && samples > chunk ? (whole ?? rest)!.parameterCount : 0
      return wholes * size(whole) + size(rest) + total
    }
  }
}

/// How many samples go through a network at once.
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

  /// 64 samples for a network of vectors whose largest product, of up to 256 samples, is short of ``ProductKernel/sharedWork``, while
  /// all of them together are worth a second thread: threads take chunks instead. With more samples the time to share a product
  /// grows as that of a chunk does. Nil for other networks, and where there are fewer than two chunks or more than 16, each of which
  /// has parameters and gradients of its own.
  ///
  /// - Throws: `NetworkError` when layers do not fit to each other.
  static func ofSmallNetwork(_ network: ResolvedNetwork, samples: Int) throws -> Int? {
    let chunk = 64
    guard (2 * chunk...16 * chunk).contains(samples), network.inputShape.count == 1,
      try network.outputShape().count == 1
    else { return nil }
    let matrices = try network.parameters().map(\.description.shape).filter { $0.count == 2 }.map { $0[0] * $0[1] }
    guard let largest = matrices.max() else { return nil }
    let isSmall = min(samples, 256) * largest < ProductKernel.sharedWork
    return isSmall && samples * matrices.reduce(0, +) >= 1 << 19 ? chunk : nil
  }
}
