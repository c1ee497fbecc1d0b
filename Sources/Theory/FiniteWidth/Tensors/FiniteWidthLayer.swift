import OrreryTensors

/// One layer of a network on M inputs, to order 1/n.
///
/// Tensors are normalised by the width of the layer before: what is observed is X/n_(ℓ−1). Those of the first layer are 0: its
/// preactivations are Gaussian and its NTK does not fluctuate.
public struct FiniteWidthLayer: Sendable {
  /// ℓ.
  public let layer: Int
  /// n_(ℓ−1).
  public let fanIn: Int
  /// K^(ℓ), shape (M, M).
  public internal(set) var kernel: Matrix<Double>
  /// V_(12)(34): Cov(Ĝ_12, Ĝ_34) = V/n_(ℓ−1), the four-point vertex.
  public internal(set) var fourPointVertex: PairTensor
  /// G1, shape (M, M): E Ĝ = K + G1/n_(ℓ−1).
  public internal(set) var kernelCorrection: Matrix<Double>
  /// The NTK and its statistics, where asked for.
  public internal(set) var tangentKernel: TangentKernelTensors?
  /// The NTK's first two differentials, where asked for.
  public internal(set) var differentials: DifferentialTensors?
  /// A bound on the error of any four-point expectation that entered this layer, relative to √(⟨f²⟩⟨g²⟩) of its factors.
  public internal(set) var expectationError = 0.0
  /// κ_WC_W²⟨σ_1σ_2σ_3σ_4⟩: n times the fourth cumulant of one neuron's z that this layer's weights add; nil for Gaussian ones.
  var weightCumulant: PairTensor?
  /// κ_WC_W²⟨σ_1σ_2σ′_3σ′_4⟩Θ_34: n times the cumulant of z_1, z_2 and Ĥ_34 of one neuron that they add.
  var tangentCumulant: PairTensor?
  /// For two slopes, each pair α > β by its number α(α − 1)/2 + β; empty otherwise.
  var pairs: [PairFluctuation] = []

  /// M.
  public var inputs: Int { kernel.rows }

  /// A layer of given tensors, such as measured ones, for ``FiniteWidthDynamics``.
  ///
  /// - Parameters:
  ///   - layer: ℓ ≥ 1.
  ///   - fanIn: n_(ℓ−1) ≥ 1.
  ///   - kernel: K, shape (M, M); so is G1.
  ///   - expectationError: the tensors' error, relative to their size.
  /// - Throws: ``FiniteWidthError`` when a shape is not that of M inputs or a number is not finite.
  public init(
    layer: Int, fanIn: Int, kernel: Matrix<Double>, fourPointVertex: PairTensor, kernelCorrection: Matrix<Double>,
    tangentKernel: TangentKernelTensors? = nil, differentials: DifferentialTensors? = nil,
    expectationError: Double = 0
  ) throws {
    guard kernel.rows > 0 else { throw FiniteWidthError.noInputs }
    guard layer >= 1, fanIn >= 1 else {
      throw FiniteWidthError.badNumber(layer: layer, name: "fan-in", value: Double(fanIn))
    }
    guard expectationError >= 0, expectationError.isFinite else {
      throw FiniteWidthError.badNumber(layer: layer, name: "expectation error", value: expectationError)
    }
    let count = kernel.rows
    try FiniteWidthError.check(kernel, name: "K", inputs: count)
    try FiniteWidthError.check(kernelCorrection, name: "G1", inputs: count)
    for (name, inputs) in [
      ("V", fourPointVertex.inputs), ("The NTK", tangentKernel?.mean.rows ?? count),
      ("P", differentials?.p.inputs ?? count),
    ] where inputs != count {
      throw FiniteWidthError.badTensor(name: name, expected: [count], found: [inputs])
    }
    self.init(
      checkedLayer: layer, fanIn: fanIn, kernel: kernel, fourPointVertex: fourPointVertex,
      kernelCorrection: kernelCorrection)
    self.tangentKernel = tangentKernel
    self.differentials = differentials
    self.expectationError = expectationError
  }

  init(
    checkedLayer layer: Int, fanIn: Int, kernel: Matrix<Double>, fourPointVertex: PairTensor,
    kernelCorrection: Matrix<Double>
  ) {
    self.layer = layer
    self.fanIn = fanIn
    self.kernel = kernel
    self.fourPointVertex = fourPointVertex
    self.kernelCorrection = kernelCorrection
  }
}
