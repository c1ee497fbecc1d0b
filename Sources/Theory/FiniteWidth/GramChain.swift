import OrreryNetworks
import OrreryTensors

/// The exact law of a multilayer perceptron's preactivations at initialization, sampled without drawing a weight.
///
/// Given the preactivations of layer ℓ, the neurons of layer ℓ+1 are independent, each a Gaussian vector over the N_D inputs
/// with zero mean and covariance
///
///     Ĝ^(ℓ+1)_αβ = C_b + (C_W / n_ℓ) Σ_j σ(z^(ℓ)_jα) σ(z^(ℓ)_jβ).
///
/// So {Ĝ^(ℓ)} is a Markov chain on N_D × N_D matrices that starts from the exact K^(1) = C_b + C_W x·x′/n_0: draw n_ℓ
/// Gaussian vectors of covariance Ĝ^(ℓ), apply σ, form the next Gram matrix. That costs N_D normals per neuron where a real
/// network costs its fan-in, and leaves nothing out: no expansion in 1/n, only a sampling error.
///
/// ```swift
/// let chain = try GramChain(network, inputs: images)
/// let ensemble = try chain.sample(networks: 100_000, seed: 7)
/// let kernel = ensemble.mean(KernelEntry(layer: 6, 0, 1))
/// ```
///
/// Source: D. A. Roberts, S. Yaida, B. Hanin, *The Principles of Deep Learning Theory*
/// (arXiv:2106.10165), chapter 4; the chain of Gram matrices in this form: B. Hanin, M. Nica (arXiv:1812.05994) for ReLU,
/// M. B. Li, M. Nica, D. M. Roy (arXiv:2206.02768).
/// Domain: any activation and any widths, Gaussian weights, biases of any offered law (those that are not Gaussian are drawn
/// as they are: z is then their bias plus a Gaussian of covariance Ĝ − C_b). Of other weights only the variance enters: see
/// ``neglected``.
public struct GramChain: Sendable {
  public let network: PerceptronView
  /// K^(1), shape (samples, samples).
  public let firstKernel: Matrix<Double>
  /// For each layer, its biases where the chain draws them: not Gaussian, and known apart from K^(1).
  let biasLaws: [BiasLaw?]
  /// The excess kurtosis that first-layer weights give preactivations, the largest of any input; nil for a given K^(1).
  private let firstKurtosis: Double?

  /// N_D.
  public var samples: Int { firstKernel.rows }
  /// L.
  public var layerCount: Int { network.architecture.layerCount }

  /// A chain on the given inputs.
  ///
  /// - Parameter inputs: Shape (samples, features); may contain duplicates and linearly dependent rows.
  /// - Throws: ``GramChainError`` when shapes disagree or a number is not usable.
  public init(_ network: PerceptronView, inputs: Matrix<Double>) throws {
    guard inputs.rows > 0, inputs.columns > 0 else { throw GramChainError.noInputs }
    guard inputs.columns == network.inputs else {
      throw GramChainError.featureMismatch(expected: network.inputs, found: inputs.columns)
    }
    let rows = (0..<inputs.rows).map(inputs.row)
    for (sample, row) in rows.enumerated() {
      if let feature = row.firstIndex(where: { !$0.isFinite }) {
        throw GramChainError.nonFiniteInput(sample: sample, feature: feature)
      }
    }
    guard let layer = network.layers.first else {
      throw GramChainError.wrongLayerCount(expected: network.architecture.layerCount, found: 0)
    }
    var kernel = Matrix<Double>(rows: rows.count, columns: rows.count)
    for i in rows.indices {
      for j in 0...i {
        let product = zip(rows[i], rows[j]).reduce(0) { $0 + $1.0 * $1.1 }
        kernel[i, j] = layer.biasVariance + layer.weightVariance * product / Double(network.inputs)
        kernel[j, i] = kernel[i, j]
      }
    }
    try self.init(
      network, firstKernel: kernel, firstBias: BiasLaw(layer),
      firstKurtosis: network.firstKurtosis(inputs, kernels: rows.indices.map { kernel[$0, $0] }))
  }

  /// A chain that starts from a given K^(1), with Gaussian preactivations in the first layer; C_b and C_W are then those of
  /// the layers from the second on.
  ///
  /// - Parameter firstKernel: Symmetric and positive semidefinite, shape (samples, samples).
  public init(_ network: PerceptronView, firstKernel: Matrix<Double>) throws {
    try self.init(network, firstKernel: firstKernel, firstBias: nil, firstKurtosis: nil)
  }

  private init(
    _ network: PerceptronView, firstKernel: Matrix<Double>, firstBias: BiasLaw?, firstKurtosis: Double?
  ) throws {
    guard firstKernel.rows > 0, firstKernel.rows == firstKernel.columns else { throw GramChainError.noInputs }
    guard network.layers.count == network.architecture.layerCount else {
      throw GramChainError.wrongLayerCount(expected: network.architecture.layerCount, found: network.layers.count)
    }
    for (index, width) in network.architecture.layerWidths.enumerated() where width < 1 {
      throw GramChainError.badWidth(layer: index + 1, width: width)
    }
    for (index, layer) in network.layers.enumerated() {
      if layer.weightDistribution == .orthogonal { throw GramChainError.dependentWeights(layer: index + 1) }
      for (name, value) in [("C_W", layer.weightVariance), ("C_b", layer.biasVariance)]
      where !(value >= 0 && value.isFinite) {
        throw GramChainError.badVariance(layer: index + 1, name: name, value: value)
      }
    }
    for i in 0..<firstKernel.rows {
      guard firstKernel[i, i].isFinite else {
        throw GramChainError.overflow(layer: 1, networks: 1, precision: Double.precisionName)
      }
      guard firstKernel[i, i] >= 0 else { throw GramChainError.notPositiveSemidefinite(sample: i) }
      for j in 0..<i {
        let scale = (firstKernel[i, i] * firstKernel[j, j]).squareRoot()
        guard abs(firstKernel[i, j] - firstKernel[j, i]) <= 1e-12 * scale else {
          throw GramChainError.notSymmetric(row: i, column: j)
        }
      }
    }
    self.network = network
    self.firstKernel = firstKernel
    self.firstKurtosis = firstKurtosis
    biasLaws = [firstBias] + network.layers.dropFirst().map { BiasLaw($0) }
    if let sample = SemidefiniteFactor.firstIndefiniteRow(of: packedFirstKernel, samples: samples) {
      throw GramChainError.notPositiveSemidefinite(sample: sample)
    }
  }

  /// What the chain leaves out for this network, as a sentence; nil when its law is exact.
  ///
  /// With non-Gaussian weights of excess kurtosis κ, a neuron's own fourth cumulant gets an extra
  /// κ C_W² ⟨σ_1σ_2σ_3σ_4⟩ / n; the leading covariance of Ĝ, which is between different neurons, does not change
  /// (fourth cumulants of independent terms add). In the first layer it is κ C_W² Σx⁴/n_0², a matter of the features: with a few of
  /// them the chain is wrong at any width, and the sentence has the size of it.
  public var neglected: String? {
    network.sentenceOnWeights(
      "shifts the mean kernel at order 1/n and makes single neurons non-Gaussian, which the chain, knowing their variance "
        + "only, leaves out.", firstLayer: firstKurtosis)
  }

  /// The lower triangle of K^(1), packed by rows.
  var packedFirstKernel: [Double] {
    (0..<samples).flatMap { i in (0...i).map { j in firstKernel[i, j] } }
  }

  /// The same without the biases that are drawn on their own.
  var packedFirstGaussianKernel: [Double] {
    let bias = biasLaws[0]?.variance ?? 0
    return packedFirstKernel.map { $0 - bias }
  }
}
