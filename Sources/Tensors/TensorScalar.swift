import COpenBLAS

/// The two element types of Orrery's arrays: `Float` and `Double`.
///
/// Generic code dispatches once per array (a matrix product, a row of elementwise values), never per element: a public
/// generic function that is specialised at run time costs some hundreds of times its concrete twin.
public protocol TensorScalar: BinaryFloatingPoint, SIMDScalar, Sendable, Codable
where RawSignificand: FixedWidthInteger {
  /// The distance from 1 to the next number, halved: the largest relative error of one rounding.
  static var unitRoundoff: Self { get }
  /// `"float32"` or `"float64"`, as descriptions and reports write it.
  static var precisionName: String { get }
}

extension Float: TensorScalar {
  public static var unitRoundoff: Float { 0x1p-24 }
  public static var precisionName: String { "float32" }
}

extension Double: TensorScalar {
  public static var unitRoundoff: Double { 0x1p-53 }
  public static var precisionName: String { "float64" }
}
