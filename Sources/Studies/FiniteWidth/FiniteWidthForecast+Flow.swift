import OrreryAnalysis
import OrreryNetworks
import OrreryTensors
import OrreryTheory

extension Forecast.FiniteWidth {
  /// Layers to which a network's own kind is followed, so that the deeper half has enough for a fit; a flow of one input takes about
  /// 1.5 ms a layer.
  static let followedLayers = 64
  /// Networks of more layers than this are left out: a forecast adds no more than 0.2 s for them.
  static let largestLayerCount = 128

  /// What finite width does, with the flow behind it; or why it is not said. Neither without hidden layers, where nothing fluctuates, and
  /// with weights that depend on each other, of which ``Forecast/notSaid`` speaks already.
  struct Outcome: Sendable {
    var forecast: Forecast.FiniteWidth?
    var flow: FiniteWidthFlow?
    var exclusion: String?
  }

  /// - Parameters:
  ///   - meanSquaredInput: ∣x∣²/n_0 of the input.
  ///   - meanSquaredTarget: y².
  ///   - nu: ν of the critical point, for r*.
  static func outcome(
    _ network: PerceptronView, meanSquaredInput: Double, meanSquaredTarget: Double, nu: Double?
  ) -> Outcome {
    let layers = network.architecture.layerCount
    guard layers > 1, network.firstDependentLayer == nil else { return Outcome() }
    guard layers <= largestLayerCount else {
      return Outcome(
        exclusion:
          "The statistics of the NTK and its change in training at order 1/n: the network has \(layers) layers, and a forecast "
          + "follows \(largestLayerCount); orrery flow follows all.")
    }
    do {
      let (flow, isContinued) = try flow(following: network, meanSquaredInput: meanSquaredInput)
      let forecast = Self(
        network, flow, isContinued: isContinued, meanSquaredInput: meanSquaredInput,
        meanSquaredTarget: meanSquaredTarget, nu: nu)
      return Outcome(forecast: forecast, flow: flow)
    } catch {
      return Outcome(exclusion: "The statistics of the NTK and its change in training at order 1/n. \(error)")
    }
  }

  /// - Throws: ``FiniteWidthError``.
  package init(_ network: PerceptronView, meanSquaredInput: Double, meanSquaredTarget: Double, nu: Double?) throws {
    let (flow, isContinued) = try Self.flow(following: network, meanSquaredInput: meanSquaredInput)
    self.init(
      network, flow, isContinued: isContinued, meanSquaredInput: meanSquaredInput,
      meanSquaredTarget: meanSquaredTarget, nu: nu)
  }

  private init(
    _ network: PerceptronView, _ flow: FiniteWidthFlow, isContinued: Bool, meanSquaredInput: Double,
    meanSquaredTarget: Double, nu: Double?
  ) {
    let output = flow.layers[network.architecture.layerCount - 1]
    width = output.fanIn
    self.meanSquaredTarget = meanSquaredTarget
    neglected = flow.neglected
    followedDepth = flow.layers.count - 1
    optimalAspectRatio = nu.flatMap { AspectRatio.optimal(outputs: network.architecture.outputs, nu: $0) }
    let single = SingleInputFlow(network, meanSquaredInput: meanSquaredInput)
    effects = Kind.allCases.compactMap { kind in
      guard kind != .outputMixing || network.architecture.outputs > 1,
        let value = kind.value(output, meanSquaredTarget: meanSquaredTarget), value.isFinite
      else { return nil }
      var effect = Effect(kind: kind, value: value, smallWidth: Self.smallWidth(value, width: output.fanIn))
      if isContinued {
        effect.follow(flow.layers.map { kind.value($0, meanSquaredTarget: meanSquaredTarget) })
      }
      if let last = single.layers.last, last.kernel > 0 {
        switch kind {
        case .kernelVariance:
          effect.exact = Self.exactVariance(network)
          effect.truncationError = last.varianceTruncation / (last.kernel * last.kernel)
        case .kernelShift: effect.truncationError = last.correctedKernelTruncation / last.kernel
        default: break
        }
      }
      return effect
    }
  }

  private static func smallWidth(_ value: Double, width: Int) -> Int {
    // Up to rounding, by which what vanishes by symmetry, or is 10 % exactly, may differ.
    let size = abs(value) < 1e-12 ? 0 : abs(value) * Double(width) / smallness
    return max(1, Int(min((size * (1 - 1e-9)).rounded(.up), 1e15)))
  }

  /// Var Ĝ/K² at any width, for Gaussian weights, no biases and a homogeneous activation.
  private static func exactVariance(_ network: PerceptronView) -> Double? {
    guard network.layers.allSatisfy({ $0.biasVariance == 0 && $0.weightDistribution == .gaussian }) else { return nil }
    return HomogeneousKernelLaw(network.architecture.activation, widths: network.architecture.widths)?.relativeVariance
  }

  /// The flow of a network continued, of which the network's own is the beginning, since C_W, C_b and λ of a layer do not depend on
  /// those after it; or its own alone, where it cannot be continued or kernels outgrow the numbers on the way.
  private static func flow(
    following network: PerceptronView, meanSquaredInput: Double
  ) throws -> (flow: FiniteWidthFlow, isContinued: Bool) {
    if let continued = continued(network),
      continued.learningRates.starts(with: network.learningRates),
      let flow = try? flow(of: continued, meanSquaredInput: meanSquaredInput)
    {
      return (flow, true)
    }
    return (try flow(of: network, meanSquaredInput: meanSquaredInput), false)
  }

  /// The flow on one input of this size; only ∣x∣² enters.
  private static func flow(of network: PerceptronView, meanSquaredInput: Double) throws -> FiniteWidthFlow {
    let input = Matrix(
      rows: 1, columns: network.inputs,
      elements: Array(repeating: meanSquaredInput.squareRoot(), count: network.inputs))
    return try FiniteWidthFlow(network, inputs: input)
  }

  /// The network with its hidden layers repeated; nil where they are not alike.
  private static func continued(_ network: PerceptronView) -> PerceptronView? {
    guard let width = network.architecture.widths.first, network.architecture.widths.allSatisfy({ $0 == width }),
      let last = network.layers.last, network.layers.dropFirst().allSatisfy({ $0 == last })
    else { return nil }
    let layers = max(followedLayers, network.architecture.layerCount)
    var result = network
    result.architecture.widths = Array(repeating: width, count: layers - 1)
    result.layers = [network.layers[0]] + Array(repeating: last, count: layers - 1)
    return result
  }
}

extension Forecast.FiniteWidth.Effect {
  fileprivate init(kind: Forecast.FiniteWidth.Kind, value: Double, smallWidth: Int) {
    self.kind = kind
    self.value = value
    self.smallWidth = smallWidth
  }

  /// - Parameter values: of layers ℓ = 1, 2, …; one without a value ends what can be followed.
  fileprivate mutating func follow(_ values: [Double?]) {
    let known = values.prefix { $0 != nil }.compactMap { $0 }
    if let first = known.firstIndex(where: { abs($0) >= Forecast.FiniteWidth.smallness * (1 - 1e-9) }) {
      // Layer ℓ = first + 1 has `first` hidden layers below it; the one before is the last that is small.
      smallDepth = max(0, first - 1)
    }
    // What vanishes by symmetry has no exponent, only rounding.
    guard known.count == values.count, known.contains(where: { abs($0) > 1e-12 }) else { return }
    scaling = DepthScaling(known)
    relevance = scaling?.relevance
  }
}

extension Forecast.FiniteWidth.Kind {
  /// The effect on a layer's preactivations taken as outputs; nil where K or Θ vanishes.
  func value(_ layer: FiniteWidthLayer, meanSquaredTarget: Double) -> Double? {
    func coupling(_ coupling: Coupling) -> Double? {
      layer.coupling(coupling, input: 0).map { $0 / Double(layer.fanIn) }
    }
    func sum(_ terms: [(Double, Coupling)]) -> Double? {
      var result = 0.0
      for (factor, name) in terms {
        guard let value = coupling(name) else { return nil }
        result += factor * value
      }
      return result
    }
    switch self {
    case .kernelVariance: return coupling(.fourPointVertex)
    case .kernelShift: return coupling(.kernelCorrection)
    case .tangentKernelVariance: return coupling(.tangentKernelVariance)
    case .tangentKernelShift: return coupling(.tangentKernelCorrection)
    case .outputMixing: return coupling(.tangentKernelMixing)
    case .tangentKernelDrift: return sum([(-2, .differentialP), (-4, .differentialQ)])
    case .representationLearning:
      let share = 1 + meanSquaredTarget / layer.kernel[0, 0]
      return sum([
        (3 * share, .secondDifferentialR), (2 * share, .secondDifferentialS), (2 * share, .secondDifferentialT),
        (2 * share, .secondDifferentialU), (-2, .differentialP), (-4, .differentialQ),
      ])
    }
  }
}
