import OrreryNetworks
import OrreryTensors

/// W̄ = ∂/∂W Σ z̄ z(x, W) of a ``ConvolutionProduct``: images x (samples, height, width, channels) and cotangents z̄
/// (samples, out height, out width, units) → (units, kernel height, kernel width, channels).
///
/// The inner index runs over pixels and samples. Groups of samples have sums of their own, which are added in order; where
/// weights are many, there are fewer groups, and the rows of the sum are cut instead. Neither depends on the number of threads.
struct ConvolutionWeightGradient: GenericPrimitive {
  let geometry: ConvolutionGeometry

  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(
      inputs[0].dropFirst() == geometry.imageShape[...] && inputs[1].dropFirst() == geometry.outputShape[...]
        && inputs[0][0] == inputs[1][0],
      "Images and cotangents do not fit \(geometry): \(inputs).")
    return geometry.weightShape
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    [
      wanted[0] ? graph.apply(ConvolutionInputGradient(geometry: geometry), [inputs[1], cotangent]) : nil,
      wanted[1] ? graph.apply(ConvolutionProduct(geometry: geometry, hasBias: false), [inputs[0], cotangent]) : nil,
    ]
  }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int {
    let plan = Plan(geometry, samples: inputs[0][0])
    return plan.items * plan.blockCount(width) + plan.groups * plan.sumCount
  }

  /// How the work is cut.
  struct Plan: Sendable {
    let geometry: ConvolutionGeometry
    let samples: Int
    /// Of samples, each with a sum of its own.
    let groups: Int
    /// Parts of the sum's rows.
    let parts: Int
    /// Samples whose pixels are one inner index: enough of them that sums are seldom read and written.
    let pass: Int

    init(_ geometry: ConvolutionGeometry, samples: Int) {
      self.geometry = geometry
      self.samples = samples
      let weights = geometry.kernelCount * geometry.units
      groups = max(1, min(samples, Self.mostGroups, Self.mostSums / max(1, weights)))
      parts = max(1, min(Self.mostItems / groups, geometry.kernelCount / Self.fewestRows))
      pass = max(1, min((samples + groups - 1) / groups, Self.pixelsOfAPass / max(1, geometry.pixels)))
    }

    var items: Int { groups * parts }
    var sumCount: Int { ArenaLayout.aligned(geometry.kernelCount * geometry.units) }
    /// Padded images of a pass, and its cotangents in panels.
    func blockCount(_ width: Int) -> Int { imagesCount + panelsCount(width) }
    var imagesCount: Int { geometry.isPadded ? ArenaLayout.aligned(pass * geometry.paddedCount) : 0 }
    func panelsCount(_ width: Int) -> Int {
      isPacked(width) ? OperandPanels.count(geometry.units, width) * width * pass * geometry.pixels : 0
    }
    /// Few rows are not worth packing the cotangents for, where these fill whole panels.
    func isPacked(_ width: Int) -> Bool { geometry.kernelCount >= Self.fewestRows || geometry.units % width != 0 }
    func samples(of group: Int) -> Range<Int> { group * samples / groups..<(group + 1) * samples / groups }
    func rows(of part: Int) -> Range<Int> {
      part * geometry.kernelCount / parts..<(part + 1) * geometry.kernelCount / parts
    }

    private static var mostGroups: Int { 8 }
    private static var mostItems: Int { 16 }
    /// Elements of all groups' sums together.
    private static var mostSums: Int { 1 << 19 }
    /// Fewer rows would not be worth packing the cotangents again.
    private static var fewestRows: Int { 96 }
    private static var pixelsOfAPass: Int { 224 }
  }

  @inline(__always)
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel {
    nonisolated(unsafe) let base = base
    let geometry = geometry
    let width = RegisterProduct.tileColumns(Scalar.self)
    let plan = Plan(geometry, samples: place.inputs[0].shape[0])
    let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
    let (units, weights) = (geometry.units, geometry.kernelCount)
    var rows: [Int] = []
    for y in 0..<vertical.size {
      for i in 0..<(horizontal.size * geometry.channels) { rows.append(y * geometry.paddedRow + i) }
    }
    let isPacked = plan.isPacked(width)
    let rightStep = isPacked ? width : units
    // One row of pixels is one segment.
    var (left, right): ([Int], [Int]) = ([], [])
    for sample in 0..<plan.pass {
      for y in 0..<vertical.outputs {
        left.append(sample * geometry.paddedCount + y * vertical.stride * geometry.paddedRow)
        right.append((sample * geometry.pixels + y * horizontal.outputs) * rightStep)
      }
    }
    let panelStride = isPacked ? plan.pass * geometry.pixels * width : width
    let product = GatheredProduct(
      rows: rows, targets: rows.indices.map { $0 * units }, leftSegments: left, rightSegments: right,
      length: horizontal.outputs, leftStep: horizontal.stride * geometry.channels, rightStep: rightStep,
      panelStride: panelStride,
      columns: units)
    let padded = PaddedImage(images: geometry)
    let (images, cotangents, output) = (place.inputs[0].offset, place.inputs[1].offset, place.output.offset)
    let sums = place.scratch
    let blocks = sums + plan.groups * plan.sumCount
    let (block, imagesCount) = (plan.blockCount(width), plan.imagesCount)
    let work = plan.samples * geometry.outputCount * weights
    let isParallel = place.isParallel && work >= SampleGroups.parallelWork
    let multiply = Placement.parts(plan.items, isParallel: isParallel) { index in
      let (group, part) = (index / plan.parts, index % plan.parts)
      let own = base + blocks + (isParallel ? index : 0) * block
      let panels = own + imagesCount
      let sum = base + sums + group * plan.sumCount
      let range = plan.samples(of: group)
      if padded.isNeeded { for sample in 0..<plan.pass { padded.clear(own + sample * padded.count) } }
      var first = range.lowerBound
      repeat {
        let count = min(plan.pass, range.upperBound - first)
        for sample in 0..<count {
          if padded.isNeeded {
            padded.fill(
              own + sample * padded.count, from: UnsafePointer(base + images + (first + sample) * geometry.imageCount))
          }
          if isPacked {
            RegisterProduct.pack(
              UnsafePointer(base + cotangents + (first + sample) * geometry.outputCount), stride: units,
              inner: geometry.pixels, columns: units, into: panels + sample * geometry.pixels * width,
              panel: panelStride)
          }
        }
        product.run(
          UnsafePointer(padded.isNeeded ? own : base + images + first * geometry.imageCount),
          UnsafePointer(isPacked ? panels : base + cotangents + first * geometry.outputCount),
          into: sum, accumulating: first > range.lowerBound, rows: plan.rows(of: part),
          segments: count * vertical.outputs)
        first += count
      } while first < range.upperBound
    }
    // Rows of the sums, added over groups and transposed.
    let strips = (weights + Self.strip - 1) / Self.strip
    let finish = Placement.parts(strips, isParallel: isParallel) { index in
      let start = index * Self.strip
      let count = min(Self.strip, weights - start)
      let sum = base + sums + start * units
      for group in 1..<max(1, plan.groups) {
        let other = UnsafePointer(sum + group * plan.sumCount)
        ArrayArithmetic.combine(1, UnsafePointer(sum), 1, other, into: sum, count: count * units)
      }
      RegisterProduct.transpose(
        UnsafePointer(sum), stride: units, rows: count, columns: units, into: base + output + start, stride: weights)
    }
    return {
      multiply()
      finish()
    }
  }

  /// Rows of the sum that one thread adds up at once.
  private static var strip: Int { 48 }
}
