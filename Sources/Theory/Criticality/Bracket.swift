import OrreryAnalysis

/// The root of `f` between two places where its sign is known to differ, to the last digits of x.
///
/// A value that is not a number, or signs that agree after all within rounding, end the search at the better end.
func rootInBracket(from low: Double, to high: Double, _ f: (Double) -> Double) -> Double {
  if let root = try? Roots.bracketed(in: low...high, f) { return root.value }
  return abs(f(low)) <= abs(f(high)) ? low : high
}
