import OrreryNetworks
import OrreryTensors

/// What one layer's weights, biases and learning rates are in a recursion from layer ℓ to ℓ + 1.
struct FiniteWidthStep: Sendable {
  /// C_W and C_b of layer ℓ + 1.
  let weightVariance: Double
  let biasVariance: Double
  /// λ_W and λ_b of layer ℓ + 1.
  let weightRate: Double
  let biasRate: Double
  /// ρ = n_ℓ/n_(ℓ−1). From the first layer only what its weights' own cumulant does takes it: every other tensor is 0.
  let ratio: Double
  /// κ_W of layer ℓ + 1's weights: ⟨w⁴⟩/⟨w²⟩² − 3.
  let excessKurtosis: Double
}

/// One step of all recursions at order 1/n, with what several of them share.
struct FiniteWidthRecursion<Expectations: LayerExpectations>: Sendable {
  let layer: FiniteWidthLayer
  let step: FiniteWidthStep
  let expectations: Expectations
  let moments: LayerMoments
  /// 𝓛: δK ↦ C_W δ⟨σσ⟩.
  let response: PairOperator
  /// What means of functions of one neuron's z feel, V + κ₄/3 with the fourth cumulant κ₄/n that weights give it: both stand
  /// before fourth derivatives, as 3·V/24 and κ₄/24.
  private let fluctuation: PairTensor

  var inputs: Int { moments.inputs }

  init(_ layer: FiniteWidthLayer, _ step: FiniteWidthStep, _ expectations: Expectations, extent: FiniteWidthExtent) {
    self.layer = layer
    self.step = step
    self.expectations = expectations
    moments = LayerMoments(expectations, extent: extent)
    fluctuation =
      layer.weightCumulant.map { .combination(1, layer.fourPointVertex, 1 / 3, $0) } ?? layer.fourPointVertex
    response = PairOperator(
      inputs: moments.inputs, expansions: moments.products.map { step.weightVariance * $0 })
  }

  /// Layer ℓ + 1.
  func next(fanIn: Int) -> FiniteWidthLayer {
    var result = FiniteWidthLayer(
      checkedLayer: layer.layer + 1, fanIn: fanIn,
      kernel: symmetric { step.biasVariance + step.weightVariance * moments.products[$0].value },
      fourPointVertex: fourPointVertex(), kernelCorrection: kernelCorrection())
    result.expectationError = moments.error
    if let tangent = layer.tangentKernel, !moments.slopes.isEmpty {
      let tangents = TangentKernelStep(recursion: self, tangent: tangent)
      result.tangentKernel = tangents.next()
      if let differentials = layer.differentials, let terms = moments.differentials {
        result.differentials =
          DifferentialStep(tangents: tangents, differentials: differentials, terms: terms).next()
      }
      result.pairs = nextPairs(kernel: result.kernel, tangent: tangent)
    }
    (result.weightCumulant, result.tangentCumulant) = cumulantsOfWeights()
    return result
  }

  /// κ_WC_W²⟨σ_1σ_2σ_3σ_4⟩, the fourth cumulant of z times n, and κ_WC_W²⟨σ_1σ_2σ′_3σ′_4⟩Θ_34, that of z, z and Ĥ of one neuron.
  private func cumulantsOfWeights() -> (PairTensor?, PairTensor?) {
    guard step.excessKurtosis != 0 else { return (nil, nil) }
    let size = step.excessKurtosis * step.weightVariance * step.weightVariance
    let (values, count) = (moments.products.map(\.value), moments.products.count)
    let ofKernel = PairTensor(
      inputs: inputs,
      checked: (0..<count * count).map {
        size * (moments.productCovariance.elements[$0] + values[$0 / count] * values[$0 % count])
      })
    guard let tangent = layer.tangentKernel, let mixed = moments.productsAndSlopes else { return (ofKernel, nil) }
    let theta = packed(tangent.mean)
    return (
      ofKernel,
      PairTensor(
        inputs: inputs, checked: mixed.elements.indices.map { size * mixed.elements[$0] * theta[$0 % count] })
    )
  }

  /// The fluctuation of a pair α > β under two slopes, and its recursion.
  func pair(_ a: Int, _ b: Int, tangent: TangentKernelTensors) -> (PairFluctuation, PairFluctuationStep)? {
    guard a > b, !layer.pairs.isEmpty, let known = expectations.twoSlopePair(a, b) else { return nil }
    var fluctuation = layer.pairs[a * (a - 1) / 2 + b]
    // What counts as perfect for the tensors does here.
    if known.pair.isPerfect || layer.kernel[a, a] == 0 || layer.kernel[b, b] == 0 { fluctuation.pair = known.pair }
    return (
      fluctuation,
      PairFluctuationStep(
        functions: known.functions, step: step, before: (layer.kernel[a, a], layer.kernel[b, b]),
        theta: tangent.mean[a, b])
    )
  }

  private func nextPairs(kernel: Matrix<Double>, tangent: TangentKernelTensors) -> [PairFluctuation] {
    let pairs = (0..<inputs).flatMap { a in (0..<a).map { (a, $0) } }
    return Parallel.map(pairs.count) { place -> PairFluctuation? in
      let (a, b) = pairs[place]
      return pair(a, b, tangent: tangent).map { $1.next($0, after: (kernel[a, a], kernel[b, b])) }
    }.compactMap { $0 }
  }

  /// V′_(12)(34) = C_W²[⟨σ_1σ_2σ_3σ_4⟩ − ⟨σ_1σ_2⟩⟨σ_3σ_4⟩] + ρ (𝓛⊗𝓛)V (Yaida, arXiv:1910.00019; PDLT §4.3).
  private func fourPointVertex() -> PairTensor {
    let passed = response(response(layer.fourPointVertex).transposed)
    let square = step.weightVariance * step.weightVariance
    return .combination(square, moments.productCovariance, step.ratio, passed)
  }

  /// G1′ = ρ[𝓛G1 + (C_W/8) Σ⟨∂_a∂_b∂_c∂_d(σ_1σ_2)⟩(V + κ₄/3)_(ab)(cd)] (PDLT §4.5; κ₄ of weights that are not Gaussian).
  private func kernelCorrection() -> Matrix<Double> {
    let linear = response(packed(layer.kernelCorrection))
    let pairs = pairNumbers
    return symmetric { pair in
      step.ratio * (linear[pair] + step.weightVariance * secondOrder(moments.products[pair], pairs[pair]))
    }
  }

  /// (α, β), α ≥ β, of each packed pair.
  var pairNumbers: [(Int, Int)] { (0..<inputs).flatMap { a in (0...a).map { (a, $0) } } }

  /// ½ Σ_kk′ ∂²E/∂k∂k′ (V + κ₄/3): what the kernel's fluctuation, and weights' own cumulant, add to the mean of an expectation E.
  func secondOrder(_ e: PairExpansion, _ pair: (Int, Int)) -> Double {
    let (a, b) = pair
    let v = fluctuation
    if a == b { return e.h1111 * v[a, a, a, a] / 2 }
    return (e.h1111 * v[a, a, a, a] + e.h1212 * v[a, b, a, b] + e.h2222 * v[b, b, b, b]) / 2
      + e.h1112 * v[a, a, a, b] + e.h1122 * v[a, a, b, b] + e.h1222 * v[a, b, b, b]
  }

  func packed(_ matrix: Matrix<Double>) -> [Double] {
    (0..<inputs).flatMap { a in (0...a).map { matrix[a, $0] } }
  }

  /// The symmetric matrix of a function of packed pairs.
  func symmetric(_ element: (Int) -> Double) -> Matrix<Double> {
    var result = Matrix<Double>(rows: inputs, columns: inputs)
    for a in 0..<inputs {
      for b in 0...a {
        let value = element(KernelEntry.packedIndex(a, b))
        result[a, b] = value
        result[b, a] = value
      }
    }
    return result
  }
}
