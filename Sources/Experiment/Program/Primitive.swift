import OrreryTensors

/// One kind of operation on arrays: its shape rule, its derivative, and how to run it.
///
/// The derivative is given once, as the pullback of a cotangent, *in terms of primitives*: so derivatives of derivatives,
/// forward derivatives and Hessian products follow by composition (``Graph``), and no primitive ever defines them.
///
/// Arrays are row-major; a shape lists extents, `[]` is a number. What a primitive receives has been checked by whoever
/// built the graph (a layer against ``LayerDescription/outputShape(for:)``): a shape rule that fails is a programming error.
package protocol Primitive: Hashable, Sendable {
  /// The result's shape.
  func shape(_ inputs: [[Int]]) -> [Int]

  /// The cotangents of the inputs, given that of the output; nil stands for zero.
  ///
  /// - Parameter wanted: which inputs' cotangents will be used; the others may be nil.
  /// - Throws: ``ExperimentError`` where the derivative does not exist.
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) throws -> [Value?]

  /// Room that the kernel needs while it runs, in numbers.
  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int

  /// The inputs whose memory the output may take over, when nobody needs them later.
  var reusableInputs: [Int] { get }

  /// The output is the first input under another shape; there is nothing to run.
  var isAlias: Bool { get }

  func kernel(_ place: Placement, _ base: UnsafeMutablePointer<Float>) -> Kernel
  func kernel(_ place: Placement, _ base: UnsafeMutablePointer<Double>) -> Kernel
}

extension Primitive {
  package func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int { 0 }
  package var reusableInputs: [Int] { [] }
  package var isAlias: Bool { false }
}

/// A primitive whose kernel is the same code in either precision.
protocol GenericPrimitive: Primitive {
  /// The kernel. Conformances are `@inline(__always)` where loops of their own run over elements.
  func make<Scalar: ExperimentScalar>(_ place: Placement, _ base: UnsafeMutablePointer<Scalar>) -> Kernel
}

extension GenericPrimitive {
  // Inlined into each primitive's witnesses, where primitive and precision are known: so no kernel runs unspecialized.
  @inline(__always)
  package func kernel(_ place: Placement, _ base: UnsafeMutablePointer<Float>) -> Kernel { make(place, base) }
  @inline(__always)
  package func kernel(_ place: Placement, _ base: UnsafeMutablePointer<Double>) -> Kernel { make(place, base) }
}

/// One step of a program, bound to the memory of one arena. It is made once: running it allocates nothing.
package typealias Kernel = @Sendable () -> Void

/// Where a node's arrays lie in the arena.
package struct Placement: Sendable {
  package struct Slot: Sendable {
    /// In numbers, from the arena's start.
    package var offset: Int
    package var shape: [Int]
    package var count: Int { shape.reduce(1, *) }
  }

  package var inputs: [Slot]
  package var output: Slot
  package var scratch: Int
  /// Whether large kernels may use all threads; results are the same to the bit.
  package var isParallel: Bool

  /// A kernel of `count` parts, on all threads or one after another, in no promised order.
  static func parts(_ count: Int, isParallel: Bool, _ body: @escaping @Sendable (Int) -> Void) -> Kernel {
    if isParallel, count > 1 { return { ThreadTeam.forEach(count, body) } }
    if count == 1 { return { body(0) } }
    return { for index in 0..<count { body(index) } }
  }

  /// An elementwise kernel over `count` elements: at once, or in spans on all threads. The places where spans begin do not
  /// depend on the number of threads.
  static func spans(
    _ count: Int, isParallel: Bool, _ body: @escaping @Sendable (_ first: Int, _ count: Int) -> Void
  ) -> Kernel {
    guard isParallel, count >= 8 * span else { return { body(0, count) } }
    return parts((count + span - 1) / span, isParallel: true) { index in
      body(index * span, min(span, count - index * span))
    }
  }

  /// A kernel over the rows of a shape's last axis: at once, or in spans of whole rows on all threads.
  @inline(__always)
  func rowSpans<Scalar: ExperimentScalar>(
    of shape: [Int], _ base: UnsafeMutablePointer<Scalar>, _ body: @escaping @Sendable (RowSpan<Scalar>) -> Void
  ) -> Kernel {
    nonisolated(unsafe) let base = base
    let extents = RowExtents(shape)
    let (rows, columns) = (extents.rows, extents.columns)
    let height = max(1, Self.span / max(1, columns))
    guard isParallel, rows >= 8 * height else {
      return { body(RowSpan(base: base, first: 0, count: rows, columns: columns)) }
    }
    return Self.parts((rows + height - 1) / height, isParallel: true) { index in
      let first = index * height
      body(RowSpan(base: base, first: first, count: min(height, rows - first), columns: columns))
    }
  }

  /// Elements that take a few microseconds.
  private static var span: Int { 4096 }
}
