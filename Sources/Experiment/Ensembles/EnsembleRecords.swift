import OrreryTensors

/// What is kept of every network: its kernels layer by layer and its outputs.
///
/// Layout: (layer, entry, network), so that the numbers of one entry lie side by side. Different networks are written by
/// different threads and never touch the same number.
final class EnsembleRecords: @unchecked Sendable {
  /// The kernel's lower triangle, packed by rows.
  let entries: Int
  let layers: Int
  let networks: Int
  let samples: Int
  let outputCount: Int
  /// Ĝ^(ℓ) given the layer before, ℓ = 2 … L; layer 1 is left out, since there it is a constant. Only of dense layers.
  let conditional: AlignedStorage<Double>
  /// S^(ℓ)_αβ = (1/n) Σ_i z_iα z_iβ, ℓ = 1 … L.
  let empirical: AlignedStorage<Double>
  /// The unbiased estimate of Ĝ_αβ² from one layer's neurons, ℓ = 1 … L; NaN where n = 1.
  let squares: AlignedStorage<Double>
  /// The unbiased estimate of E z_iα z_jα², i ≠ j, from one layer's neurons, ℓ = 1 … L: (layer, sample, network); NaN where n = 1.
  let ties: AlignedStorage<Double>
  /// z^(L), shape (networks, samples, outputs).
  let outputs: AlignedStorage<Double>

  init(samples: Int, layers: Int, networks: Int, outputCount: Int) {
    self.samples = samples
    self.layers = layers
    self.networks = networks
    self.outputCount = outputCount
    entries = samples * (samples + 1) / 2
    conditional = AlignedStorage(uninitializedCount: max(0, layers - 1) * entries * networks)
    empirical = AlignedStorage(uninitializedCount: layers * entries * networks)
    squares = AlignedStorage(uninitializedCount: layers * entries * networks)
    ties = AlignedStorage(uninitializedCount: layers * samples * networks)
    outputs = AlignedStorage(uninitializedCount: networks * samples * outputCount)
  }

  /// The bytes that the records of an ensemble take; `Int.max` stands for more than can be counted.
  static func requiredBytes(samples: Int, layers: Int, networks: Int, outputCount: Int) -> Int {
    // Exact far beyond any memory, and never overflowing.
    let entries = Double(samples) * (Double(samples) + 1) / 2
    let numbers = (3 * Double(layers) - 1) * entries + Double(samples) * (Double(layers) + Double(outputCount))
    return Int(exactly: 8 * Double(networks) * numbers) ?? .max
  }

  /// z^(ℓ) of one network, shape (samples, width).
  func store<Scalar: ExperimentScalar>(
    preactivations z: UnsafePointer<Scalar>, layer: Int, width: Int, network: Int
  ) {
    let n = Double(width)
    var place = (layer - 1) * entries * networks + network
    for a in 0..<samples {
      for b in 0...a {
        let (left, right) = (z + a * width, z + b * width)
        var sum = 0.0
        var fourth = 0.0
        for i in 0..<width {
          let product = Double(left[i]) * Double(right[i])
          sum += product
          fourth += product * product
        }
        empirical.elements[place] = sum / n
        squares.elements[place] = width > 1 ? (sum * sum - fourth) / (n * (n - 1)) : .nan
        place += networks
      }
      var sums = (0.0, 0.0, 0.0)
      for i in 0..<width {
        let value = Double(z[a * width + i])
        sums = (sums.0 + value, sums.1 + value * value, sums.2 + value * value * value)
      }
      ties.elements[((layer - 1) * samples + a) * networks + network] =
        width > 1 ? (sums.0 * sums.1 - sums.2) / (n * (n - 1)) : .nan
    }
    guard layer == layers else { return }
    let start = network * samples * outputCount
    for i in 0..<(samples * outputCount) { outputs.elements[start + i] = Double(z[i]) }
  }

  /// What enters the dense layer ℓ of one network, shape (samples, width), σ(z^(ℓ−1)) of a perceptron: its conditional kernel.
  func store<Scalar: ExperimentScalar>(
    entering s: UnsafePointer<Scalar>, layer: Int, width: Int, network: Int, weightVariance: Double,
    biasVariance: Double
  ) {
    var place = (layer - 2) * entries * networks + network
    for a in 0..<samples {
      for b in 0...a {
        let (left, right) = (s + a * width, s + b * width)
        var sum = 0.0
        for i in 0..<width { sum += Double(left[i]) * Double(right[i]) }
        conditional.elements[place] = biasVariance + weightVariance / Double(width) * sum
        place += networks
      }
    }
  }

  /// How many networks have a kernel that is not finite in a layer.
  func nonFiniteNetworks(layer: Int) -> Int {
    (0..<networks).count { network in
      !(0..<entries).allSatisfy { empirical.elements[((layer - 1) * entries + $0) * networks + network].isFinite }
    }
  }
}
