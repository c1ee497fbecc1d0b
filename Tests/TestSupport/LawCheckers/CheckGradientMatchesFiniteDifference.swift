import Testing

/// Checks a gradient against central differences of the function, extrapolated to step 0 (Ridders' method), one
/// coordinate after another.
///
/// The allowed difference is `tolerance` relative to the largest component of the gradient, plus ten times the
/// extrapolation's own error estimate.
///
/// - Parameters:
///   - point: where.
///   - gradient: the claimed ∂f/∂point.
///   - step: the largest step; of the order of the scale on which f bends.
public func checkGradientMatchesFiniteDifference(
  at point: [Double], gradient: [Double], step: Double = 0.1, tolerance: Double = 1e-8,
  sourceLocation: SourceLocation = #_sourceLocation, function: ([Double]) throws -> Double
) rethrows {
  guard point.count == gradient.count else {
    Issue.record(
      "A gradient has one component per coordinate: \(gradient.count) for \(point.count).",
      sourceLocation: sourceLocation)
    return
  }
  let scale = gradient.reduce(0.0) { max($0, $1.magnitude) }
  for k in point.indices {
    var moved = point
    let (slope, error) = try finiteDifference(at: point[k], step: step) { x in
      moved[k] = x
      return try function(moved)
    }
    #expect(
      (gradient[k] - slope).magnitude <= tolerance * scale + 10 * error,
      "Component \(k): the gradient says \(gradient[k]), differences say \(slope) ± \(error).",
      sourceLocation: sourceLocation)
  }
}

/// The derivative of a function by Ridders' extrapolation of central differences, with an error estimate.
///
/// C. J. F. Ridders, Advances in Engineering Software 4 (1982) 75.
public func finiteDifference(
  at x: Double, step: Double = 0.1, _ function: (Double) throws -> Double
) rethrows -> (value: Double, error: Double) {
  var previous: [Double] = []
  var best = (value: Double.nan, error: Double.infinity)
  var h = step
  for _ in 0..<12 {
    var row = [(try function(x + h) - function(x - h)) / ((x + h) - (x - h))]
    var factor = 1.0
    for (order, older) in previous.enumerated() {
      factor *= 2
      let value = (row[order] * factor - older) / (factor - 1)
      row.append(value)
      let error = max((value - row[order]).magnitude, (value - older).magnitude)
      if error <= best.error { best = (value, error) }
    }
    if let last = previous.last, (row[row.count - 1] - last).magnitude >= 2 * best.error { break }
    previous = row
    h /= 2.0.squareRoot()
  }
  return best
}
