import OrreryNetworks
import OrreryTensors

/// The maximum over each window, channel by channel: (samples, height, width, channels) → (samples, out height, out width,
/// channels). A window with NaN has NaN.
struct WindowMaximum: GenericPrimitive {
  let geometry: PoolingGeometry

  func shape(_ inputs: [[Int]]) -> [Int] { geometry.pooledShape(inputs[0]) }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [graph.apply(WindowMaximumScatter(geometry: geometry), [inputs[0], cotangent])]
  }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int { geometry.scratch(samples: inputs[0][0]) }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (windows, channels) = (geometry.windows, geometry.channels)
    return geometry.kernel(place, base) { sample in
      windows.visit { place, taps in
        ArrayArithmetic.windowMaximum(
          sample.inputs.0, taps, channels: channels, best: sample.output + place, which: sample.scratch.1)
      }
    }
  }
}

/// t at the place of each window's first maximum of x: images x and t (samples, height, width, channels) → (samples, out
/// height, out width, channels). The forward derivative of ``WindowMaximum``.
struct WindowMaximumGather: GenericPrimitive {
  let geometry: PoolingGeometry

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(inputs[0] == inputs[1], "Images and tangents have one shape: \(inputs).")
    return geometry.pooledShape(inputs[0])
  }

  /// Linear in t; in x piecewise constant.
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [nil, wanted[1] ? graph.apply(WindowMaximumScatter(geometry: geometry), [inputs[0], cotangent]) : nil]
  }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int { geometry.scratch(samples: inputs[0][0]) }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (windows, channels) = (geometry.windows, geometry.channels)
    return geometry.kernel(place, base) { sample in
      let (image, tangent) = sample.inputs
      let (best, which) = sample.scratch
      windows.visit { place, taps in
        ArrayArithmetic.windowMaximum(image, taps, channels: channels, best: best, which: which)
        ArrayArithmetic.windowGather(tangent, taps, channels: channels, which: which, into: sample.output + place)
      }
    }
  }
}

/// Each window's cotangent, added at the place of its first maximum: images x (samples, height, width, channels), cotangents
/// (samples, out height, out width, channels) → (samples, height, width, channels). The derivative of ``WindowMaximum``.
struct WindowMaximumScatter: GenericPrimitive {
  let geometry: PoolingGeometry

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(inputs[1] == geometry.pooledShape(inputs[0]), "\(inputs) are not images and outputs of \(geometry).")
    return inputs[0]
  }

  /// Linear in the cotangents; in x piecewise constant.
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [nil, wanted[1] ? graph.apply(WindowMaximumGather(geometry: geometry), [inputs[0], cotangent]) : nil]
  }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int { geometry.scratch(samples: inputs[0][0]) }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    let (windows, channels, imageCount) = (geometry.windows, geometry.channels, geometry.imageCount)
    return geometry.kernel(place, base) { sample in
      let (image, cotangent) = sample.inputs
      let (best, which) = sample.scratch
      if !windows.isTiling { sample.output.update(repeating: 0, count: imageCount) }
      windows.visit { place, taps in
        ArrayArithmetic.windowMaximum(image, taps, channels: channels, best: best, which: which)
        ArrayArithmetic.windowScatter(
          cotangent + place, taps, channels: channels, which: which, into: sample.output,
          accumulating: !windows.isTiling)
      }
    }
  }
}
