import OrreryNetworks

/// The loss's gradient at initialization, layer by layer, as root mean squares over networks.
///
/// With δ^ℓ = ∂L/∂z^ℓ of one sample, E(δ^ℓ)² = C_W⟨σ′²⟩_K(ℓ) (n_(ℓ+1)/n_ℓ) E(δ^(ℓ+1))², and the same with ⟨σ′₁σ′₂⟩ for the
/// product of two samples' gradients. A weight's gradient is the batch's mean of δ_i^ℓ σ_j^(ℓ−1), so that its mean square is
/// E δδ E σσ / B + (1 − 1/B) E δδ′ E σσ′: between the coherent bound (all samples alike) and the incoherent one, which is
/// smaller by √B.
///
/// This form, for equally long inputs of one correlation and unrelated targets, is the simple one; for given data see
/// ``init(_:samples:loss:batch:)``.
///
/// Source: Schoenholz et al. 2017. Domain: infinite width, with the usual assumption that the weights of the backward
/// pass are independent of the forward pass; squares, so that single networks scatter log-normally by ν L/n.
public struct GradientRecursion: Sendable {
  /// One dense layer's gradients.
  public struct Layer: Hashable, Sendable {
    /// ℓ.
    public var layer: Int
    /// √E (∂L/∂z^ℓ)², one sample.
    public var preactivation: Double
    /// √E (∂L/∂W^ℓ)² of the batch's mean, with the correlation of a typical pair of samples.
    public var weight: Double
    /// The same if all samples of the batch were alike.
    public var coherentWeight: Double
    /// The same if no two samples' gradients were correlated.
    public var incoherentWeight: Double
    /// √E (∂L/∂b^ℓ)² of the batch's mean.
    public var bias: Double
  }

  /// ℓ = 1 … L.
  public var layers: [Layer]

  /// - Parameters:
  ///   - trajectory: the network's kernels, with those of a typical pair; without a pair, samples count as uncorrelated.
  ///   - widths: n_1 … n_L.
  ///   - meanSquaredInput: q = |x|²/n₀.
  ///   - inputCorrelation: of a typical pair of inputs.
  ///   - batch: B, the samples of one step.
  ///   - isFlat: whether backpropagation takes σ′ for 0, as for an activation that jumps.
  public init(
    _ trajectory: KernelTrajectory, layers initializations: [LayerInitialization], widths: [Int],
    meanSquaredInput: Double, inputCorrelation: Double, loss: Loss, batch: Int, meanSquaredTarget: Double = 1,
    isFlat: Bool = false
  ) {
    precondition(trajectory.entries.count == widths.count, "One width a layer.")
    let count = widths.count
    let samples = Double(max(batch, 1))
    var factor = 1.0
    if case .meanSquaredError(.sum, _) = loss { factor = samples }
    let entries = trajectory.entries
    let top = entries[count - 1]
    let output = OutputGradient(
      loss: loss, kernel: top.kernel, correlation: top.pair?.correlation ?? 0, outputs: widths[count - 1],
      meanSquaredTarget: meanSquaredTarget)
    var (same, two) = (output.sameSample, output.twoSamples)
    layers = []
    for index in stride(from: count - 1, through: 0, by: -1) {
      if index < count - 1 {
        let ratio = Double(widths[index + 1]) / Double(widths[index])
        same = isFlat ? 0 : same * entries[index].susceptibility.perpendicular * ratio
        two = isFlat ? 0 : two * (entries[index].pairSlopes ?? 0) * ratio
      }
      // What the layer multiplies: the input, or σ of the layer below.
      let initialization = initializations[index]
      let square = index == 0 ? meanSquaredInput : entries[index - 1].moments.secondMoment
      let cross =
        index == 0
        ? meanSquaredInput * inputCorrelation
        : Self.crossMoment(entries[index], initialization, square)
      let mean = same * square / samples + (1 - 1 / samples) * max(two * cross, 0)
      let bias = same / samples + (1 - 1 / samples) * max(two, 0)
      layers.append(
        Layer(
          layer: index + 1, preactivation: same.squareRoot(), weight: factor * mean.squareRoot(),
          coherentWeight: factor * (same * square).squareRoot(),
          incoherentWeight: factor * (same * square / samples).squareRoot(), bias: factor * bias.squareRoot()))
    }
    layers.reverse()
  }

  /// ⟨σ₁σ₂⟩ of the layer below, from this layer's kernel: (K₁₂ − C_b)/C_W.
  private static func crossMoment(
    _ entry: KernelTrajectory.Entry, _ initialization: LayerInitialization, _ square: Double
  ) -> Double {
    guard let pair = entry.pair, initialization.weightVariance > 0 else { return 0 }
    let lost = pair.first * pair.oneMinusCorrelation / initialization.weightVariance
    return square - lost
  }
}
