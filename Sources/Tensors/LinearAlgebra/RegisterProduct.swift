import CElementwise

/// Matrix products that read operands where they lie, or packed once: see `Product.h`.
///
/// For small products, and for many products with one operand; ``DenseProduct`` is for the rest. One thread.
package enum RegisterProduct {
  /// A constant table, chosen when the library is loaded.
  nonisolated(unsafe) private static let inUse = orrery_product_kernels_in_use()!

  /// The columns of one register tile: the width of packed panels.
  @inline(__always)
  package static func tileColumns<Scalar: TensorScalar>(_ scalar: Scalar.Type) -> Int {
    Scalar.self == Float.self ? inUse.pointee.tile_columns_f32 : inUse.pointee.tile_columns_f64
  }

  /// Whether a row-major right operand is better packed a panel at a time than read where it lies: rows that are a kilobyte apart
  /// and more drive each other out of the first cache, but a few rows of A would read a panel hardly more often than packing does.
  @inline(__always)
  package static func isWorthPacking(rows: Int, bRow: Int) -> Bool { bRow >= 256 && rows >= 48 }

  /// Whether a transposed left operand (inner, rows) is better turned round beforehand: a tile that goes along it meets a new row
  /// with every step, and beyond two kilobytes the first cache keeps few of them.
  @inline(__always)
  package static func isWorthTurning(rows: Int, columns: Int) -> Bool { rows > 512 && columns >= 48 }

  /// C ← A B, C ← C + A B, or a row added to each of A B's.
  ///
  /// - Parameters:
  ///   - a: element (i, p) at `a[i * row + p * inner]`.
  ///   - b: element (p, j) at `b[(j / T) * tile + p * inner + j % T]`, T the tile's columns.
  ///   - c: row-major, rows `stride` apart; overlaps neither operand.
  ///   - start: what every row of C starts from, `columns` numbers; nil for zero, or for C where it accumulates.
  @inline(__always)
  package static func multiply<Scalar: TensorScalar>(
    _ a: UnsafePointer<Scalar>, row: Int, inner aInner: Int, _ b: UnsafePointer<Scalar>, inner bInner: Int, tile: Int,
    rows: Int, inner: Int, columns: Int, into c: UnsafeMutablePointer<Scalar>, stride: Int,
    start: UnsafePointer<Scalar>? = nil, accumulating: Bool = false
  ) {
    // Not typed, since a generic Optional would be looked up in every call from another module.
    let from = accumulating ? UnsafeRawPointer(c) : UnsafeRawPointer(start)
    let fromRow = accumulating ? stride : 0
    if Scalar.self == Float.self {
      inUse.pointee.f32(
        cast(a), row, aInner, cast(b), bInner, tile, rows, inner, columns, cast(c), stride,
        from?.assumingMemoryBound(to: Float.self), fromRow)
    } else {
      inUse.pointee.f64(
        cast(a), row, aInner, cast(b), bInner, tile, rows, inner, columns, cast(c), stride,
        from?.assumingMemoryBound(to: Double.self), fromRow)
    }
  }

  /// What computes A B, or a row added to each of A B's, each time that it is called: operands as in ``multiply``. Small products
  /// take less than a microsecond, of which a call with all the places in it would be a part.
  package static func product<Scalar: TensorScalar>(
    _ a: UnsafePointer<Scalar>, row: Int, inner aInner: Int, _ b: UnsafePointer<Scalar>, inner bInner: Int, tile: Int,
    rows: Int, inner: Int, columns: Int, into c: UnsafeMutablePointer<Scalar>, stride: Int,
    start: UnsafePointer<Scalar>?
  ) -> @Sendable () -> Void {
    // The caller keeps threads apart.
    if Scalar.self == Float.self {
      let kernel = inUse.pointee.f32!
      nonisolated(unsafe) let (x, y): (UnsafePointer<Float>, UnsafePointer<Float>) = (cast(a), cast(b))
      nonisolated(unsafe) let z: UnsafeMutablePointer<Float> = cast(c)
      nonisolated(unsafe) let from: UnsafePointer<Float>? = start.map { cast($0) }
      return { kernel(x, row, aInner, y, bInner, tile, rows, inner, columns, z, stride, from, 0) }
    }
    let kernel = inUse.pointee.f64!
    nonisolated(unsafe) let (x, y): (UnsafePointer<Double>, UnsafePointer<Double>) = (cast(a), cast(b))
    nonisolated(unsafe) let z: UnsafeMutablePointer<Double> = cast(c)
    nonisolated(unsafe) let from: UnsafePointer<Double>? = start.map { cast($0) }
    return { kernel(x, row, aInner, y, bInner, tile, rows, inner, columns, z, stride, from, 0) }
  }

  /// C ← A B, C ← C + A B, or a row added to each of A B's, to the bit like ``multiply``: B is packed a panel at a time into
  /// memory of the kernel's own.
  ///
  /// - Parameters:
  ///   - b: row-major (inner, columns), or `transposed` (columns, inner), rows `bRow` apart.
  @inline(__always)
  package static func multiplyPanelled<Scalar: TensorScalar>(
    _ a: UnsafePointer<Scalar>, row: Int, inner aInner: Int, _ b: UnsafePointer<Scalar>, bRow: Int, transposed: Bool,
    rows: Int, inner: Int, columns: Int, into c: UnsafeMutablePointer<Scalar>, stride: Int,
    start: UnsafePointer<Scalar>? = nil, accumulating: Bool = false
  ) {
    let from = accumulating ? UnsafeRawPointer(c) : UnsafeRawPointer(start)
    let fromRow = accumulating ? stride : 0
    let transposes: Int32 = transposed ? 1 : 0
    if Scalar.self == Float.self {
      inUse.pointee.panelled_f32(
        cast(a), row, aInner, cast(b), bRow, transposes, rows, inner, columns, cast(c), stride,
        from?.assumingMemoryBound(to: Float.self), fromRow)
    } else {
      inUse.pointee.panelled_f64(
        cast(a), row, aInner, cast(b), bRow, transposes, rows, inner, columns, cast(c), stride,
        from?.assumingMemoryBound(to: Double.self), fromRow)
    }
  }

  /// What computes ``multiplyPanelled`` each time that it is called.
  package static func panelledProduct<Scalar: TensorScalar>(
    _ a: UnsafePointer<Scalar>, row: Int, inner aInner: Int, _ b: UnsafePointer<Scalar>, bRow: Int, transposed: Bool,
    rows: Int, inner: Int, columns: Int, into c: UnsafeMutablePointer<Scalar>, stride: Int,
    start: UnsafePointer<Scalar>?
  ) -> @Sendable () -> Void {
    let transposes: Int32 = transposed ? 1 : 0
    if Scalar.self == Float.self {
      let kernel = inUse.pointee.panelled_f32!
      nonisolated(unsafe) let (x, y): (UnsafePointer<Float>, UnsafePointer<Float>) = (cast(a), cast(b))
      nonisolated(unsafe) let z: UnsafeMutablePointer<Float> = cast(c)
      nonisolated(unsafe) let from: UnsafePointer<Float>? = start.map { cast($0) }
      return { kernel(x, row, aInner, y, bRow, transposes, rows, inner, columns, z, stride, from, 0) }
    }
    let kernel = inUse.pointee.panelled_f64!
    nonisolated(unsafe) let (x, y): (UnsafePointer<Double>, UnsafePointer<Double>) = (cast(a), cast(b))
    nonisolated(unsafe) let z: UnsafeMutablePointer<Double> = cast(c)
    nonisolated(unsafe) let from: UnsafePointer<Double>? = start.map { cast($0) }
    return { kernel(x, row, aInner, y, bRow, transposes, rows, inner, columns, z, stride, from, 0) }
  }

  /// The kernel behind ``GatheredProduct``.
  @inline(__always)
  static func run<Scalar: TensorScalar>(
    _ product: inout orrery_gathered_product, _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>,
    _ start: UnsafePointer<Scalar>?, _ c: UnsafeMutablePointer<Scalar>, _ accumulating: Bool
  ) {
    let adds: Int32 = accumulating ? 1 : 0
    if Scalar.self == Float.self {
      inUse.pointee.gathered_f32(&product, cast(a), cast(b), start.map { cast($0) }, cast(c), adds)
    } else {
      inUse.pointee.gathered_f64(&product, cast(a), cast(b), start.map { cast($0) }, cast(c), adds)
    }
  }

  /// target[j, i] ← source[i, j] for i < rows, j < columns; both row-major with the rows given apart.
  @inline(__always)
  package static func transpose<Scalar: TensorScalar>(
    _ source: UnsafePointer<Scalar>, stride sourceStride: Int, rows: Int, columns: Int,
    into target: UnsafeMutablePointer<Scalar>, stride targetStride: Int
  ) {
    if Scalar.self == Float.self {
      inUse.pointee.transpose_f32(cast(source), sourceStride, rows, columns, cast(target), targetStride)
    } else {
      inUse.pointee.transpose_f64(cast(source), sourceStride, rows, columns, cast(target), targetStride)
    }
  }

  /// One panel of a transposed operand: panel[p * T + j] ← b[j * stride + p] for p < inner, j < columns ≤ T, and zeros beyond.
  @inline(__always)
  package static func packTransposed<Scalar: TensorScalar>(
    _ b: UnsafePointer<Scalar>, stride: Int, inner: Int, columns: Int, into panel: UnsafeMutablePointer<Scalar>
  ) {
    if Scalar.self == Float.self {
      inUse.pointee.pack_transposed_f32(cast(b), stride, inner, columns, cast(panel))
    } else {
      inUse.pointee.pack_transposed_f64(cast(b), stride, inner, columns, cast(panel))
    }
  }

  /// Panels of T columns: target[(j / T) * panel + p * T + j % T] ← b[p * stride + j] for p < inner, j < columns, and zeros in
  /// what the last panel has beyond.
  @inline(__always)
  package static func pack<Scalar: TensorScalar>(
    _ b: UnsafePointer<Scalar>, stride: Int, inner: Int, columns: Int, into target: UnsafeMutablePointer<Scalar>,
    panel: Int
  ) {
    if Scalar.self == Float.self {
      inUse.pointee.pack_f32(cast(b), stride, inner, columns, cast(target), panel)
    } else {
      inUse.pointee.pack_f64(cast(b), stride, inner, columns, cast(target), panel)
    }
  }
}
