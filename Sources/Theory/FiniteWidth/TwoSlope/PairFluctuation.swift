/// Covariances of a pair's coordinates u = ln k₁₁, v = ln k₁₁ − ln k₂₂ and the correlation c, by columns.
struct PairCovariance: Sendable {
  var u = SIMD3<Double>()
  var v = SIMD3<Double>()
  var c = SIMD3<Double>()

  func callAsFunction(_ x: SIMD3<Double>) -> SIMD3<Double> { x.x * u + x.y * v + x.z * c }

  static func + (x: Self, y: Self) -> Self { Self(u: x.u + y.u, v: x.v + y.v, c: x.c + y.c) }
  static func * (a: Double, x: Self) -> Self { Self(u: a * x.u, v: a * x.v, c: a * x.c) }

  /// Σ xyᵀ grows by a weighted x xᵀ.
  mutating func add(_ x: SIMD3<Double>, weight: Double) {
    let y = weight * x
    u += y.x * x
    v += y.y * x
    c += y.z * x
  }

  /// Var of k₁₁'s and k₂₂'s logarithms and their covariance.
  var first: Double { u.x }
  var second: Double { u.x - 2 * u.y + v.y }
  var mixed: Double { u.x - u.y }
}

/// What a pair of inputs does at order 1/n under two slopes, in coordinates that keep their digits when the two are alike.
///
/// ⟨σ′₁σ′₂⟩ depends on the correlation c alone, with derivatives like 1/q and 1/q³, q = √(1 − c²), while c itself fluctuates like
/// q². In covariances k₁₁, k₁₂, k₂₂ that is a difference of numbers of order 1: of 1e-16/q³ nothing is left below q = 1e-4. So
/// the covariance of u = ln k₁₁, v = ln k₁₁ − ln k₂₂ and c, their mean shifts, and their covariance with the pair's NTK have recursions
/// of their own here, whose every term is as small as it is: for each neuron, with e = σ₁/√k′₁₁ − σ₂/√k′₂₂,
///
///     δu′ = C_Wσ₁²/k′₁₁,   δv′ = C_We(σ₁/√k′₁₁ + σ₂/√k′₂₂),   δc′ = −(C_W/2)[e² − (1 − c′)(σ₁²/k′₁₁ + σ₂²/k′₂₂)]
///
/// and 1 − c′ = (C_W/2)⟨e²⟩ + (C_b/2)(1/√k′₁₁ − 1/√k′₂₂)². All are normalised by n as the tensors of ``FiniteWidthLayer`` are.
struct PairFluctuation: Sendable {
  /// c, by 1 − c and 1 + c.
  var pair: CorrelatedPair
  /// n Cov of u, v, c.
  var covariance = PairCovariance()
  /// n(E − value at infinite width) of ln k₁₁, ln k₂₂ and c.
  var shift = SIMD3<Double>()
  /// n Cov of u, v, c with Ĥ_jj;12 of another neuron.
  var withTangent = SIMD3<Double>()
  /// What weights that are not Gaussian add to the mean of functions of z: κ₄/3 in place of a covariance of kernels.
  var ofWeights = PairCovariance()
  /// The same for the covariance with Ĥ_jj;12 of one neuron.
  var ofWeightsWithTangent = SIMD3<Double>()

  init(pair: CorrelatedPair) { self.pair = pair }

  /// `covariance` as means of functions of z feel it.
  var effectiveCovariance: PairCovariance { covariance + ofWeights }

  /// `shift` as means of functions of z feel it: what a covariance of k's does to u, v and c is part of a shift, and κ₄'s is not in `shift`.
  var effectiveShift: SIMD3<Double> {
    let x = ofWeights
    return shift
      + SIMD3(
        -x.first / 2, -x.second / 2, Self.secondOrder(x, pair.correlation))
  }

  /// What covariances x of δk/k add to the mean of c = k₁₂/√(k₁₁k₂₂).
  static func secondOrder(_ x: PairCovariance, _ c: Double) -> Double {
    c / 8 * x.v.y - (x.c.x - x.c.y / 2)
  }

  /// A layer's own δu, δv, δc of one neuron, or of one feature: `first` and `second` are σ/√k′ of the next layer, C_W left out.
  static func direction(_ first: Double, _ second: Double, difference e: Double, minus: Double) -> SIMD3<Double> {
    SIMD3(first * first, e * (first + second), -0.5 * (e * e - minus * (first * first + second * second)))
  }
}

extension PairFluctuation {
  /// The first layer's pair, whose 1 − c comes from the features themselves.
  ///
  /// - Parameters:
  ///   - first, second: the two inputs' features.
  ///   - excessKurtosis: of the first layer's weights.
  init(
    _ first: [Double], _ second: [Double], kernels: (Double, Double), weightVariance: Double, biasVariance: Double,
    excessKurtosis: Double
  ) {
    self.init(pair: .independent)
    guard kernels.0 > 0, kernels.1 > 0 else { return }
    let (i1, i2) = (1 / kernels.0.squareRoot(), 1 / kernels.1.squareRoot())
    let scale = weightVariance / Double(first.count)
    var (minus, plus) = (biasVariance * (i1 - i2) * (i1 - i2), biasVariance * (i1 + i2) * (i1 + i2))
    for (x, y) in zip(first, second) {
      let (difference, sum) = (x * i1 - y * i2, x * i1 + y * i2)
      minus += scale * difference * difference
      plus += scale * sum * sum
    }
    pair = CorrelatedPair(minus: min(2, minus / 2), plus: min(2, plus / 2))
    guard excessKurtosis != 0 else { return }
    for (x, y) in zip(first, second) {
      let g = Self.direction(x * i1, y * i2, difference: x * i1 - y * i2, minus: pair.minus)
      ofWeights.add(g, weight: excessKurtosis / 3 * weightVariance * scale)
    }
  }
}
