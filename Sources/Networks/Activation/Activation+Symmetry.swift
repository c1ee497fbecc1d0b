/// What changing the sign of the argument does to a function.
public enum Parity: String, Hashable, Codable, Sendable, CaseIterable {
  /// σ(−z) = σ(z): the kernel of inputs of opposite sign is that of equal inputs.
  case even
  /// σ(−z) = −σ(z): even Gaussian moments of odd order vanish, and so does ⟨σ⟩.
  case odd
  case neither
}

extension Activation {
  /// Whether σ is exactly even or odd; a constant, 0 included, is called even. Single points do not count: step − ½ is
  /// odd, since what it is at 0 has no effect on a Gaussian expectation.
  ///
  /// `neither` also covers cases that only rounding keeps from being even or odd, as sin with a shift of π/2.
  public var parity: Parity {
    if constant != nil { return .even }
    if let coefficients = polynomialCoefficients {
      let odd = stride(from: 1, to: coefficients.count, by: 2).contains { coefficients[$0] != 0 }
      let even = stride(from: 0, to: coefficients.count, by: 2).contains { coefficients[$0] != 0 }
      return odd ? (even ? .neither : .odd) : .even
    }
    guard inputShift == 0 else { return .neither }
    return switch function.description.symmetry {
    case .even: .even
    case .odd(let centre): outputScale * centre + outputShift == 0 ? .odd : .neither
    case .none: .neither
    }
  }

  /// The degree p of a positively homogeneous σ, σ(λz) = λ^p σ(z) for every λ > 0; nil for others and for σ = 0.
  ///
  /// 1 for the two-slope family, 2 for ReLU², p for the monomial, 0 for step, sign and constants. The kernel then scales
  /// as K^p, and depends on angles and norms separately.
  public var homogeneityDegree: Int? {
    if let coefficients = polynomialCoefficients {
      let places = coefficients.indices.filter { coefficients[$0] != 0 }
      return places.count == 1 ? places[0] : nil
    }
    guard inputShift == 0, outputShift == 0 else { return nil }
    return function.description.homogeneityDegree
  }

  /// The slopes of σ for z > 0 and for z < 0, scales worked in, if it is positively homogeneous of degree 1.
  public var slopes: (positive: Double, negative: Double)? {
    guard constant == nil, inputShift == 0, outputShift == 0, let own = function.twoSlopes else { return nil }
    let factor = outputScale * inputScale
    return inputScale > 0
      ? (factor * own.positive, factor * own.negative) : (factor * own.negative, factor * own.positive)
  }
}
