import OrreryTensors

/// A few hundred arguments of an activation, and the scratch memory to work on them, all in the first-level cache.
///
/// Every pass reads and writes one block, so that a chain of passes costs no memory traffic, and scratch memory lies on
/// the stack, so that nothing is allocated.
struct ActivationBlock<Scalar: ActivationScalar> {
  /// The bytes of one scratch array: the most that Swift puts on the stack without asking.
  static var scratchBytes: Int { 1024 }
  static var capacity: Int { scratchBytes / MemoryLayout<Scalar>.stride }

  /// The arguments u = inputScale·z + inputShift.
  let arguments: UnsafeMutablePointer<Scalar>
  let first: UnsafeMutablePointer<Scalar>
  let second: UnsafeMutablePointer<Scalar>
  /// Where f^(order)(u) goes; may be where the preactivations z came from.
  let output: UnsafeMutablePointer<Scalar>
  let count: Int

  /// `output = value(u)`.
  @inline(__always)
  func map(_ value: (Scalar) -> Scalar) {
    for i in 0..<count { output[i] = value(arguments[i]) }
  }

  /// `output = value(u, first)`.
  @inline(__always)
  func mapWithFirst(_ value: (Scalar, Scalar) -> Scalar) {
    for i in 0..<count { output[i] = value(arguments[i], first[i]) }
  }

  /// `output = value(u, first, second)`.
  @inline(__always)
  func mapWithBoth(_ value: (Scalar, Scalar, Scalar) -> Scalar) {
    for i in 0..<count { output[i] = value(arguments[i], first[i], second[i]) }
  }

  /// `first = function(argument(u))`.
  @inline(__always)
  func first(_ function: Elementwise.Function, of argument: (Scalar) -> Scalar) {
    for i in 0..<count { first[i] = argument(arguments[i]) }
    Scalar.evaluate(function, first, first, count)
  }

  /// `second = function(argument(u))`.
  @inline(__always)
  func second(_ function: Elementwise.Function, of argument: (Scalar) -> Scalar) {
    for i in 0..<count { second[i] = argument(arguments[i]) }
    Scalar.evaluate(function, second, second, count)
  }

  /// `output = function(u)`.
  @inline(__always)
  func call(_ function: Elementwise.Function) { Scalar.evaluate(function, arguments, output, count) }

  /// Keeps u inside ±limit, and not-a-number as it is.
  @inline(__always)
  static func clamp(_ u: Scalar, _ limit: Scalar) -> Scalar { u > limit ? limit : (u < -limit ? -limit : u) }
}
