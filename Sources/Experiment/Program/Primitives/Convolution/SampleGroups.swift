import OrreryTensors

/// A batch cut into groups, each with scratch of its own; groups depend on the number of samples alone.
struct SampleGroups: Sendable {
  let samples: Int
  let count: Int

  init(_ samples: Int) {
    self.samples = samples
    count = max(1, min(samples, Self.most))
  }

  func range(_ group: Int) -> Range<Int> { group * samples / count..<(group + 1) * samples / count }

  /// What calls `body` with each group and the place in scratch that it may use: on all threads, or one after another at one
  /// place.
  @inline(__always)
  func kernel(isParallel: Bool, _ body: @escaping @Sendable (_ samples: Range<Int>, _ slot: Int) -> Void) -> Kernel {
    Placement.parts(count, isParallel: isParallel) { body(range($0), isParallel ? $0 : 0) }
  }

  /// Enough for balance among a few threads, and as much scratch as that many samples take.
  private static var most: Int { 16 }
  /// Multiply-adds, of some ten microseconds, that are worth a second thread.
  static var parallelWork: Int { 1 << 19 }
}

/// Right operands of gathered products, packed.
enum OperandPanels {
  static func count(_ columns: Int, _ width: Int) -> Int { (columns + width - 1) / width }

  /// What packs the transpose of a matrix (columns, inner) without gaps.
  @inline(__always)
  static func packTransposed<Scalar: ExperimentScalar>(
    _ source: UnsafePointer<Scalar>, inner: Int, columns: Int, into target: UnsafeMutablePointer<Scalar>,
    isParallel: Bool
  ) -> Kernel {
    let width = RegisterProduct.tileColumns(Scalar.self)
    // Each panel is written by one thread; the source is only read.
    nonisolated(unsafe) let (source, target) = (source, target)
    return Placement.parts(count(columns, width), isParallel: isParallel && inner * columns >= 1 << 14) { panel in
      let count = min(width, columns - panel * width)
      let part = target + panel * width * inner
      if count < width { part.update(repeating: 0, count: width * inner) }
      RegisterProduct.transpose(
        source + panel * width * inner, stride: inner, rows: count, columns: inner, into: part, stride: width)
    }
  }

  /// `rows` rows of a matrix, `stride` apart, as inner indices `first`, `first` + 1, … of all panels.
  @inline(__always)
  static func packRows<Scalar: ExperimentScalar>(
    _ source: UnsafePointer<Scalar>, stride: Int, rows: Int, columns: Int, into target: UnsafeMutablePointer<Scalar>,
    panelStride: Int, first: Int
  ) {
    let width = RegisterProduct.tileColumns(Scalar.self)
    for panel in 0..<count(columns, width) {
      let count = min(width, columns - panel * width)
      var (from, to) = (source + panel * width, target + panel * panelStride + first * width)
      for _ in 0..<rows {
        if count < width { to.update(repeating: 0, count: width) }
        to.update(from: from, count: count)
        from += stride
        to += width
      }
    }
  }
}
