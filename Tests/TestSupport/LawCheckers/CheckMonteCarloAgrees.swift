import Foundation
import Testing

/// Checks that a sampled number agrees with what is predicted for it, with a tolerance that follows from its own
/// standard error and from how often a correct program may fail.
///
/// With pull t = (measured − predicted)/σ the check fails when a normal variate would exceed |t| with a probability
/// below `falseAlarm`: 4.9 standard errors at the default 10⁻⁶. `systematic` (a truncation, a bias bound) is taken from
/// the difference first.
public func checkMonteCarloAgrees(
  predicted: Double, measured: Double, standardError: Double, systematic: Double = 0, falseAlarm: Double = 1e-6,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  checkMonteCarloAgrees(
    predicted: [predicted], measured: [measured], standardError: [standardError], systematic: systematic,
    falseAlarm: falseAlarm, sourceLocation: sourceLocation)
}

/// The same for several numbers at once; `falseAlarm` is for all of them together, correlated or not (Bonferroni).
public func checkMonteCarloAgrees(
  predicted: [Double], measured: [Double], standardError: [Double], systematic: Double = 0, falseAlarm: Double = 1e-6,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard predicted.count == measured.count, predicted.count == standardError.count else {
    Issue.record(
      "\(predicted.count) predictions, \(measured.count) measurements, \(standardError.count) standard errors.",
      sourceLocation: sourceLocation)
    return
  }
  for index in predicted.indices {
    let difference = (measured[index] - predicted[index]).magnitude
    let pull = difference <= systematic ? 0 : (difference - systematic) / standardError[index]
    let probability = erfc(pull / 2.0.squareRoot()) * Double(predicted.count)
    #expect(
      probability >= falseAlarm,
      """
      Number \(index): predicted \(predicted[index]), measured \(measured[index]) ± \(standardError[index]): \
      \(pull) standard errors apart.
      """, sourceLocation: sourceLocation)
  }
}
