import Foundation

/// A network of one hidden layer of n linear units on one input, trained by gradient flow of ½(z − y)²: exactly solvable.
///
/// In the NTK parametrization with C_b = 0, z = Σ_j w_j u_j/√n with w_j and u_j in units where both have the variance and the
/// learning rate that make their NTKs equal, κ = C_W K^(1), moves as
///
///     dz/dt = −Ĥ(z − y),  dĤ/dt = −(4κ/n)(z − y)z,   so that Ĥ² − 4κz²/n = Q² stays.
///
/// At the start Ĥ = (X₊ + X₋)/2, z = √(n/κ)(X₊ − X₋)/4 and Q² = X₊X₋ with independent X_± = 2κ χ²_n/n. With
/// z = Q√(n/4κ) sinh φ and c = y√(4κ/n), dφ/dt = c − Q sinh φ.
struct LinearPair {
  let kappa: Double
  let target: Double

  /// z(t) of one network.
  func output(_ plus: Double, _ minus: Double, width: Double, time: Double) -> Double {
    let q = (plus * minus).squareRoot()
    let z = (width / kappa).squareRoot() * (plus - minus) / 4
    let scale = q * (width / (4 * kappa)).squareRoot()
    let c = target * (4 * kappa / width).squareRoot()
    // With v = e^φ: dv/dt = −(Q/2)(v − v₊)(v − v₋).
    let root = (c * c + q * q).squareRoot()
    let (upper, lower) = ((c + root) / q, (c - root) / q)
    let start = exp(asinh(z / scale))
    let ratio = (start - upper) / (start - lower) * exp(-root * time)
    let end = (upper - lower * ratio) / (1 - ratio)
    return scale * (end - 1 / end) / 2
  }

  /// E f(z(t)) at width n.
  func mean(width: Double, time: Double, of f: (Double) -> Double = { $0 }) -> Double {
    average(width: width) { f(output($0, $1, width: width, time: time)) }
  }

  /// A mean over X_±: a trapezoidal rule over their logarithms, whose error is exponentially small in its step.
  private func average(width: Double, _ value: (Double, Double) -> Double) -> Double {
    let spread = (2 / width).squareRoot()
    let points = (-60...60).map { Double($0) * 0.15 * spread }
    let weights = points.map { exp(width / 2 * ($0 - expm1($0))) }
    let total = weights.reduce(0, +)
    var sum = 0.0
    for (i, x) in points.enumerated() {
      for (j, y) in points.enumerated() {
        sum += weights[i] * weights[j] * value(2 * kappa * exp(x), 2 * kappa * exp(y))
      }
    }
    return sum / (total * total)
  }

  /// z of one network after steps of gradient descent: with c = η√(κ/n)(z − y), X₊ ← (1 − c)²X₊ and X₋ ← (1 + c)²X₋.
  func descended(_ plus: Double, _ minus: Double, width: Double, rates: [Double]) -> Double {
    var (plus, minus) = (plus, minus)
    var output: Double { (width / kappa).squareRoot() * (plus - minus) / 4 }
    for rate in rates {
      let step = rate * (kappa / width).squareRoot() * (output - target)
      plus *= (1 - step) * (1 - step)
      minus *= (1 + step) * (1 + step)
    }
    return output
  }

  /// E z after steps of gradient descent at width n.
  func mean(width: Double, rates: [Double]) -> Double {
    average(width: width) { descended($0, $1, width: width, rates: rates) }
  }
}
