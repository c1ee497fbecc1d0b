import OrreryNetworks
import OrreryTensors

/// z_{s y x u} = b_u + Σ_{j i c} W_{u j i c} x_{s, y t + j − p, x t + i − p, c}, stride t, padding p before the image:
/// images (samples, height, width, channels), weights (units, kernel height, kernel width, channels), bias (units) or none.
///
/// With its gradients by images and by weights it is one trilinear form Σ z̄ z: each one's pullback is made of the other two.
struct ConvolutionProduct: GenericPrimitive {
  let geometry: ConvolutionGeometry
  /// Whether a bias is the third input.
  let hasBias: Bool

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(
      inputs[0].dropFirst() == geometry.imageShape[...] && inputs[1] == geometry.weightShape
        && inputs.count == (hasBias ? 3 : 2) && (!hasBias || inputs[2] == [geometry.units]),
      "Images, weights and bias do not fit \(geometry): \(inputs).")
    return [inputs[0][0]] + geometry.outputShape
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    var result = [
      wanted[0] ? graph.apply(ConvolutionInputGradient(geometry: geometry), [cotangent, inputs[1]]) : nil,
      wanted[1] ? graph.apply(ConvolutionWeightGradient(geometry: geometry), [inputs[0], cotangent]) : nil,
    ]
    if hasBias { result.append(wanted[2] ? graph.sumOverPixels(cotangent) : nil) }
    return result
  }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int {
    let blocks = geometry.isPadded ? SampleGroups(inputs[0][0]).count * ArenaLayout.aligned(geometry.paddedCount) : 0
    return packedCount(width) + blocks
  }

  private func packedCount(_ width: Int) -> Int {
    OperandPanels.size(inner: geometry.kernelCount, columns: geometry.units, width)
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let geometry = geometry
    let width = RegisterProduct.tileColumns(Scalar.self)
    let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
    var rows: [Int] = []
    for y in 0..<vertical.outputs {
      for x in 0..<horizontal.outputs {
        rows.append(y * vertical.stride * geometry.paddedRow + x * horizontal.stride * geometry.channels)
      }
    }
    // One row of the kernel is one segment: its elements follow each other in the image too.
    let segment = horizontal.size * geometry.channels
    let product = GatheredProduct(
      rows: rows, targets: rows.indices.map { $0 * geometry.units },
      leftSegments: (0..<vertical.size).map { $0 * geometry.paddedRow },
      rightSegments: (0..<vertical.size).map { $0 * segment * width }, length: segment, rightStep: width,
      panelStride: geometry.kernelCount * width, columns: geometry.units)
    let padded = PaddedImage(images: geometry)
    let (input, weight, output) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    let bias = hasBias ? place.inputs[2].offset : nil
    let panels = place.scratch
    let blocks = panels + packedCount(width)
    let block = ArenaLayout.aligned(padded.count)
    let groups = SampleGroups(place.output.shape[0])
    let work = groups.samples * geometry.outputCount * geometry.kernelCount
    let isParallel = place.isParallel && work >= SampleGroups.parallelWork
    let pack = OperandPanels.pack(
      base + weight, transposed: true, inner: geometry.kernelCount, columns: geometry.units, into: base + panels,
      isParallel: isParallel)
    // Samples write their own outputs, groups their own blocks.
    let multiply = groups.kernel(isParallel: isParallel) { samples, slot in
      let own = base + blocks + slot * block
      if padded.isNeeded { padded.clear(own) }
      for sample in samples {
        let image = base + input + sample * geometry.imageCount
        if padded.isNeeded { padded.fill(own, from: image) }
        product.run(
          UnsafePointer(padded.isNeeded ? own : image), base + panels, start: bias.map { UnsafePointer(base + $0) },
          into: base + output + sample * geometry.outputCount)
      }
    }
    return {
      pack()
      multiply()
    }
  }
}
