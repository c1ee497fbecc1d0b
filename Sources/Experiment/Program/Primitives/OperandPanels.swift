import OrreryTensors

/// Right operands of products, packed in panels as wide as a register tile.
enum OperandPanels {
  static func count(_ columns: Int, _ width: Int) -> Int { (columns + width - 1) / width }

  /// The room that a packed operand takes.
  static func size(inner: Int, columns: Int, _ width: Int) -> Int { count(columns, width) * width * inner }

  /// What packs an operand (inner, columns) without gaps, or the transpose of (columns, inner).
  @inline(__always)
  static func pack<Scalar: ExperimentScalar>(
    _ source: UnsafePointer<Scalar>, transposed: Bool, inner: Int, columns: Int,
    into target: UnsafeMutablePointer<Scalar>, isParallel: Bool
  ) -> Kernel {
    let width = RegisterProduct.tileColumns(Scalar.self)
    let isShared = isParallel && inner * columns >= 1 << 14
    // Each part is written by one thread; the source is only read.
    nonisolated(unsafe) let (source, target) = (source, target)
    guard transposed else {
      let height = isShared ? 64 : max(1, inner)
      return Placement.parts((inner + height - 1) / height, isParallel: isShared) { part in
        let first = part * height
        RegisterProduct.pack(
          source + first * columns, stride: columns, inner: min(height, inner - first), columns: columns,
          into: target + first * width, panel: width * inner)
      }
    }
    return Placement.parts(count(columns, width), isParallel: isShared) { panel in
      let first = panel * width
      RegisterProduct.packTransposed(
        source + first * inner, stride: inner, inner: inner, columns: min(width, columns - first),
        into: target + first * inner)
    }
  }
}
