import OrreryNetworks
import OrreryTensors

/// x̄ = ∂/∂x Σ z̄ z(x, W) of a ``ConvolutionProduct``: cotangents z̄ (samples, out height, out width, units) and weights
/// (units, kernel height, kernel width, channels) → (samples, height, width, channels).
///
/// Pixels whose distance to the first window's start is equal modulo the stride meet the same elements of the kernel: each
/// such phase is a convolution of z̄, padded with zeros, with those elements in reverse order. Nothing is multiplied by zero but
/// at the edges.
struct ConvolutionInputGradient: GenericPrimitive {
  let geometry: ConvolutionGeometry

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(
      inputs[0].dropFirst() == geometry.outputShape[...] && inputs[1] == geometry.weightShape,
      "Cotangents and weights do not fit \(geometry): \(inputs).")
    return [inputs[0][0]] + geometry.imageShape
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [
      wanted[0] ? graph.apply(ConvolutionProduct(geometry: geometry, hasBias: false), [cotangent, inputs[1]]) : nil,
      wanted[1] ? graph.apply(ConvolutionWeightGradient(geometry: geometry), [cotangent, inputs[0]]) : nil,
    ]
  }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int {
    packedCount(width) + SampleGroups(inputs[0][0]).count * blockCount
  }

  private func packedCount(_ width: Int) -> Int {
    OperandPanels.size(
      inner: geometry.vertical.size * geometry.horizontal.size * geometry.units, columns: geometry.channels, width)
  }

  /// Padded cotangents, and where padding is circular the gradient of the padded image.
  private var blockCount: Int { ArenaLayout.aligned(paddedCotangent.count) + gradientBlockCount }
  private var gradientBlockCount: Int { isFolded ? ArenaLayout.aligned(geometry.paddedCount) : 0 }
  private var isFolded: Bool { geometry.padding == .circular && geometry.isPadded }

  /// Zeros before z̄ for the elements of the kernel that lie before a pixel, and behind it up to the last pixel.
  private static func margins(_ axis: WindowAxis) -> (before: Int, after: Int) {
    ((axis.size + axis.stride - 1) / axis.stride - 1, (axis.paddedExtent - 1) / axis.stride - (axis.outputs - 1))
  }

  private var paddedCotangent: PaddedImage {
    let (vertical, horizontal) = (Self.margins(geometry.vertical), Self.margins(geometry.horizontal))
    let (rows, columns) = (geometry.vertical.outputs, geometry.horizontal.outputs)
    return PaddedImage(
      rows: rows, row: columns * geometry.units, paddedRows: vertical.before + rows + vertical.after,
      paddedRow: (horizontal.before + columns + horizontal.after) * geometry.units, top: vertical.before,
      left: horizontal.before * geometry.units)
  }

  /// The pixels of one phase: their product, and which elements of the kernel it is packed from.
  private struct Phase: Sendable {
    var product: GatheredProduct
    var panels: Int
    /// Places in the kernel (kernel height, kernel width), in the order of inner indices; each stands for all units.
    var taps: [Int]
  }

  private func phases(_ width: Int, panels start: Int) -> [Phase] {
    let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
    let padded = paddedCotangent
    let units = geometry.units
    var result: [Phase] = []
    var panels = start
    for phaseY in 0..<vertical.stride {
      for phaseX in 0..<horizontal.stride {
        let tapsY = Array(stride(from: phaseY, to: vertical.size, by: vertical.stride).reversed())
        let tapsX = Array(stride(from: phaseX, to: horizontal.size, by: horizontal.stride).reversed())
        guard !tapsY.isEmpty, !tapsX.isEmpty else { continue }
        var (rows, targets): ([Int], [Int]) = ([], [])
        for (y, pixelY) in pixels(vertical, phaseY) {
          for (x, pixelX) in pixels(horizontal, phaseX) {
            // The first element meets the cotangent farthest before the pixel.
            let (row, column) = (
              padded.top + y / vertical.stride - (tapsY.count - 1),
              padded.left / units + x / horizontal.stride - (tapsX.count - 1)
            )
            rows.append(row * padded.paddedRow + column * units)
            let across = isFolded ? horizontal.paddedExtent : horizontal.extent
            targets.append((pixelY * across + pixelX) * geometry.channels)
          }
        }
        guard !rows.isEmpty else { continue }
        let inner = tapsY.count * tapsX.count * units
        let segment = tapsX.count * units
        let product = GatheredProduct(
          rows: rows, targets: targets, leftSegments: tapsY.indices.map { $0 * padded.paddedRow },
          rightSegments: tapsY.indices.map { $0 * segment * width }, length: segment, rightStep: width,
          panelStride: inner * width,
          columns: geometry.channels)
        let taps = tapsY.flatMap { y in tapsX.map { x in y * horizontal.size + x } }
        result.append(Phase(product: product, panels: panels, taps: taps))
        panels += OperandPanels.count(geometry.channels, width) * width * inner
      }
    }
    return result
  }

  /// Positions in the padded image of one phase, with the pixel of the result that each stands for.
  private func pixels(_ axis: WindowAxis, _ phase: Int) -> [(position: Int, pixel: Int)] {
    stride(from: phase, to: axis.paddedExtent, by: axis.stride).compactMap { position in
      if isFolded { return (position, position) }
      let pixel = position - axis.before
      return (0..<axis.extent).contains(pixel) ? (position, pixel) : nil
    }
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let (geometry, isFolded, blockCount) = (geometry, isFolded, blockCount)
    let width = RegisterProduct.tileColumns(Scalar.self)
    let phases = phases(width, panels: place.scratch)
    let (padded, image) = (paddedCotangent, PaddedImage(images: geometry))
    let covered = phases.map(\.product.rows.count).reduce(0, +)
    let all = isFolded ? geometry.paddedCount : geometry.imageCount
    // Pixels between windows, or behind the last one, have no gradient.
    let hasGaps = covered * geometry.channels < all
    let (input, weight, output) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    let blocks = place.scratch + packedCount(width)
    let gradientBlock = ArenaLayout.aligned(padded.count)
    let groups = SampleGroups(place.output.shape[0])
    let work = groups.samples * geometry.outputCount * geometry.kernelCount
    let isParallel = place.isParallel && work >= SampleGroups.parallelWork
    let multiply = groups.kernel(isParallel: isParallel) { samples, slot in
      let own = base + blocks + slot * blockCount
      if padded.isNeeded { padded.clear(own) }
      for sample in samples {
        let cotangent = base + input + sample * geometry.outputCount
        let result = base + output + sample * geometry.imageCount
        if padded.isNeeded { padded.fill(own, from: cotangent) }
        let target = isFolded ? own + gradientBlock : result
        if hasGaps { target.update(repeating: 0, count: all) }
        for phase in phases {
          phase.product.run(
            UnsafePointer(padded.isNeeded ? own : cotangent), UnsafePointer(base + phase.panels), into: target)
        }
        if isFolded { image.fold(target, into: result) }
      }
    }
    return {
      for phase in phases {
        for (index, tap) in phase.taps.enumerated() {
          RegisterProduct.pack(
            UnsafePointer(base + weight + tap * geometry.channels), stride: geometry.kernelCount, inner: geometry.units,
            columns: geometry.channels, into: base + phase.panels + index * geometry.units * width,
            panel: phase.product.panelStride)
        }
      }
      multiply()
    }
  }
}
