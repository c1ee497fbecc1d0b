import OrreryNetworks
import OrreryTensors

/// The maximum over each window, channel by channel: (samples, height, width, channels) → (samples, out height, out width,
/// channels). A window with NaN has NaN.
struct MaxPool: Primitive {
  let geometry: PoolingGeometry

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(inputs[0].dropFirst() == geometry.imageShape[...], "\(inputs[0]) are not images of \(geometry).")
    return [inputs[0][0]] + geometry.outputShape
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [graph.apply(MaxPoolScatter(geometry: geometry), [inputs[0], cotangent])]
  }

  func kernel(_ place: Placement, _ scalar: Float.Type) -> Kernel<Float> { make(place) }
  func kernel(_ place: Placement, _ scalar: Double.Type) -> Kernel<Double> { make(place) }

  @inline(__always)
  private func make<Scalar: ExperimentScalar>(_ place: Placement) -> Kernel<Scalar> {
    let (geometry, windows) = (geometry, geometry.windows)
    let (input, output, isParallel) = (place.inputs[0].offset, place.output.offset, place.isParallel)
    let samples = place.output.shape[0]
    return { base in
      nonisolated(unsafe) let base = base
      PoolingSamples.forEach(samples, count: geometry.imageCount, isParallel: isParallel) { sample in
        let image = UnsafePointer(base + input + sample * geometry.imageCount)
        let result = base + output + sample * geometry.outputCount
        windows.forEach { place, taps in
          ChannelLanes<Scalar>.forEach(geometry.channels) { channel, lanes in
            let (best, _) = ChannelLanes<Scalar>.largest(image + channel, taps, lanes)
            ChannelLanes<Scalar>.store(best, to: result + (place + channel), lanes)
          }
        }
      }
    }
  }
}

/// t at the place of each window's first maximum of x: images x and t (samples, height, width, channels) → (samples, out
/// height, out width, channels). The forward derivative of ``MaxPool``.
struct MaxPoolGather: Primitive {
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
    [nil, wanted[1] ? graph.apply(MaxPoolScatter(geometry: geometry), [inputs[0], cotangent]) : nil]
  }

  func kernel(_ place: Placement, _ scalar: Float.Type) -> Kernel<Float> { make(place) }
  func kernel(_ place: Placement, _ scalar: Double.Type) -> Kernel<Double> { make(place) }

  @inline(__always)
  private func make<Scalar: ExperimentScalar>(_ place: Placement) -> Kernel<Scalar> {
    let (geometry, windows) = (geometry, geometry.windows)
    let (images, tangents) = (place.inputs[0].offset, place.inputs[1].offset)
    let (output, isParallel, samples) = (place.output.offset, place.isParallel, place.output.shape[0])
    return { base in
      nonisolated(unsafe) let base = base
      PoolingSamples.forEach(samples, count: geometry.imageCount, isParallel: isParallel) { sample in
        let image = UnsafePointer(base + images + sample * geometry.imageCount)
        let tangent = UnsafePointer(base + tangents + sample * geometry.imageCount)
        let result = base + output + sample * geometry.outputCount
        windows.forEach { place, taps in
          ChannelLanes<Scalar>.forEach(geometry.channels) { channel, lanes in
            let (_, which) = ChannelLanes<Scalar>.largest(image + channel, taps, lanes)
            var chosen = SIMD8<Scalar>(repeating: 0)
            for (number, tap) in taps.enumerated() {
              let value = ChannelLanes<Scalar>.load(tangent + (tap + channel), lanes)
              chosen.replace(with: value, where: which .== SIMD8(repeating: Scalar(number)))
            }
            ChannelLanes<Scalar>.store(chosen, to: result + (place + channel), lanes)
          }
        }
      }
    }
  }
}

/// Each window's cotangent, added at the place of its first maximum: images x (samples, height, width, channels), cotangents
/// (samples, out height, out width, channels) → (samples, height, width, channels). The derivative of ``MaxPool``.
struct MaxPoolScatter: Primitive {
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
    [nil, wanted[1] ? graph.apply(MaxPoolGather(geometry: geometry), [inputs[0], cotangent]) : nil]
  }

  func kernel(_ place: Placement, _ scalar: Float.Type) -> Kernel<Float> { make(place) }
  func kernel(_ place: Placement, _ scalar: Double.Type) -> Kernel<Double> { make(place) }

  @inline(__always)
  private func make<Scalar: ExperimentScalar>(_ place: Placement) -> Kernel<Scalar> {
    let (geometry, windows) = (geometry, geometry.windows)
    let (images, cotangents) = (place.inputs[0].offset, place.inputs[1].offset)
    let (output, isParallel, samples) = (place.output.offset, place.isParallel, place.output.shape[0])
    return { base in
      nonisolated(unsafe) let base = base
      PoolingSamples.forEach(samples, count: geometry.imageCount, isParallel: isParallel) { sample in
        let image = UnsafePointer(base + images + sample * geometry.imageCount)
        let cotangent = UnsafePointer(base + cotangents + sample * geometry.outputCount)
        let result = base + output + sample * geometry.imageCount
        if !windows.isTiling { result.update(repeating: 0, count: geometry.imageCount) }
        windows.forEach { place, taps in
          ChannelLanes<Scalar>.forEach(geometry.channels) { channel, lanes in
            let (_, which) = ChannelLanes<Scalar>.largest(image + channel, taps, lanes)
            let value = ChannelLanes<Scalar>.load(cotangent + (place + channel), lanes)
            for (number, tap) in taps.enumerated() {
              let target = result + (tap + channel)
              var sum = windows.isTiling ? SIMD8(repeating: 0) : ChannelLanes<Scalar>.load(UnsafePointer(target), lanes)
              sum.replace(with: sum + value, where: which .== SIMD8(repeating: Scalar(number)))
              ChannelLanes<Scalar>.store(sum, to: target, lanes)
            }
          }
        }
      }
    }
  }
}

/// Eight channels at once.
enum ChannelLanes<Scalar: ExperimentScalar> {
  /// Calls `body` with the first channel and the number of channels of each block.
  @inline(__always)
  static func forEach(_ channels: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    var first = 0
    while first < channels {
      body(first, Swift.min(8, channels - first))
      first += 8
    }
  }

  @inline(__always)
  static func load(_ source: UnsafePointer<Scalar>, _ count: Int) -> SIMD8<Scalar> {
    if count == 8 { return UnsafeRawPointer(source).loadUnaligned(as: SIMD8<Scalar>.self) }
    var lanes = SIMD8<Scalar>(repeating: 0)
    for i in 0..<count { lanes[i] = source[i] }
    return lanes
  }

  @inline(__always)
  static func store(_ lanes: SIMD8<Scalar>, to target: UnsafeMutablePointer<Scalar>, _ count: Int) {
    if count == 8 {
      UnsafeMutableRawPointer(target).storeBytes(of: lanes, as: SIMD8<Scalar>.self)
    } else {
      for i in 0..<count { target[i] = lanes[i] }
    }
  }

  /// The maximum over pixels and the number of the first that has it; of the first NaN if there is one.
  @inline(__always)
  static func largest(
    _ image: UnsafePointer<Scalar>, _ taps: UnsafeBufferPointer<Int>, _ count: Int
  ) -> (best: SIMD8<Scalar>, which: SIMD8<Scalar>) {
    var best = load(image + taps[0], count)
    var which = SIMD8<Scalar>(repeating: 0)
    for number in 1..<Swift.max(1, taps.count) {
      let value = load(image + taps[number], count)
      let isBetter = (value .> best) .| ((value .!= value) .& (best .== best))
      best.replace(with: value, where: isBetter)
      which.replace(with: SIMD8(repeating: Scalar(number)), where: isBetter)
    }
    return (best, which)
  }
}
