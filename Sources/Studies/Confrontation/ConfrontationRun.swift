import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTheory

import func Foundation.pow

/// Forecast, measurement, comparison, in this order: what is predicted is fixed, and can be written down, before the
/// first network is drawn.
public struct ConfrontationRun: Sendable {
  /// What is said while it runs.
  public typealias Report = @Sendable (String) -> Void

  let loaded: LoadedStudy
  public let forecast: Forecast
  /// Every prediction for the study's own network.
  public var predictions: [Prediction] {
    list.entries.map(\.prediction) + (perceptron?.tangents?.predictions?.entries ?? []).map(\.prediction)
  }
  private let list: PredictionList
  private let perceptron: Perceptron?

  private var ensemble: EnsembleDescription { forecast.study.ensemble }

  /// What is said of perceptrons beside the list.
  private struct Perceptron: Sendable {
    let study: ResolvedStudy<PerceptronView>
    let chain: GramChainEnsemble
    /// Nil without hidden layers.
    let tangents: TangentConfrontation?

    var network: PerceptronView { study.network }
  }

  /// Makes the forecast and all predictions; runs no network.
  ///
  /// - Parameter isCancelled: asked now and then; true ends the work with an error.
  public init(
    _ loaded: LoadedStudy, report: Report = { _ in }, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    self.loaded = loaded
    forecast = try loaded.forecast()
    let probes = loaded.probes
    if loaded.resolved.network.perceptron == nil, let residual = loaded.resolved.network.residual {
      let first = probes.row(0).reduce(0) { $0 + $1 * $1 } / Double(probes.columns)
      list = PredictionList(residual, ResidualFlow(residual, meanSquaredInput: first), samples: [0])
      perceptron = nil
      return
    }
    let study = try loaded.perceptronStudy()
    report("sampling the Gram-matrix chain")
    let entry = KernelEntry(layer: study.network.architecture.layerCount, 0, 0)
    let method = Self.chainMethod(study.network, probes)
    let networks = Self.chainNetworks(study, samples: probes.rows)
    let chain = try GramChain(study.network, inputs: probes).sample(
      networks: method == .lanes ? networks : max(1000, networks / 5), seed: study.seed,
      options: GramChainOptions(method: method, tracked: [entry]), isCancelled: isCancelled)
    list = try PredictionList(study.network, probes: probes, chain: chain, networks: study.ensemble.networks)
    perceptron = Perceptron(
      study: study, chain: chain, tangents: Self.tangents(study, inputs: Self.first(probes), width: nil))
  }

  /// The inputs on which the NTK is followed.
  private static func first(_ probes: Matrix<Double>) -> Matrix<Double> {
    probes.selectingRows(Array(0..<min(TangentPlan.samples, probes.rows)))
  }

  /// - Parameter width: of all hidden layers, for a study of widths; nil for the study's own network.
  private static func tangents(
    _ study: ResolvedStudy<PerceptronView>, inputs: Matrix<Double>, width: Int?
  ) -> TangentConfrontation? {
    guard study.network.architecture.depth > 0 else { return nil }
    var network = study.network
    if let width { network.architecture.widths = network.architecture.widths.map { _ in width } }
    let asked = study.ensemble.networks
    let plan =
      width.map { TangentPlan.atWidth($0, study) } ?? TangentPlan(network, samples: inputs.rows, networks: asked)
    return TangentConfrontation(network, inputs: inputs, plan: plan, asked: asked)
  }

  /// Double precision, four to six times as slow, where some layer brings inputs closer than single precision tells apart:
  /// there, a chain in single precision takes pairs of 1 − c² < 5e-7 as one input. Single networks stray from infinite
  /// width, hence the factor of 20.
  static func chainMethod(_ network: PerceptronView, _ probes: Matrix<Double>) -> GramChainOptions.Method {
    guard probes.rows > 1, let kernels = try? LayerKernels(network, inputs: probes) else { return .lanes }
    let differences = kernels.oneMinusCorrelations.flatMap { layer in
      (1..<probes.rows).flatMap { i in (0..<i).map { j in layer[i, j] * (2 - layer[i, j]) } }
    }
    return differences.contains { $0 > 0 && $0 < 1e-5 } ? .plain : .lanes
  }

  /// As many chain networks as asked for, or as some ten seconds of one core can draw.
  static func chainNetworks(_ study: ResolvedStudy<PerceptronView>, samples: Int) -> Int {
    let normals = max(1, samples * study.network.architecture.widths.reduce(0, +))
    let affordable = max(1000, 3_000_000_000 / normals)
    return min(study.ensemble.chainNetworks, affordable, membersOfEnsemble(study.ensemble))
  }

  /// Ensembles draw from ranges of members of their own: the study's ensemble is number 0, each width's one of the others.
  /// So they are independent, though the study's own width may be among them.
  private static func membersOfEnsemble(_ ensemble: EnsembleDescription) -> Int {
    Int(UInt32.max) / (ensemble.widths.count + 1)
  }

  /// Draws real networks, and sets them beside the forecast.
  ///
  /// - Parameter isCancelled: asked now and then; true ends the run with an error that says how far it came.
  public func run(
    report: @escaping Report = { _ in }, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> Finding {
    let resolved = loaded.resolved.network
    let measured = try experiment(resolved, inputs: loaded.probes, report: report, isCancelled: isCancelled)
    var confrontations = list.entries.compactMap { entry -> Confrontation? in
      measurement(of: entry.prediction.quantity, in: measured).map {
        Confrontation(entry.prediction, $0, smallestEffect: entry.smallestEffect)
      }
    }
    var widths = Finding.WidthSeries(
      points: [], measuredSlope: nil, chainSlope: nil, chainNetworks: 0, networks: ensemble.networks)
    if let perceptron {
      report("following the NTK of \(perceptron.tangents?.plan.networks ?? 0) networks")
      let statistics = try perceptron.tangents?.measure(
        perceptron.network, inputs: Self.first(loaded.probes), seed: forecast.study.seed, isCancelled: isCancelled)
      confrontations += perceptron.tangents?.confrontations(statistics) ?? []
      widths = try widthSeries(perceptron, report: report, isCancelled: isCancelled)
    }
    if perceptron == nil, let entry = list.entries.first(where: { $0.prediction.quantity.kind == .neuralTangentKernel })
    {
      report("following NTKs")
      let measurement = try MeanTangentKernel.measure(
        entry.prediction.quantity, of: resolved, input: loaded.probes.selectingRows([0]), seed: forecast.study.seed,
        networks: ensemble.networks, isCancelled: isCancelled)
      confrontations.append(Confrontation(entry.prediction, measurement, smallestEffect: entry.smallestEffect))
    }
    report("comparing")
    return Finding(
      hash: loaded.hash, forecast: forecast, confrontations: confrontations, widths: widths,
      neglected: perceptron?.chain.chain.neglected,
      histogram: perceptron.flatMap { $0.network.architecture.depth > 0 ? histogram(measured, $0.chain) : nil },
      depth: perceptron.map { depth(measured, $0.network) } ?? depth(measured),
      finiteWidthExclusion: perceptron?.tangents?.exclusion)
  }

  private func experiment(
    _ network: ResolvedNetwork, inputs: Matrix<Double>, firstMember: Int = 0, report: @escaping Report,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> InitializationEnsemble {
    let networks = ensemble.networks
    let width = network.perceptron?.architecture.widths.max() ?? network.residual?.width ?? 0
    let started = ContinuousClock.now
    return try InitializationExperiment(network, inputs: inputs).run(
      networks: networks, seed: forecast.study.seed,
      options: .init(
        // Half precisions are for forecasts; at initialization real networks are drawn in single precision at least.
        precision: forecast.study.precision == .float64 ? .float64 : .float32,
        firstMember: firstMember,
        progress: { finished in
          let elapsed = (ContinuousClock.now - started) / .seconds(1)
          let left = elapsed * Double(networks - finished) / Double(max(1, finished))
          report("width \(width): \(finished) of \(networks) networks, \(Int(left.rounded(.up))) s left")
        }, isCancelled: isCancelled))
  }

  private func measurement(of quantity: Quantity, in measured: InitializationEnsemble) -> Measurement? {
    guard let layer = quantity.layer, let first = quantity.samples.first, let second = quantity.samples.last else {
      return nil
    }
    var measurement: Measurement? =
      switch quantity.kind {
      case .kernel: measured.kernel(layer: layer, first, second)
      case .kernelVariance: measured.kernelVariance(layer: layer, first, second)
      case .threePointCorrelation: measured.threePointCorrelation(layer: layer, sample: first)
      case .correlation: measured.correlation(layer: layer, first, second)
      case .outputVariance: measured.outputVariance(sample: first)
      case .outputExcessKurtosis: measured.outputExcessKurtosis(sample: first)
      case .kernelMeanDeviation, .neuralTangentKernel, .tangentKernelVariance, .tangentKernelCovariance,
        .kernelTangentCovariance, .meanTrainingOutput, .meanTestOutput, .testOutputVariance, .trainingLoss, .testLoss:
        nil
      }
    measurement?.quantity = quantity
    return measurement
  }

  /// Of a residual perceptron, on the first input.
  private func depth(_ measured: InitializationEnsemble) -> [Finding.DepthPoint] {
    let predicted = list.entries.map(\.prediction).filter { $0.quantity.kind == .kernel }
    return predicted.compactMap { prediction in
      guard let layer = prediction.quantity.layer, prediction.value > 0 else { return nil }
      let (kernel, k) = (measured.kernel(layer: layer, 0, 0), prediction.value)
      let variance = measured.kernelVariance(layer: layer, 0, 0)
      let tie = measured.threePointCorrelation(layer: layer, sample: 0)
      return Finding.DepthPoint(
        layer: layer, kernel: k, measuredKernel: Estimate(value: kernel.value, error: kernel.standardError),
        measuredVariance: variance.map { Estimate(value: $0.value, error: $0.standardError).scaled(by: 1 / (k * k)) },
        measuredTie: tie.map { Estimate(value: $0.value, error: $0.standardError).scaled(by: pow(k, -1.5)) })
    }
  }

  private func depth(_ measured: InitializationEnsemble, _ network: PerceptronView) -> [Finding.DepthPoint] {
    guard let kernels = try? LayerKernels(network, inputs: loaded.probes) else { return [] }
    return (1...network.architecture.layerCount).map { layer in
      let kernel = measured.kernel(layer: layer, 0, 0)
      let hasPair = measured.samples > 1
      let correlation = hasPair ? measured.correlation(layer: layer, 0, 1) : nil
      return Finding.DepthPoint(
        layer: layer, kernel: kernels.kernels[layer - 1][0, 0],
        measuredKernel: Estimate(value: kernel.value, error: kernel.standardError),
        correlation: hasPair ? 1 - kernels.oneMinusCorrelations[layer - 1][0, 1] : nil,
        measuredCorrelation: correlation.map { Estimate(value: $0.value, error: $0.standardError) })
    }
  }

  // MARK: Against width

  private func widthSeries(
    _ perceptron: Perceptron, report: @escaping Report, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> Finding.WidthSeries {
    let input = loaded.probes.selectingRows([0])
    guard perceptron.network.architecture.depth > 0 else {
      return Finding.WidthSeries(
        points: [], measuredSlope: nil, chainSlope: nil, chainNetworks: 0, networks: ensemble.networks)
    }
    let points = try ensemble.widths.enumerated().map { index, width in
      try widthPoint(
        perceptron.study, width, ensemble: index + 1, input: input, report: report, isCancelled: isCancelled)
    }
    func slope(_ estimates: [Estimate]) -> Estimate? {
      guard points.count >= 2, estimates.allSatisfy({ $0.value > 0 && $0.error > 0 }) else { return nil }
      let fit = try? LinearFit.powerLaw(
        x: points.map { Double($0.width) }, y: estimates.map(\.value), errors: estimates.map(\.error))
      return fit.map { Estimate(value: $0.parameters[1].value, error: $0.parameters[1].error) }
    }
    return Finding.WidthSeries(
      points: points, measuredSlope: slope(points.map(\.measuredVariance)),
      chainSlope: slope(points.map(\.chainVariance)), chainNetworks: ensemble.chainNetworks,
      networks: ensemble.networks)
  }

  private func widthPoint(
    _ own: ResolvedStudy<PerceptronView>, _ width: Int, ensemble index: Int, input: Matrix<Double>,
    report: @escaping Report,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> Finding.WidthPoint {
    var narrow = own.network
    narrow.architecture.widths = narrow.architecture.widths.map { _ in width }
    let layer = narrow.architecture.layerCount
    let theory = SingleInputFlow(narrow, input: input.row(0)).layers[layer - 1]
    report("width \(width): sampling the Gram-matrix chain")
    var study = own
    study.network = narrow
    let firstMember = index * Self.membersOfEnsemble(ensemble)
    let sampled = try GramChain(narrow, inputs: input).sample(
      networks: Self.chainNetworks(study, samples: 1), seed: forecast.study.seed,
      options: GramChainOptions(firstMember: firstMember), isCancelled: isCancelled)
    let entry = KernelEntry(layer: layer, 0, 0)
    let (mean, variance) = (sampled.mean(entry), sampled.variance(entry))
    let measured = try experiment(
      ResolvedNetwork(narrow), inputs: input, firstMember: firstMember, report: report, isCancelled: isCancelled)
    let kernel = theory.kernel
    let relative = 1 / (kernel * kernel)

    let leftOut = ChainTruncation(narrow, probes: input)
    let varianceQuantity = Quantity(.kernelVariance, layer: layer, samples: [0, 0], width: width)
    var confrontations: [Confrontation] = []
    if var measurement = measured.kernelVariance(layer: layer, 0, 0) {
      measurement.quantity = varianceQuantity
      let spread = sampled.relativeErrorOfVarianceError(entry, networks: ensemble.networks)
      let effect = spread > PredictionList.largestErrorOfError ? 0 : PredictionList.varianceEffect * theory.variance
      for prediction in [
        Prediction(
          varianceQuantity, value: theory.variance, truncationError: theory.varianceTruncation, source: .fourPointVertex
        ),
        Prediction(
          varianceQuantity, value: variance.value, samplingError: variance.error,
          truncationError: leftOut.variance(layer: layer), source: .gramChain),
      ] {
        confrontations.append(Confrontation(prediction, measurement, smallestEffect: effect))
      }
    }
    let meanQuantity = Quantity(.kernelMeanDeviation, layer: layer, samples: [0, 0], width: width)
    let deviation = Estimate(value: mean.value / kernel - 1, error: mean.error / kernel)
    confrontations.append(
      Confrontation(
        Prediction(
          meanQuantity, value: theory.shift / kernel, truncationError: theory.correctedKernelTruncation / kernel,
          source: .kernelCorrection),
        Measurement(
          meanQuantity, value: deviation.value, standardError: deviation.error, networks: sampled.networks,
          estimator: "the exact law, sampled by the Gram-matrix chain; no network is run"),
        smallestEffect: max(abs(theory.shift) / kernel, theory.relativeVariance) / 2))
    let found = measured.kernelVariance(layer: layer, 0, 0)
    report("width \(width): following NTKs")
    let tangents = Self.tangents(own, inputs: input, width: width)
    let statistics = try tangents?.measure(
      narrow, inputs: input, seed: forecast.study.seed, firstMember: firstMember, isCancelled: isCancelled)
    confrontations += tangents?.confrontations(statistics) ?? []
    return Finding.WidthPoint(
      width: width, relativeVariance: theory.relativeVariance,
      relativeVarianceTruncation: theory.varianceTruncation * relative, chainVariance: variance.scaled(by: relative),
      measuredVariance: Estimate(
        value: (found?.value ?? .nan) * relative, error: (found?.standardError ?? .nan) * relative),
      meanDeviation: theory.shift / kernel, meanDeviationTruncation: theory.correctedKernelTruncation / kernel,
      chainDeviation: deviation, tangentKernel: tangents?.point(statistics), confrontations: confrontations)
  }

  // MARK: One output over networks

  private func histogram(_ measured: InitializationEnsemble, _ chain: GramChainEnsemble) -> Finding.OutputHistogram? {
    guard let kernel = forecastKernel, kernel > 0 else { return nil }
    let deviation = kernel.squareRoot()
    // 24 bins over ±3 √K and the tails beyond, which the picture leaves out and χ² does not.
    let edges = (0...24).map { -3 + 0.25 * Double($0) }
    let all = [-Double.infinity] + edges + [Double.infinity]
    let fractions = measured.outputHistogram(sample: 0, edges: all.map { $0 * deviation })
    let cumulative = all.map(Distributions.normalCumulative)
    let gaussian = zip(cumulative.dropFirst(), cumulative).map { $0 - $1 }
    guard let mixed = chain.outputHistogram(sample: 0, edges: all.map { $0 * deviation })?.map(\.value) else {
      return nil
    }
    let networks = Double(measured.networks)
    /// Pearson's χ² over bins that expect at least five networks; the rest are joined into one.
    func chiSquared(_ expected: [Double]) -> Finding.ChiSquared {
      var (value, bins, restExpected, restFound) = (0.0, 0, 0.0, 0.0)
      for (fraction, expectation) in zip(fractions, expected) {
        let (found, mean) = (fraction.value * networks, expectation * networks)
        if mean >= 5 {
          value += (found - mean) * (found - mean) / mean
          bins += 1
        } else {
          restExpected += mean
          restFound += found
        }
      }
      if restExpected > 1 {
        value += (restFound - restExpected) * (restFound - restExpected) / restExpected
        bins += 1
      }
      return Finding.ChiSquared(
        value: value, degreesOfFreedom: bins - 1,
        pValue: Distributions.chiSquaredSurvival(value, degreesOfFreedom: bins - 1))
    }
    func density(_ fractions: [Double]) -> [Double] {
      zip(fractions.dropFirst().dropLast(), zip(edges.dropFirst(), edges)).map { $0 / ($1.0 - $1.1) }
    }
    return Finding.OutputHistogram(
      edges: edges,
      density: zip(fractions.dropFirst().dropLast(), zip(edges.dropFirst(), edges)).map {
        $0.scaled(by: 1 / ($1.0 - $1.1))
      }, gaussian: density(gaussian), chain: density(mixed), gaussianChiSquared: chiSquared(gaussian),
      chainChiSquared: chiSquared(mixed))
  }

  /// K^(L) on the first input followed.
  private var forecastKernel: Double? {
    list.entries.last {
      $0.prediction.quantity.kind == .outputVariance && $0.prediction.source.key == Source.kernelRecursion.key
    }?.prediction.value
  }
}
