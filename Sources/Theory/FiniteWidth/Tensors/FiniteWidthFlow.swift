import OrreryNetworks
import OrreryTensors

/// The representation group flow of a multilayer perceptron on M inputs at order 1/n: every tensor of every layer.
///
/// ```swift
/// let flow = try FiniteWidthFlow(network, inputs: images)
/// let output = flow.layers.last!
/// print(output.fourPointVertex[0, 0, 1, 1] / Double(output.fanIn))   // Cov(Ĝ_00, Ĝ_11) over networks
/// ```
///
/// K and Θ are those of infinite width. V and G1 follow from the exact law of the Gram matrices (``GramChain``) expanded in 1/n; H1,
/// A, B, D, F are the statistics of the NTK; P, Q, R, S, T, U those of its differentials, which move it in training. Every tensor
/// over n is O(L/n) at criticality: L/n is the parameter of the expansion.
///
/// Source: S. Yaida, arXiv:1910.00019; D. A. Roberts, S. Yaida, B. Hanin, PDLT (arXiv:2106.10165), chapters 4, 5, 8, 11, ∞.
/// Domain: independent weights, Gaussian biases; V/n ≪ K²; of weights that are not Gaussian what ``neglected`` says is left out, and the
/// first layer's must not make its preactivations' excess kurtosis κ_W C_W²Σx⁴/(n₀K)² larger than 0.1; σ smooth, or of two slopes, where σ″ and σ‴ of the network's own
/// derivatives are 0 as automatic differentiation has them (P = R = U = 0 then). Inputs that are almost alike are told apart to q = √(1 − c²)
/// of 1e-7 where there are two of them, to 1e-4 where there are three.
public struct FiniteWidthFlow: Sendable {
  /// ℓ = 1 … L.
  public let layers: [FiniteWidthLayer]
  public let extent: FiniteWidthExtent
  /// What the recursions leave out for this network, as a sentence; nil when nothing.
  public let neglected: String?

  /// - Parameters:
  ///   - inputs: shape (M, features).
  ///   - extent: which tensors; those of differentials take memory M⁴.
  ///   - tolerance: of four-point expectations, relative to √(⟨f²⟩⟨g²⟩) of the factors f, g that one is split in. One over at most
  ///     two different inputs is as exact as rounding lets it be.
  /// - Throws: ``FiniteWidthError``.
  public init(
    _ network: PerceptronView, inputs: Matrix<Double>, extent: FiniteWidthExtent = .differentials,
    tolerance: Double = 1e-8
  ) throws {
    try self.init(network, inputs: inputs, learningRates: network.learningRates, extent: extent, tolerance: tolerance)
  }

  /// - Parameter learningRates: λ_b and λ_W of each layer.
  /// - Throws: ``FiniteWidthError``.
  public init(
    _ network: PerceptronView, inputs: Matrix<Double>, learningRates rates: [LayerLearningRates],
    extent: FiniteWidthExtent = .differentials, tolerance: Double = 1e-8
  ) throws {
    try FiniteWidthError.check(network, inputs: inputs, learningRates: rates, tolerance: tolerance)
    let initializations = network.layers
    let fanIns = network.fanIns
    let count = inputs.rows
    let products = inputs.gram()
    var layer = FiniteWidthLayer(
      checkedLayer: 1, fanIn: network.inputs, kernel: products, fourPointVertex: PairTensor(inputs: count),
      kernelCorrection: Matrix(rows: count, columns: count))
    var tangent = products
    for a in 0..<count {
      for b in 0..<count {
        let product = products[a, b] / Double(network.inputs)
        layer.kernel[a, b] = initializations[0].biasVariance + initializations[0].weightVariance * product
        tangent[a, b] = rates[0].bias + rates[0].weight * product
      }
    }
    let zero = FourPointTensor(inputs: extent == .preactivations ? 0 : count)
    if extent >= .tangentKernel {
      layer.tangentKernel = TangentKernelTensors(
        checkedMean: tangent, correction: Matrix(rows: count, columns: count), a: PairTensor(inputs: count), b: zero,
        d: PairTensor(inputs: count), f: zero)
    }
    if extent >= .differentials {
      layer.differentials = DifferentialTensors(checkedP: zero, q: zero, r: zero, s: zero, t: zero, u: zero)
    }
    guard layer.isFinite else { throw FiniteWidthError.overflow(layer: 1) }
    try layer.addFirstWeights(of: network, inputs: inputs, extent: extent)
    var layers = [layer]
    for index in 1..<initializations.count {
      let step = FiniteWidthStep(
        weightVariance: initializations[index].weightVariance, biasVariance: initializations[index].biasVariance,
        weightRate: rates[index].weight, biasRate: rates[index].bias,
        ratio: Double(fanIns[index]) / Double(fanIns[index - 1]),
        excessKurtosis: initializations[index].excessKurtosis)
      let next = try Self.next(
        layers[index - 1], step, network.architecture.activation, fanIn: fanIns[index], extent: extent,
        tolerance: tolerance)
      guard next.isFinite else { throw FiniteWidthError.overflow(layer: index + 1) }
      layers.append(next)
    }
    self.layers = layers
    self.extent = extent
    neglected = network.sentenceOnWeights(
      "is in G1 and H1 to first order, and V, A, B, D, F between different neurons do not change; statistics of one neuron with "
        + "itself (A + 2B of one output, P … U) also change at order 1/n, which is left out.",
      firstLayer: network.firstKurtosis(inputs, kernels: (0..<count).map { layer.kernel[$0, $0] }))
  }

  private static func next(
    _ layer: FiniteWidthLayer, _ step: FiniteWidthStep, _ activation: Activation, fanIn: Int,
    extent: FiniteWidthExtent, tolerance: Double
  ) throws -> FiniteWidthLayer {
    if let slopes = activation.slopes, !activation.kinks.isEmpty {
      let expectations: TwoSlopeExpectations
      do {
        expectations = try TwoSlopeExpectations(slopes: slopes, kernel: layer.kernel)
      } catch let error as TwoSlopeError {
        throw FiniteWidthError.moments(layer: layer.layer, error)
      }
      var result = FiniteWidthRecursion(layer, step, expectations, extent: extent).next(fanIn: fanIn)
      // In the first layer nothing fluctuates that derivatives would be multiplied with.
      if extent >= .tangentKernel, layer.layer > 1, let likeness = expectations.likeness() {
        guard likeness.bound <= tolerance else {
          throw FiniteWidthError.inputsTooAlike(
            layer: layer.layer, first: likeness.first, second: likeness.second, error: likeness.bound,
            tolerance: tolerance)
        }
        result.expectationError = max(result.expectationError, likeness.bound)
      }
      return result
    }
    guard activation.kinks.isEmpty else { throw FiniteWidthError.kinkedActivation(activation.function.name) }
    for input in 0..<layer.inputs {
      let (kernel, largest) = (layer.kernel[input, input], SmoothExpectations.largestKernel(activation))
      guard kernel <= largest else {
        throw FiniteWidthError.kernelTooLarge(layer: layer.layer, input: input, kernel: kernel, largest: largest)
      }
    }
    let expectations = SmoothExpectations(activation, kernel: layer.kernel, extent: extent, tolerance: tolerance)
    return FiniteWidthRecursion(layer, step, expectations, extent: extent).next(fanIn: fanIn)
  }
}

extension FiniteWidthLayer {
  /// What the first layer has beside its kernel and NTK: the fourth cumulant of its weights, and the pairs of two slopes.
  fileprivate mutating func addFirstWeights(
    of network: PerceptronView, inputs: Matrix<Double>, extent: FiniteWidthExtent
  ) throws {
    let initialization = network.layers[0]
    let (weight, kurtosis) = (initialization.weightVariance, initialization.excessKurtosis)
    if kurtosis != 0 {
      for input in 0..<self.inputs where kernel[input, input] > 0 {
        let relative = network.firstKurtosis(inputs.row(input), kernel: kernel[input, input])
        guard abs(relative) <= FiniteWidthError.largestKurtosis else {
          throw FiniteWidthError.firstLayerNotGaussian(
            input: input, excessKurtosis: relative, largest: FiniteWidthError.largestKurtosis)
        }
      }
      let pairs = (0..<self.inputs).flatMap { a in (0...a).map { (a, $0) } }
      let rows = pairs.map { a, b in zip(inputs.row(a), inputs.row(b)).map { $0 * $1 } }
      let size = kurtosis * weight * weight / Double(network.inputs)
      weightCumulant = PairTensor(
        inputs: self.inputs, checked: Matrix(rows).gram().tensor.elements.map { size * $0 })
      if extent >= .tangentKernel { tangentCumulant = PairTensor(inputs: self.inputs) }
    }
    let activation = network.architecture.activation
    guard extent >= .tangentKernel, activation.slopes != nil, !activation.kinks.isEmpty else { return }
    self.pairs = (0..<self.inputs).flatMap { a in
      (0..<a).map { b in
        PairFluctuation(
          inputs.row(a), inputs.row(b), kernels: (kernel[a, a], kernel[b, b]), weightVariance: weight,
          biasVariance: initialization.biasVariance, excessKurtosis: kurtosis)
      }
    }
  }

  fileprivate var isFinite: Bool {
    let kernels = [kernel, kernelCorrection] + (tangentKernel.map { [$0.mean, $0.correction] } ?? [])
    var tensors = [fourPointVertex.elements]
    if let t = tangentKernel { tensors += [t.a.elements, t.b.elements, t.d.elements, t.f.elements] }
    if let d = differentials {
      tensors += [d.p.elements, d.q.elements, d.r.elements, d.s.elements, d.t.elements, d.u.elements]
    }
    return (kernels.map(\.tensor.elements) + tensors).allSatisfy { $0.allSatisfy(\.isFinite) }
  }
}
