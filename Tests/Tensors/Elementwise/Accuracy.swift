import Foundation
import OrreryTensors

/// Which precision a measurement of accuracy is about.
enum Precision: String, CaseIterable {
  case single, double
  /// The promised bound, in units in the last place.
  var bound: Double { self == .single ? 2 : 4 }
}

/// The distance of `value` from `reference` in units of the last place of the reference, in `Float`; infinite if only one is
/// NaN, or infinite.
func errorInUlps(_ value: Float, _ reference: Double) -> Double {
  let rounded = Float(reference)
  if value == rounded || (value.isNaN && reference.isNaN) { return 0 }
  guard value.isFinite, rounded.isFinite else { return .infinity }
  return abs(Double(value) - reference) / Double(ulpBelowBinade(rounded))
}

/// The spacing of floats of the magnitude of `value`, denormal numbers included.
private func ulpBelowBinade<Scalar: BinaryFloatingPoint>(_ value: Scalar) -> Scalar {
  value.magnitude.isNormal ? value.magnitude.ulp : Scalar.leastNonzeroMagnitude
}

/// The arguments on which a function is measured: its whole domain logarithmically, and densely where it has structure.
func arguments(_ function: Elementwise.Function, _ precision: Precision, count: Int) -> [Double] {
  let stream = RandomStream(seed: 11, purpose: .test, layer: Int(function.rawValue.utf8.first!))
  let draws = stream.uniforms(count: 2 * count)
  let (lowest, highest) = precision == .single ? (-149.0, 128.0) : (-1074.0, 1024.0)
  let dense: ClosedRange<Double> =
    switch function {
    case .asin, .acos: -1...1
    case .log, .sqrt: 0...4
    case .log1p: -1...4
    case .exp, .expm1, .sigmoid, .silu, .softplus: precision == .single ? -104...90 : -746...711
    case .sin, .cos: precision == .single ? -131_072...131_072 : -1_048_576...1_048_576
    case .gaussian, .normalCDF, .gelu: precision == .single ? -14.5...14.5 : -38.7...38.7
    case .erf, .erfc: precision == .single ? -10.2...10.2 : -27.3...27.3
    case .tanh: -10...10
    }
  return (0..<count).map { i in
    let u = draws[2 * i]
    let v = draws[2 * i + 1]
    switch i % 3 {
    case 0: return dense.lowerBound + (dense.upperBound - dense.lowerBound) * u
    case 1: return max(dense.lowerBound, min(dense.upperBound, 8 * u - 4))
    default:
      let magnitude = exp2(lowest + (highest - lowest) * u) * (v < 0.5 ? 1 : -1)
      guard magnitude.isFinite else { return u }
      // Within the domain, and short of the C library's part of sine and cosine.
      switch function {
      case .log, .sqrt: return abs(magnitude)
      case .log1p: return max(magnitude, -1)
      case .asin, .acos: return abs(magnitude) <= 1 ? magnitude : v
      case .sin, .cos: return abs(magnitude) <= dense.upperBound ? magnitude : v
      default: return magnitude
      }
    }
  }
}

/// The function in double precision from the C library: the reference for single precision. Its error, about 1e-16, is a
/// hundred-millionth of a unit in the last place of a float.
func doubleReference(_ function: Elementwise.Function, _ x: Double) -> Double {
  switch function {
  case .exp: exp(x)
  case .expm1: expm1(x)
  case .log: log(x)
  case .log1p: log1p(x)
  case .tanh: tanh(x)
  case .sigmoid: 1 / (1 + exp(-x))
  case .silu: x == -.infinity ? -0.0 : x / (1 + exp(-x))
  case .softplus: max(x, 0) + log1p(exp(-abs(x)))
  case .gaussian: exp(-0.5 * x * x)
  case .erf: erf(x)
  case .erfc: erfc(x)
  case .normalCDF: 0.5 * erfc(-x * 0.5.squareRoot())
  case .gelu: x == -.infinity ? -0.0 : x * (0.5 * erfc(-x * 0.5.squareRoot()))
  case .sin: sin(x)
  case .cos: cos(x)
  case .asin: asin(x)
  case .acos: acos(x)
  case .sqrt: x.squareRoot()
  }
}

#if arch(x86_64)
  /// The distance of `value` from `reference` in units of the last place of the reference, in `Double`.
  func errorInUlps(_ value: Double, _ reference: Float80) -> Double {
    let rounded = Double(reference)
    if value == rounded || (value.isNaN && reference.isNaN) { return 0 }
    guard value.isFinite, rounded.isFinite else { return .infinity }
    return Double(abs(Float80(value) - reference) / Float80(ulpBelowBinade(rounded)))
  }

  /// The function in extended precision from the C library: the reference for double precision, good to 2⁻¹⁰ of its ulp.
  func extendedReference(_ function: Elementwise.Function, _ x: Float80) -> Float80 {
    switch function {
    case .exp: return exp(x)
    case .expm1: return expm1(x)
    case .log: return log(x)
    case .log1p: return log1p(x)
    case .tanh: return tanh(x)
    case .sigmoid: return 1 / (1 + exp(-x))
    case .silu: return x == -.infinity ? -0.0 : x / (1 + exp(-x))
    case .softplus: return max(x, 0) + log1p(exp(-abs(x)))
    case .gaussian: return exp(-0.5 * x * x)
    case .erf: return erf(x)
    case .erfc: return erfc(x)
    case .normalCDF: return extendedCDF(x)
    case .gelu: return x == -.infinity ? -0.0 : x * extendedCDF(x)
    case .sin: return sin(x)
    case .cos: return cos(x)
    case .asin: return asin(x)
    case .acos: return acos(x)
    case .sqrt: return x.squareRoot()
    }
  }

  /// Φ(x) = erfc(−x/√2)/2. Rounding −x/√2 to extended precision changes erfc by up to x² times its relative error: what
  /// the rounding lost goes through the derivative instead.
  private func extendedCDF(_ x: Float80) -> Float80 {
    guard x.isFinite else { return x == .infinity ? 1 : x.isNaN ? x : 0 }
    let root: Float80 = 0.707106781186547524400844362104849039285
    let argument = -x * root
    let lost = (-argument).addingProduct(-x, root)
    return 0.5 * (erfc(argument) - 1.128379167095512573896158903121545172 * exp(-argument * argument) * lost)
  }
#endif
