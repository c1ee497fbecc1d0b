import OrreryNetworks

extension GradientRecursion {
  /// The gradients of a batch drawn from given data, exactly at infinite width.
  ///
  /// A weight's gradient is the batch's mean of δ_i^ℓ σ_j^(ℓ−1). With B of N samples drawn without replacement,
  ///
  ///   E g² = (1/B) ⟨D_aa^ℓ S_aa⟩_a + (1 − 1/B) ⟨D_ab^ℓ S_ab⟩_(a≠b),
  ///   D_ab^ℓ = (n_L/n_ℓ) E[∂L/∂z_a ∂L/∂z_b] Π_(k=ℓ)^(L−1) C_W⟨σ′_aσ′_b⟩_(K^(k)),   S_ab = ⟨σ_aσ_b⟩_(K^(ℓ−1)),
  ///
  /// where ∂L/∂z_a ∂L/∂z_b is that of ``OutputGradient/products(loss:kernels:samples:outputs:)``: outputs *and targets* of
  /// two samples are correlated, and what pairs have in common outweighs single samples by B. Summed over a layer's
  /// weights this is the layer's share of the neural tangent kernel, Σ_ab E[δ_a·δ_b] Θ_ab^ℓ/B², so that it needs no
  /// independence of the backward pass. Averages run over the samples kept; the second is not let fall below what N
  /// samples allow, −⟨D_aa S_aa⟩/(N − 1).
  ///
  /// Sources: Schoenholz et al. 2017; Jacot et al. 2018. Domain: initialization, infinite width; one network's value
  /// scatters about it, by the few outputs even at infinite width. Nil where a kernel overflows.
  public init?(_ network: PerceptronView, samples: GradientSamples, loss: Loss, batch: Int) {
    guard let kernels = SampleKernels(network, samples: samples) else { return nil }
    let count = samples.count
    let widths = network.architecture.layerWidths
    let outputs = widths[widths.count - 1]
    let population = max(samples.population, count)
    let size = Double(min(max(batch, 1), population))
    var factor = 1.0
    if case .meanSquaredError(.sum, _) = loss { factor = size }
    var products = OutputGradient.products(
      loss: loss, kernels: kernels.layers[widths.count - 1].kernels, samples: samples, outputs: outputs)
    layers = []
    for index in stride(from: widths.count - 1, through: 0, by: -1) {
      if index < widths.count - 1 {
        let scale = network.layers[index + 1].weightVariance * Double(widths[index + 1]) / Double(widths[index])
        let slopes = kernels.layers[index].slopes
        for place in products.indices { products[place] *= scale * slopes[place] }
      }
      let below = index == 0 ? kernels.inputProducts : kernels.layers[index - 1].products
      let single = Self.means(count) { products[$0] }
      let weight = Self.means(count) { products[$0] * below[$0] }
      func total(_ means: (same: Double, two: Double)) -> Double {
        let floor = population > 1 ? -means.same / Double(population - 1) : 0
        return factor * max(0, means.same / size + (1 - 1 / size) * max(means.two, floor)).squareRoot()
      }
      layers.append(
        Layer(
          layer: index + 1, preactivation: single.same.squareRoot(), weight: total(weight),
          coherentWeight: factor * weight.same.squareRoot(),
          incoherentWeight: factor * (weight.same / size).squareRoot(), bias: total(single)))
    }
    layers.reverse()
  }

  /// The means over samples and over pairs of two different ones.
  private static func means(_ count: Int, _ value: (Int) -> Double) -> (same: Double, two: Double) {
    var (same, two, place) = (0.0, 0.0, 0)
    for a in 0..<count {
      for _ in 0..<a {
        two += value(place)
        place += 1
      }
      same += value(place)
      place += 1
    }
    return (same / Double(max(1, count)), count > 1 ? two / Double(count * (count - 1) / 2) : 0)
  }

  /// The gradients with respect to a parametrization's own parameters: for W = √(C_W/fan-in) ω, b = √C_b β,
  /// ∂L/∂ω = √(C_W/fan-in) ∂L/∂W and ∂L/∂β = √C_b ∂L/∂b. These are what an optimizer meets.
  func withRespectToParameters(of network: PerceptronView) -> GradientRecursion {
    guard network.parametrization == .ntk else { return self }
    var result = self
    for index in result.layers.indices {
      let initialization = network.layers[index]
      let scale = (initialization.weightVariance / Double(network.fanIns[index])).squareRoot()
      result.layers[index].weight *= scale
      result.layers[index].coherentWeight *= scale
      result.layers[index].incoherentWeight *= scale
      result.layers[index].bias *= initialization.biasVariance.squareRoot()
    }
    return result
  }
}

extension OutputGradient {
  /// E ∂L/∂z_a ∂L/∂z_b at one output, the mean over outputs, for samples a ≥ b at a(a + 1)/2 + b.
  ///
  /// - Squared error f(z − y)²/2·…: f²(K_ab + y_a·y_b/n_L). Without targets, these count as independent, of mean square 1.
  /// - Cross-entropy over m classes: E pp′ − 1/m² + ỹ_a·ỹ_b/m, with ỹ = y − 1/m, for the mean of p is 1/m whatever the
  ///   label; ỹ_a·ỹ_b = 1 − 1/m for samples of one class, −1/m for two. E pp′ − 1/m² is taken as √(s_a s_b) c_ab with
  ///   s = E p² − 1/m²: exact at c = 0 and 1, and for small K. Without targets, labels count as independent and balanced.
  /// - Logistic loss: √(s_a s_b) c_ab + y_a·y_b/(4n_L) with s = E (½ tanh(z/2))².
  /// - Hinge loss: E u_a u_b + (y_a·y_b/n_L) E w_a w_b in the parts of ``OutputGradient``, E uu′ taken as √(E u² E u′²) c_ab
  ///   and E ww′ as E w E w′ + c_ab² √(Var w Var w′).
  ///
  /// - Parameter kernels: K_ab^(L).
  static func products(loss: Loss, kernels: [Double], samples: GradientSamples, outputs: Int) -> [Double] {
    let count = samples.count
    let diagonal = (0..<count).map { kernels[$0 * ($0 + 1) / 2 + $0] }
    func correlation(_ a: Int, _ b: Int) -> Double {
      let scale = (diagonal[a] * diagonal[b]).squareRoot()
      return a == b ? 1 : (scale > 0 ? kernels[a * (a + 1) / 2 + b] / scale : 0)
    }
    switch loss {
    case .meanSquaredError(_, let half):
      let factor = half ? 1.0 : 4.0
      return GradientSamples.packed(count) { a, b in
        let place = a * (a + 1) / 2 + b
        return factor * (kernels[place] + (samples.targetProducts?[place] ?? (a == b ? 1 : 0)))
      }
    case .logistic:
      let spreads = diagonal.map { logisticSpread(kernel: $0) }
      return GradientSamples.packed(count) { a, b in
        let target = samples.targetProducts?[a * (a + 1) / 2 + b] ?? (a == b ? 1 : 0)
        return (spreads[a] * spreads[b]).squareRoot() * correlation(a, b) + target / 4
      }
    case .hinge:
      // w is ½ with probability 2q, q = P(z > 1), else 1: E w = 1 − q, Var w = q/2 − q².
      let outside = diagonal.map { hingeOutside(kernel: $0) }
      return GradientSamples.packed(count) { a, b in
        let (p, q) = (outside[a], outside[b])
        let target = samples.targetProducts?[a * (a + 1) / 2 + b] ?? (a == b ? 1 : 0)
        let spread = (max(0, p / 2 - p * p) * max(0, q / 2 - q * q)).squareRoot()
        let c = correlation(a, b)
        return (p * q).squareRoot() / 2 * c + target * ((1 - p) * (1 - q) + c * c * spread)
      }
    case .crossEntropy:
      let classes = Double(outputs)
      var known: [Double: Double] = [:]
      let spreads = diagonal.map { kernel in
        // Equal to a millionth is equal here.
        let key = kernel > 0 ? (kernel.significand * 0x1p20).rounded() * 0x1p-20 : 0
        let value = key * (kernel > 0 ? Double(sign: .plus, exponent: kernel.exponent, significand: 1) : 0)
        if let spread = known[value] { return spread }
        let square = meanSquaredProbability(kernel: value, classes: outputs)
        let spread = max(0, square - 1 / (classes * classes))
        known[value] = spread
        return spread
      }
      return GradientSamples.packed(count) { a, b in
        let place = a * (a + 1) / 2 + b
        let target = samples.centredTargetProducts?[place] ?? (a == b ? (classes - 1) / (classes * classes) : 0)
        return (spreads[a] * spreads[b]).squareRoot() * correlation(a, b) + target
      }
    }
  }
}
