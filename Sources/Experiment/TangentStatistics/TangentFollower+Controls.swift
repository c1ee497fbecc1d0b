import OrreryNetworks
import OrreryTensors

/// What is known of a hidden layer on one input before its weights are drawn.
struct LayerOutlook {
  /// Ĝ of the new preactivations.
  let kernel: Double
  /// E Ĥ_jj given what came before, without the part that comes with z_j itself.
  let tangent: Double
  /// (C_W/n)² sᵀSs, what E[σ′² w wᵀ] has besides E σ′² E w wᵀ.
  let alignment: Double
}

extension TangentSetting {
  /// - Throws: ``ExperimentError`` where controls have no mean that is known.
  func checkControls() throws {
    let isGaussian = network.layers.allSatisfy {
      $0.weightDistribution == .gaussian && $0.biasDistribution == .gaussian
    }
    guard isGaussian, network.architecture.activation.kinks.isEmpty else {
      throw ExperimentError.badData(
        "Controls of the tangent kernel's mean are offered for Gaussian weights and biases and smooth activations; measure "
          + "this network without.")
    }
  }
}

/// Given everything up to layer ℓ, neurons of the next are independent, z_j = b_j + w_j·s with s = σ(z^(ℓ)), so that with
/// S = σ′Ĥσ′ and h = λ_b + (λ_W/n) s·s the conditional means of σ(z)² and of σ′(z)²Ĥ_jj, Ĥ_jj = h + wᵀSw, are Gaussian expectations
/// over one number,
///
///     E σ² = ⟨σ²⟩,   E σ′²Ĥ_jj = ⟨σ′²⟩ (h + (C_W/n) tr S) + (C_W/n)² sᵀSs ⟨σ′²(z²/Ĝ − 1)⟩/Ĝ.
///
/// What a network's sums over neurons differ by from these has the mean 0 at any width, and is what kernel and NTK fluctuate with.
extension TangentFollower {
  /// Nodes x and weights of Gaussian expectations by the trapezoidal rule: for functions analytic about the real axis the error is
  /// e^(−2πd/h), d the distance of the nearest pole in units of √K: below 10⁻⁸ for tanh at K = 4.
  private static let nodes: [(x: Double, weight: Double)] = {
    let x = (-36...36).map { 0.25 * Double($0) }
    let densities = UnitNormal.densities(x)
    let sum = densities.reduce(0, +)
    return zip(x, densities).map { ($0, $1 / sum) }
  }()

  /// - Parameter fanIn: of the layer; its σ and σ′ of the layer before are at hand.
  func outlook(_ index: Int, input: Int, fanIn: Int) -> LayerOutlook {
    let layer = setting.network.layers[index]
    let rates = setting.learningRates[index]
    let scale = layer.weightVariance / Double(fanIn)
    var square = 0.0
    for j in 0..<fanIn { square += activations[input * fanIn + j] * activations[input * fanIn + j] }
    let kernel = layer.biasVariance + scale * square
    let source = rates.bias + rates.weight * square / Double(fanIn)
    guard index > 0 else { return LayerOutlook(kernel: kernel, tangent: source, alignment: 0) }
    let place = input * (input + 1) / 2 + input
    var (trace, alignment) = (0.0, 0.0)
    for j in 0..<fanIn {
      let slope = slopes[input * fanIn + j]
      trace += slope * slope * tangents[place][j * fanIn + j]
      var row = 0.0
      for k in 0..<fanIn {
        row += tangents[place][j * fanIn + k] * slopes[input * fanIn + k] * activations[input * fanIn + k]
      }
      alignment += activations[input * fanIn + j] * slope * row
    }
    return LayerOutlook(kernel: kernel, tangent: source + scale * trace, alignment: scale * scale * alignment)
  }

  /// By how much a drawn layer's means of σ² and σ′²Ĥ_jj differ from their conditional means.
  func surprise(_ outlook: LayerOutlook, input: Int, width: Int) -> (kernel: Double, tangent: Double) {
    let activation = setting.network.architecture.activation
    let spread = outlook.kernel.squareRoot()
    let z = Self.nodes.map { spread * $0.x }
    var (value, slope) = (z, z)
    activation.apply(order: 0, z, into: &value, count: z.count)
    activation.apply(order: 1, z, into: &slope, count: z.count)
    var (square, slopes2, curved) = (0.0, 0.0, 0.0)
    for (place, node) in Self.nodes.enumerated() {
      square += node.weight * value[place] * value[place]
      let weighted = node.weight * slope[place] * slope[place]
      slopes2 += weighted
      curved += weighted * (node.x * node.x - 1)
    }
    let place = input * (input + 1) / 2 + input
    var (kernel, tangent) = (0.0, 0.0)
    for j in 0..<width {
      kernel += activations[input * width + j] * activations[input * width + j]
      tangent += slopes[input * width + j] * slopes[input * width + j] * tangents[place][j * width + j]
    }
    let bent = outlook.kernel > 0 ? outlook.alignment * curved / outlook.kernel : 0
    return (kernel / Double(width) - square, tangent / Double(width) - slopes2 * outlook.tangent - bent)
  }
}
