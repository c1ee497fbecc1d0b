/// |value − reference| / |reference|; for a reference of 0, the size of the value itself. NaN stays NaN, so that a
/// comparison `relativeError(…) < tolerance` fails on it.
public func relativeError(_ value: Double, _ reference: Double) -> Double {
  if value == reference { return 0 }
  return reference == 0 ? value.magnitude : (value - reference).magnitude / reference.magnitude
}

/// The largest difference of two arrays relative to the largest magnitude in the reference; infinite when the counts
/// differ, NaN when an element is.
public func relativeError(_ values: [Double], _ references: [Double]) -> Double {
  guard values.count == references.count else { return .infinity }
  var difference = 0.0
  var scale = 0.0
  for (value, reference) in zip(values, references) {
    if value.isNaN || reference.isNaN { return .nan }
    if value != reference { difference = max(difference, (value - reference).magnitude) }
    scale = max(scale, reference.magnitude)
  }
  return scale == 0 ? difference : difference / scale
}

/// The largest relative error of any element, each against its own reference.
public func elementwiseRelativeError(_ values: [Double], _ references: [Double]) -> Double {
  guard values.count == references.count else { return .infinity }
  var worst = 0.0
  for (value, reference) in zip(values, references) {
    let error = relativeError(value, reference)
    if error.isNaN { return .nan }
    worst = max(worst, error)
  }
  return worst
}
