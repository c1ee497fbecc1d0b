import CElementwise
import OrreryTensors

/// The two precisions of fused kernels: `Float` and `Double`, each with its C kernels.
public protocol DualKernelScalar: TensorScalar {
  /// Below this 1 − c, inner products of inputs are done again from their difference.
  static var closeInputs: Double { get }
  /// How much 1 − c of a close pair may grow before rounding it to that of c shows.
  static var growthLimit: Double { get }
  /// The tail at which Hermite series are cut, relative.
  static var seriesTolerance: Double { get }
  /// The least variance whose inverse root is representable.
  static var leastVariance: Double { get }
}

/// The numbers of one layer as the C kernels take them; see `Dual.h`.
package struct FusedLayer: Sendable {
  package var biasVariance: Double
  package var weightVariance: Double
  package var biasRate: Double
  package var weightRate: Double
  package var response: Double
  package var parameter: Double
}

extension Float: DualKernelScalar {
  public static var closeInputs: Double { 5e-3 }
  public static var growthLimit: Double { 32 }
  public static var seriesTolerance: Double { 1e-7 }
  public static var leastVariance: Double { 1e-70 }
}

extension Double: DualKernelScalar {
  public static var closeInputs: Double { 1e-3 }
  public static var growthLimit: Double { 4096 }
  public static var seriesTolerance: Double { 1e-12 }
  public static var leastVariance: Double { 1e-300 }
}

/// The C kernels by precision; a generic caller is specialised in this module, and each call is a row segment.
enum FusedKernels {
  /// A constant table, chosen when the library is loaded.
  nonisolated(unsafe) static let inUse = orrery_dual_kernels_in_use()!

  @inline(__always)
  static func layer<Scalar: DualKernelScalar>(
    _ function: Int, _ layer: FusedLayer, row: UnsafePointer<Scalar>, columns: UnsafePointer<Scalar>, stride: Int,
    count: Int, u: UnsafeMutablePointer<Scalar>, theta: UnsafeMutablePointer<Scalar>?
  ) {
    if Scalar.self == Float.self {
      var single = orrery_dual_layer_f32(layer)
      function32(function)(&single, cast(row), cast(columns), stride, count, cast(u), theta.map { cast($0) })
    } else {
      var double = orrery_dual_layer_f64(layer)
      function64(function)(&double, cast(row), cast(columns), stride, count, cast(u), theta.map { cast($0) })
    }
  }

  /// Row and column coefficients with `terms` of them; see `orrery_hermite_f32`.
  @inline(__always)
  static func hermite<Scalar: DualKernelScalar>(
    _ layer: FusedLayer, rowCoefficients: UnsafePointer<Scalar>, columnCoefficients: UnsafePointer<Scalar>,
    terms: Int, isOdd: Bool, row: UnsafePointer<Scalar>, columns: UnsafePointer<Scalar>, stride: Int, count: Int,
    u: UnsafeMutablePointer<Scalar>, theta: UnsafeMutablePointer<Scalar>?
  ) {
    if Scalar.self == Float.self {
      var single = orrery_dual_layer_f32(layer)
      var series = orrery_hermite_f32(
        row: cast(rowCoefficients), columns: cast(columnCoefficients), terms: terms, odd: isOdd ? 1 : 0)
      inUse.pointee.hermite_f32(
        &single, &series, cast(row), cast(columns), stride, count, cast(u), theta.map { cast($0) })
    } else {
      var double = orrery_dual_layer_f64(layer)
      var series = orrery_hermite_f64(
        row: cast(rowCoefficients), columns: cast(columnCoefficients), terms: terms, odd: isOdd ? 1 : 0)
      inUse.pointee.hermite_f64(
        &double, &series, cast(row), cast(columns), stride, count, cast(u), theta.map { cast($0) })
    }
  }

  /// Inner products to 1 − c.
  @inline(__always)
  static func correlate<Scalar: DualKernelScalar>(
    _ row: Scalar, _ columns: UnsafePointer<Scalar>, count: Int, u: UnsafeMutablePointer<Scalar>
  ) {
    if Scalar.self == Float.self {
      inUse.pointee.correlate_f32(Float(row), cast(columns), count, cast(u))
    } else {
      inUse.pointee.correlate_f64(Double(row), cast(columns), count, cast(u))
    }
  }

  /// 1 − c to kernels.
  @inline(__always)
  static func finish<Scalar: DualKernelScalar>(
    _ row: Scalar, _ columns: UnsafePointer<Scalar>, count: Int, u: UnsafeMutablePointer<Scalar>
  ) {
    if Scalar.self == Float.self {
      inUse.pointee.finish_f32(Float(row), cast(columns), count, cast(u))
    } else {
      inUse.pointee.finish_f64(Double(row), cast(columns), count, cast(u))
    }
  }

  /// The least 1 − c and the largest |c|.
  @inline(__always)
  static func range<Scalar: DualKernelScalar>(
    _ u: UnsafePointer<Scalar>, count: Int
  ) -> (least: Double, largest: Double) {
    if Scalar.self == Float.self {
      var (least, largest) = (Float(0), Float(0))
      inUse.pointee.range_f32(cast(u), count, &least, &largest)
      return (Double(least), Double(largest))
    }
    var (least, largest) = (0.0, 0.0)
    inUse.pointee.range_f64(cast(u), count, &least, &largest)
    return (least, largest)
  }

  private typealias Function32 =
    @convention(c) (
      UnsafePointer<orrery_dual_layer_f32>?, UnsafePointer<Float>?, UnsafePointer<Float>?, Int, Int,
      UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?
    ) -> Void
  private typealias Function64 =
    @convention(c) (
      UnsafePointer<orrery_dual_layer_f64>?, UnsafePointer<Double>?, UnsafePointer<Double>?, Int, Int,
      UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?
    ) -> Void

  /// C arrays come as tuples; these read an element by its offset.
  @inline(__always)
  private static func function32(_ index: Int) -> Function32 {
    UnsafeRawPointer(inUse).load(
      fromByteOffset: MemoryLayout.offset(of: \orrery_dual_kernels.f32)! + index * MemoryLayout<Function32>.stride,
      as: Function32.self)
  }

  @inline(__always)
  private static func function64(_ index: Int) -> Function64 {
    UnsafeRawPointer(inUse).load(
      fromByteOffset: MemoryLayout.offset(of: \orrery_dual_kernels.f64)! + index * MemoryLayout<Function64>.stride,
      as: Function64.self)
  }

  @inline(__always)
  private static func cast<From, To>(_ pointer: UnsafePointer<From>) -> UnsafePointer<To> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: To.self)
  }

  @inline(__always)
  private static func cast<From, To>(_ pointer: UnsafeMutablePointer<From>) -> UnsafeMutablePointer<To> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: To.self)
  }
}

extension orrery_dual_layer_f32 {
  init(_ layer: FusedLayer) {
    self.init(
      bias_variance: Float(layer.biasVariance), weight_variance: Float(layer.weightVariance),
      bias_rate: Float(layer.biasRate), weight_rate: Float(layer.weightRate), response: Float(layer.response),
      parameter: Float(layer.parameter))
  }
}

extension orrery_dual_layer_f64 {
  init(_ layer: FusedLayer) {
    self.init(
      bias_variance: layer.biasVariance, weight_variance: layer.weightVariance, bias_rate: layer.biasRate,
      weight_rate: layer.weightRate, response: layer.response, parameter: layer.parameter)
  }
}
