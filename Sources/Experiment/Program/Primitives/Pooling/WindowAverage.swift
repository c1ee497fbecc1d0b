import OrreryNetworks
import OrreryTensors

/// The average over each window, channel by channel: (samples, height, width, channels) → (samples, out height, out width,
/// channels). Pixels beyond the edge do not count.
struct WindowAverage: GenericPrimitive {
  let geometry: PoolingGeometry

  func shape(_ inputs: [[Int]]) -> [Int] { geometry.pooledShape(inputs[0]) }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [graph.apply(WindowAverageGradient(geometry: geometry), [cotangent])]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (windows, channels) = (geometry.windows, geometry.channels)
    return geometry.kernel(place, base) { sample in
      let image = sample.inputs.0
      windows.visit { place, taps in
        let target = sample.output + place
        let factor = 1 / Scalar(taps.count)
        if taps.count == 4 {
          let (a, b, c, d) = (image + taps[0], image + taps[1], image + taps[2], image + taps[3])
          for i in 0..<channels { target[i] = factor * ((a[i] + b[i]) + (c[i] + d[i])) }
          return
        }
        target.update(from: image + taps[0], count: channels)
        for tap in 1..<taps.count {
          let source = image + taps[tap]
          for i in 0..<channels { target[i] += source[i] }
        }
        for i in 0..<channels { target[i] *= factor }
      }
    }
  }
}

/// The transpose of ``WindowAverage``: each window's number, divided by its pixels, added to all of them.
struct WindowAverageGradient: GenericPrimitive {
  let geometry: PoolingGeometry

  func shape(_ inputs: [[Int]]) -> [Int] { geometry.unpooledShape(inputs[0]) }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [graph.apply(WindowAverage(geometry: geometry), [cotangent])]
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (windows, channels, imageCount) = (geometry.windows, geometry.channels, geometry.imageCount)
    return geometry.kernel(place, base) { sample in
      let (cotangent, result) = (sample.inputs.0, sample.output)
      if !windows.isTiling { result.update(repeating: 0, count: imageCount) }
      windows.visit { place, taps in
        let source = cotangent + place
        let factor = 1 / Scalar(taps.count)
        for tap in taps {
          let target = result + tap
          if windows.isTiling {
            for i in 0..<channels { target[i] = factor * source[i] }
          } else {
            for i in 0..<channels { target[i] += factor * source[i] }
          }
        }
      }
    }
  }
}
