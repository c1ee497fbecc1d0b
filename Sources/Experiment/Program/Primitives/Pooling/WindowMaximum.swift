import OrreryNetworks
import OrreryTensors

/// The maximum over each window, channel by channel: (samples, height, width, channels) → (samples, out height, out width,
/// channels). A window with NaN has NaN.
struct WindowMaximum: GenericPrimitive {
  let geometry: PoolingGeometry

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(inputs[0].dropFirst() == geometry.imageShape[...], "\(inputs[0]) are not images of \(geometry).")
    return [inputs[0][0]] + geometry.outputShape
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [graph.apply(WindowMaximumScatter(geometry: geometry), [inputs[0], cotangent])]
  }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int { WindowScratch(geometry, inputs[0][0]).count }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (geometry, windows) = (geometry, geometry.windows)
    let (input, output, isParallel) = (place.inputs[0].offset, place.output.offset, place.isParallel)
    let samples = place.output.shape[0]
    let (room, scratch) = (WindowScratch(geometry, samples), place.scratch)
    return PoolingSamples.kernel(samples, count: geometry.imageCount, isParallel: isParallel) { sample, slot in
      let (_, which) = room.place(base + scratch, slot)
      let image = UnsafePointer(base + input + sample * geometry.imageCount)
      let result = base + output + sample * geometry.outputCount
      windows.visit { place, taps in
        ArrayArithmetic.windowMaximum(image, taps, channels: geometry.channels, best: result + place, which: which)
      }
    }
  }
}

/// t at the place of each window's first maximum of x: images x and t (samples, height, width, channels) → (samples, out
/// height, out width, channels). The forward derivative of ``WindowMaximum``.
struct WindowMaximumGather: GenericPrimitive {
  let geometry: PoolingGeometry

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(
      inputs[0].dropFirst() == geometry.imageShape[...] && inputs[0] == inputs[1],
      "\(inputs) are not images of \(geometry).")
    return [inputs[0][0]] + geometry.outputShape
  }

  /// Linear in t; in x piecewise constant.
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [nil, wanted[1] ? graph.apply(WindowMaximumScatter(geometry: geometry), [inputs[0], cotangent]) : nil]
  }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int { WindowScratch(geometry, inputs[0][0]).count }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (geometry, windows) = (geometry, geometry.windows)
    let (images, tangents) = (place.inputs[0].offset, place.inputs[1].offset)
    let (output, isParallel, samples) = (place.output.offset, place.isParallel, place.output.shape[0])
    let (room, scratch) = (WindowScratch(geometry, samples), place.scratch)
    return PoolingSamples.kernel(samples, count: geometry.imageCount, isParallel: isParallel) { sample, slot in
      let (best, which) = room.place(base + scratch, slot)
      let image = UnsafePointer(base + images + sample * geometry.imageCount)
      let tangent = UnsafePointer(base + tangents + sample * geometry.imageCount)
      let result = base + output + sample * geometry.outputCount
      windows.visit { place, taps in
        ArrayArithmetic.windowMaximum(image, taps, channels: geometry.channels, best: best, which: which)
        ArrayArithmetic.windowGather(tangent, taps, channels: geometry.channels, which: which, into: result + place)
      }
    }
  }
}

/// Each window's cotangent, added at the place of its first maximum: images x (samples, height, width, channels), cotangents
/// (samples, out height, out width, channels) → (samples, height, width, channels). The derivative of ``WindowMaximum``.
struct WindowMaximumScatter: GenericPrimitive {
  let geometry: PoolingGeometry

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(
      inputs[0].dropFirst() == geometry.imageShape[...] && inputs[1].dropFirst() == geometry.outputShape[...],
      "\(inputs) are not images and outputs of \(geometry).")
    return inputs[0]
  }

  /// Linear in the cotangents; in x piecewise constant.
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [nil, wanted[1] ? graph.apply(WindowMaximumGather(geometry: geometry), [inputs[0], cotangent]) : nil]
  }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int { WindowScratch(geometry, inputs[0][0]).count }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (geometry, windows) = (geometry, geometry.windows)
    let (images, cotangents) = (place.inputs[0].offset, place.inputs[1].offset)
    let (output, isParallel, samples) = (place.output.offset, place.isParallel, place.output.shape[0])
    let (room, scratch) = (WindowScratch(geometry, samples), place.scratch)
    return PoolingSamples.kernel(samples, count: geometry.imageCount, isParallel: isParallel) { sample, slot in
      let (best, which) = room.place(base + scratch, slot)
      let image = UnsafePointer(base + images + sample * geometry.imageCount)
      let cotangent = UnsafePointer(base + cotangents + sample * geometry.outputCount)
      let result = base + output + sample * geometry.imageCount
      if !windows.isTiling { result.update(repeating: 0, count: geometry.imageCount) }
      windows.visit { place, taps in
        ArrayArithmetic.windowMaximum(image, taps, channels: geometry.channels, best: best, which: which)
        ArrayArithmetic.windowScatter(
          cotangent + place, taps, channels: geometry.channels, which: which, into: result,
          accumulating: !windows.isTiling)
      }
    }
  }
}

/// Room for one window's maxima and their places, for each group of samples.
private struct WindowScratch: Sendable {
  let channels: Int
  let groups: Int

  init(_ geometry: PoolingGeometry, _ samples: Int) {
    channels = ArenaLayout.aligned(geometry.channels)
    groups = SampleGroups(samples).count
  }

  var count: Int { 2 * channels * groups }

  @inline(__always)
  func place<Scalar: ExperimentScalar>(
    _ base: UnsafeMutablePointer<Scalar>, _ slot: Int
  ) -> (best: UnsafeMutablePointer<Scalar>, which: UnsafeMutablePointer<Scalar>) {
    let best = base + 2 * slot * channels
    return (best, best + channels)
  }
}
