/// Coefficients without the zeros at the end.
private func trimmed(_ coefficients: [Double]) -> [Double] {
  Array(coefficients.prefix((coefficients.lastIndex { $0 != 0 } ?? -1) + 1))
}

extension Activation {
  /// True when σ is a polynomial in z, a constant included.
  public var isPolynomial: Bool { polynomialCoefficients != nil }

  /// The coefficients of σ(z) = Σ_p c_p z^p, scales and shifts worked in, without zeros at the end (so that σ = 0 has
  /// none); nil if σ is no polynomial.
  ///
  /// Exact without an input shift, but for the rounding of each product; with one, by the binomial theorem, whose sums may
  /// cancel.
  public var polynomialCoefficients: [Double]? {
    if let constant { return trimmed([constant]) }
    guard let inner = function.polynomialCoefficients else { return nil }
    // Horner's rule in the polynomial a z + s.
    var result: [Double] = []
    for coefficient in trimmed(inner).reversed() {
      var next = Array(repeating: 0.0, count: result.count + 1)
      for (place, value) in result.enumerated() {
        if inputShift != 0 { next[place] += inputShift * value }
        next[place + 1] += inputScale * value
      }
      next[0] += coefficient
      result = next
    }
    result = result.map { $0 * outputScale }
    if result.isEmpty { result = [0] }
    result[0] += outputShift
    return trimmed(result)
  }

  /// The value of σ if it is the same for every z because a scale is 0; nil otherwise.
  var constant: Double? {
    if outputScale == 0 { return outputShift }
    return inputScale == 0 ? derivative(0, at: 0) : nil
  }

  /// The degree of the polynomials that σ is made of between its kinks; nil if it is not made of polynomials.
  ///
  /// Derivatives of higher order vanish there.
  public var pieceDegree: Int? {
    if let polynomialCoefficients { return Swift.max(0, polynomialCoefficients.count - 1) }
    if case .pieces(let degree) = function.description.polynomialForm { return degree }
    return nil
  }
}
