import CElementwise

/// The numbers of one step of an update rule; see `Update.h`. A rule uses those that its formula has.
package struct UpdateCoefficients: Sendable {
  /// x = cut(scale · g) + coupled · w stands in place of the gradient, with components within ± limit.
  package var scale = 1.0
  package var limit = Double.infinity
  package var coupled = 0.0
  /// What is kept of the parameters.
  package var keep = 1.0
  package var rate = 0.0
  package var memory1 = 0.0
  package var fresh1 = 1.0
  package var memory2 = 0.0
  package var fresh2 = 1.0
  /// Multiplies the second moment.
  package var second = 1.0
  /// ε inside and outside of the root.
  package var inside = 0.0
  package var outside = 0.0
  /// Of x and of the momentum in a direction.
  package var along = 0.0
  package var across = 1.0

  package init() {}

  fileprivate var update: orrery_update {
    orrery_update(
      scale: scale, limit: limit, coupled: coupled, keep: keep, rate: rate, memory1: memory1, fresh1: fresh1,
      memory2: memory2, fresh2: fresh2, second: second, inside: inside, outside: outside, along: along, across: across)
  }
}

/// Update rules on flat memory, in vector instructions; the same bits on every instruction set.
///
/// Parameters w, gradient g and what a rule remembers are `count` elements each, none overlapping another.
package enum UpdateKernels<Scalar: TensorScalar> {
  package typealias Values = UnsafeMutablePointer<Scalar>
  package typealias Constants = UnsafePointer<Scalar>

  @inline(__always)
  private static var isSingle: Bool { Scalar.self == Float.self }

  /// Σ value², in double precision and in one order.
  @inline(__always)
  package static func sumOfSquares(_ values: Constants, count: Int) -> Double {
    let kernels = orrery_update_kernels_in_use()!.pointee
    return isSingle ? kernels.squares_f32(cast(values), count) : kernels.squares_f64(cast(values), count)
  }

  /// w ← keep w − rate x.
  @inline(__always)
  package static func descent(_ coefficients: UpdateCoefficients, _ w: Values, _ g: Constants, count: Int) {
    let kernels = orrery_update_kernels_in_use()!.pointee
    var update = coefficients.update
    if isSingle {
      kernels.descent_f32(&update, cast(w), cast(g), count)
    } else {
      kernels.descent_f64(&update, cast(w), cast(g), count)
    }
  }

  /// v ← memory1 v + fresh1 x, w ← keep w − rate (along x + across v).
  @inline(__always)
  package static func momentum(
    _ coefficients: UpdateCoefficients, _ w: Values, velocity v: Values, _ g: Constants, count: Int
  ) {
    let kernels = orrery_update_kernels_in_use()!.pointee
    var update = coefficients.update
    if isSingle {
      kernels.momentum_f32(&update, cast(w), cast(v), cast(g), count)
    } else {
      kernels.momentum_f64(&update, cast(w), cast(v), cast(g), count)
    }
  }

  /// v ← memory1 v + fresh1 x, direction ← along x + across v.
  @inline(__always)
  package static func direction(
    _ coefficients: UpdateCoefficients, _ w: Constants, velocity v: Values, _ g: Constants, into direction: Values,
    count: Int
  ) {
    let kernels = orrery_update_kernels_in_use()!.pointee
    var update = coefficients.update
    if isSingle {
      kernels.direction_f32(&update, cast(w), cast(v), cast(g), cast(direction), count)
    } else {
      kernels.direction_f64(&update, cast(w), cast(v), cast(g), cast(direction), count)
    }
  }

  /// m ← memory1 m + fresh1 x, v ← memory2 v + fresh2 x², w ← keep w − rate m/(√(second v + inside) + outside).
  @inline(__always)
  package static func adam(
    _ coefficients: UpdateCoefficients, _ w: Values, first m: Values, second v: Values, _ g: Constants, count: Int
  ) {
    let kernels = orrery_update_kernels_in_use()!.pointee
    var update = coefficients.update
    if isSingle {
      kernels.adam_f32(&update, cast(w), cast(m), cast(v), cast(g), count)
    } else {
      kernels.adam_f64(&update, cast(w), cast(m), cast(v), cast(g), count)
    }
  }

  /// v as in Adam, w ← keep w − rate x/(√(second v + inside) + outside).
  @inline(__always)
  package static func rmsProp(
    _ coefficients: UpdateCoefficients, _ w: Values, second v: Values, _ g: Constants, count: Int
  ) {
    let kernels = orrery_update_kernels_in_use()!.pointee
    var update = coefficients.update
    if isSingle {
      kernels.rmsprop_f32(&update, cast(w), cast(v), cast(g), count)
    } else {
      kernels.rmsprop_f64(&update, cast(w), cast(v), cast(g), count)
    }
  }

  /// w ← keep w − rate sign(memory1 m + fresh1 x), then m ← memory2 m + fresh2 x.
  @inline(__always)
  package static func lion(
    _ coefficients: UpdateCoefficients, _ w: Values, first m: Values, _ g: Constants, count: Int
  ) {
    let kernels = orrery_update_kernels_in_use()!.pointee
    var update = coefficients.update
    if isSingle {
      kernels.lion_f32(&update, cast(w), cast(m), cast(g), count)
    } else {
      kernels.lion_f64(&update, cast(w), cast(m), cast(g), count)
    }
  }
}
