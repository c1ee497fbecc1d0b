import Foundation
import OrreryAnalysis
import OrreryTensors

/// The power of the width by which deviations fall: ln|d| fitted with a straight line in ln n, every width with the same weight.
///
/// Weights by errors would let the narrowest networks, whose deviations are the largest and the furthest from a pure power, decide.
package struct WidthSlope: Sendable {
  /// Standard errors below which a deviation cannot tell: its width leaves the fit.
  static let threshold = 5.0
  /// Widths that a fit needs.
  static let fewest = 3
  /// What is added to the error of a power that too few widths can tell: more than any two powers differ by.
  package static let undecidedError = 10.0

  /// Of each width, whether it is fitted.
  package let isUsed: [Bool]
  /// With fewer than three usable widths all are fitted, and the error is ``undecidedError`` more: nothing is decided then.
  package let slope: Estimate
  /// How far a correction of relative order 1/n moves the slope, its size taken from what the slope changes, beyond its noise, when the
  /// narrowest width is left out.
  package let drift: Double
  /// d slope/d deviation of each width.
  package let gradient: [Double]
  /// The power at large n: ln|d| = a + p ln n + c n^(−q) weighted by errors, so that p's error contains what a correction of relative order
  /// n^(−q) may hide. With fewer than four usable widths ``slope``, its error as much more.
  package let asymptotic: Estimate
  /// d asymptotic/d deviation of each width.
  package let asymptoticGradient: [Double]

  /// - Parameters:
  ///   - deviations: one for each width, independent.
  ///   - correctionPower: q.
  package init(widths: [Int], deviations: [Estimate], correctionPower: Double = 1) {
    let used = deviations.map { abs($0.value) >= Self.threshold * $0.error && $0.value != 0 }
    let isDecided = used.count { $0 } >= Self.fewest
    isUsed = isDecided ? used : used.map { _ in false }
    let places = widths.indices.filter { isDecided ? used[$0] : deviations[$0].value != 0 }
    let whole = Self.fit(widths, deviations, places)
    slope = Estimate(value: whole.slope.value, error: whole.slope.error + (isDecided ? 0 : Self.undecidedError))
    gradient = whole.gradient
    if isDecided, let fit = Self.asymptotic(widths, deviations, places, correctionPower) {
      (asymptotic, asymptoticGradient) = fit
    } else {
      asymptotic = Estimate(value: whole.slope.value, error: whole.slope.error + Self.undecidedError)
      asymptoticGradient = whole.gradient
    }
    guard places.count > 2 else {
      drift = 0
      return
    }
    let rest = Self.fit(widths, deviations, Array(places.dropFirst()))
    let change = whole.slope.value - rest.slope.value
    let noise = zip(zip(whole.gradient, rest.gradient), deviations).reduce(0.0) {
      $0 + pow(($1.0.0 - $1.0.1) * $1.1.error, 2)
    }
    // d slope for a correction 1 + c/n, to first order in c.
    func bend(_ gradient: [Double]) -> Double {
      places.reduce(0.0) { $0 + gradient[$1] * deviations[$1].value / Double(widths[$1]) }
    }
    let (all, without) = (bend(whole.gradient), bend(rest.gradient))
    drift = abs(all / (all - without)) * max(0, change * change - noise).squareRoot()
  }

  /// The slope of exact values.
  package static func exact(widths: [Int], _ deviation: (Double) -> Double) -> Double {
    let values = widths.map { Estimate(value: deviation(Double($0)), error: 0) }
    return fit(widths, values, Array(widths.indices)).slope.value
  }

  /// How far a correction of the expansion's own size, 1 + L/n, moves the fitted power: what is left out where the order after is not
  /// known, and noise hides it.
  package static func expansionError(widths: [Int], layers: Int) -> Double {
    abs(exact(widths: widths) { 1 + Double(layers) / $0 })
  }

  /// The same of ``asymptotic``, which has a correction of order 1/n fitted along: of all orders of the expansion's size, 1/(1 − L/n).
  ///
  /// - Precondition: L is below every width.
  package static func asymptoticExpansionError(widths: [Int], layers: Int) -> Double {
    precondition(widths.allSatisfy { $0 > layers }, "L/n is below 1.")
    let values = widths.map { width in
      let value = 1 / (1 - Double(layers) / Double(width))
      return Estimate(value: value, error: 1e-3 * value)
    }
    return asymptotic(widths, values, Array(widths.indices), 1).map { abs($0.0.value) } ?? undecidedError
  }

  private static func asymptotic(
    _ widths: [Int], _ deviations: [Estimate], _ places: [Int], _ power: Double
  ) -> (Estimate, gradient: [Double])? {
    guard places.count > 3 else { return nil }
    // Units of the narrowest width keep the columns of a size.
    let narrowest = Double(widths[places[0]])
    let design = Matrix<Double>(
      places.map { [1, log(Double(widths[$0]) / narrowest), pow(Double(widths[$0]) / narrowest, -power)] })
    let errors = places.map { max(1e-12, deviations[$0].error / abs(deviations[$0].value)) }
    var gradient = [Double](repeating: 0, count: widths.count)
    var (value, square) = (0.0, 0.0)
    for (index, place) in places.enumerated() {
      let unit = places.indices.map { $0 == index ? 1.0 : 0 }
      guard let weight = try? LinearFit(design: design, values: unit, errors: errors).parameters[1].value else {
        return nil
      }
      value += weight * log(abs(deviations[place].value))
      square += pow(weight * errors[index], 2)
      gradient[place] = weight / deviations[place].value
    }
    return (Estimate(value: value, error: square.squareRoot()), gradient)
  }

  private static func fit(
    _ widths: [Int], _ deviations: [Estimate], _ places: [Int]
  ) -> (slope: Estimate, gradient: [Double]) {
    var gradient = [Double](repeating: 0, count: widths.count)
    guard places.count > 1 else { return (Estimate(value: 0, error: 1), gradient) }
    let x = places.map { log(Double(widths[$0])) }
    let centre = x.reduce(0, +) / Double(x.count)
    let spread = x.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    var (value, square) = (0.0, 0.0)
    for (place, x) in zip(places, x) {
      let weight = (x - centre) / spread
      let deviation = deviations[place]
      value += weight * log(abs(deviation.value))
      gradient[place] = weight / deviation.value
      square += pow(gradient[place] * deviation.error, 2)
    }
    return (Estimate(value: value, error: square.squareRoot()), gradient)
  }
}
