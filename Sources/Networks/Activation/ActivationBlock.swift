import OrreryTensors

/// The elementary functions of whole arrays that activations are made of, for each element type.
public protocol ActivationScalar: TensorScalar {
  /// `output[i] = function(input[i])`; the two may be the same memory.
  static func evaluate(
    _ function: Elementwise.Function, _ input: UnsafePointer<Self>, _ output: UnsafeMutablePointer<Self>, _ count: Int)
}

extension Float: ActivationScalar {
  public static func evaluate(
    _ function: Elementwise.Function, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    Elementwise.apply(function, input, into: output, count: count)
  }
}

extension Double: ActivationScalar {
  public static func evaluate(
    _ function: Elementwise.Function, _ input: UnsafePointer<Double>, _ output: UnsafeMutablePointer<Double>,
    _ count: Int
  ) {
    Elementwise.apply(function, input, into: output, count: count)
  }
}

/// A few hundred arguments u of an activation function, and the scratch memory to work on them, all in the first-level cache.
///
/// Every pass reads and writes one block, so that a chain of passes costs no memory traffic, and scratch memory lies on
/// the stack, so that nothing is allocated. Passes are inlined into their caller: a loop over the block is compiled, and
/// vectorised, with the formula inside.
///
/// ```swift
/// block.first(.exp) { -$0.magnitude }                  // first = e^(−|u|), in vector instructions
/// block.mapWithFirst { u, e in u > 0 ? 1 : e }         // output = …
/// ```
public struct ActivationBlock<Scalar: ActivationScalar> {
  /// The bytes of one scratch array: the most that Swift puts on the stack without asking.
  static var scratchBytes: Int { 1024 }
  static var capacity: Int { scratchBytes / MemoryLayout<Scalar>.stride }

  /// The arguments u = inputScale·z + inputShift.
  @usableFromInline let arguments: UnsafeMutablePointer<Scalar>
  @usableFromInline let first: UnsafeMutablePointer<Scalar>
  @usableFromInline let second: UnsafeMutablePointer<Scalar>
  /// Where f^(order)(u) goes; may be where the preactivations z came from.
  @usableFromInline let output: UnsafeMutablePointer<Scalar>
  /// How many arguments there are.
  public let count: Int

  /// `output = value(u)`.
  @inlinable @inline(__always)
  public func map(_ value: (Scalar) -> Scalar) {
    for i in 0..<count { output[i] = value(arguments[i]) }
  }

  /// `output = value(u, first)`.
  @inlinable @inline(__always)
  public func mapWithFirst(_ value: (Scalar, Scalar) -> Scalar) {
    for i in 0..<count { output[i] = value(arguments[i], first[i]) }
  }

  /// `output = value(u, first, second)`.
  @inlinable @inline(__always)
  public func mapWithBoth(_ value: (Scalar, Scalar, Scalar) -> Scalar) {
    for i in 0..<count { output[i] = value(arguments[i], first[i], second[i]) }
  }

  /// `first = function(argument(u))`.
  @inlinable @inline(__always)
  public func first(_ function: Elementwise.Function, of argument: (Scalar) -> Scalar) {
    for i in 0..<count { first[i] = argument(arguments[i]) }
    Scalar.evaluate(function, first, first, count)
  }

  /// `first = function(u)`.
  @inlinable @inline(__always)
  public func first(_ function: Elementwise.Function) { Scalar.evaluate(function, arguments, first, count) }

  /// `second = function(argument(u))`.
  @inlinable @inline(__always)
  public func second(_ function: Elementwise.Function, of argument: (Scalar) -> Scalar) {
    for i in 0..<count { second[i] = argument(arguments[i]) }
    Scalar.evaluate(function, second, second, count)
  }

  /// `second = function(u)`.
  @inlinable @inline(__always)
  public func second(_ function: Elementwise.Function) { Scalar.evaluate(function, arguments, second, count) }

  /// `output = function(u)`.
  @inlinable @inline(__always)
  public func call(_ function: Elementwise.Function) { Scalar.evaluate(function, arguments, output, count) }

  /// Keeps u inside ±limit, and not-a-number as it is.
  @inlinable @inline(__always)
  public static func clamp(_ u: Scalar, _ limit: Scalar) -> Scalar { u > limit ? limit : (u < -limit ? -limit : u) }
}

/// Where the exponential factor of a derivative is exactly zero in Double. Beyond, the polynomial factor must not be
/// allowed to reach infinity: 0·∞ is no number.
enum Cutoff {
  /// e^(−z²/2) = 0 for |z| > 39.
  static let normal = 40.0
  /// The logistic function of √(8/π)(z + 0.044715 z³) is 0 for z < −22.
  static let cubic = 40.0
  /// e^(−|z|) = 0 for |z| > 746.
  static let logistic = 800.0
}
