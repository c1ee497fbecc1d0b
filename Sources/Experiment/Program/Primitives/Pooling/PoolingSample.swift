/// One sample of what a pooling reads and writes.
struct PoolingSample<Scalar: ExperimentScalar> {
  /// The first and the last of the inputs, which are one where there is only one.
  let inputs: (UnsafePointer<Scalar>, UnsafePointer<Scalar>)
  let output: UnsafeMutablePointer<Scalar>
  /// Room of the sample's group, a number of each channel: see ``PoolingGeometry/scratch(samples:)``.
  let scratch: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>)
}

extension PoolingGeometry {
  /// What calls `body` with each sample, in groups of fixed places.
  @inline(__always)
  func kernel<Scalar: ExperimentScalar>(
    _ place: Placement, _ base: UnsafeMutablePointer<Scalar>,
    _ body: @escaping @Sendable (PoolingSample<Scalar>) -> Void
  ) -> Kernel {
    nonisolated(unsafe) let base = base
    let groups = SampleGroups(place.output.shape[0])
    let (first, last) = (SampleBlocks(place.inputs.first!), SampleBlocks(place.inputs.last!))
    let (output, scratch, width) = (SampleBlocks(place.output), place.scratch, ArenaLayout.aligned(channels))
    let isParallel = place.isParallel && groups.samples * imageCount >= Self.parallelCount
    return groups.kernel(isParallel: isParallel) { samples, slot in
      let room = base + (scratch + 2 * slot * width)
      for sample in samples {
        body(
          PoolingSample(
            inputs: (UnsafePointer(base + first.start(sample)), UnsafePointer(base + last.start(sample))),
            output: base + output.start(sample), scratch: (room, room + width)))
      }
    }
  }

  /// Elements that are worth a second thread.
  private static var parallelCount: Int { 1 << 15 }
}

/// Where the samples of a batch lie in the arena.
private struct SampleBlocks: Sendable {
  let offset: Int
  /// Elements of a sample.
  let count: Int

  init(_ slot: Placement.Slot) { (offset, count) = (slot.offset, slot.shape.dropFirst().reduce(1, *)) }

  func start(_ sample: Int) -> Int { offset + sample * count }
}
