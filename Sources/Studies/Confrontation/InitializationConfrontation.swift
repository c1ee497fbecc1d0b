import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTheory

import func Foundation.pow

/// A study's networks at initialization, forecast and compared; ``InitializationEvidence`` measures them.
struct InitializationConfrontation: Sendable {
  let setup: InitializationSetup
  private let loaded: LoadedStudy
  /// Nil for networks that are no perceptrons.
  private let perceptron: ResolvedStudy<PerceptronView>?
  /// The NTK at order 1/n of the study's own network, and of each width's.
  private let tangents: TangentConfrontation?
  private let widthTangents: [TangentConfrontation?]

  /// What is said before anything is measured.
  struct Predictions: Sendable {
    var forecast: Forecast
    /// Of the study's own network.
    var list: PredictionList
    /// The exact law; nil for networks that are no perceptrons.
    var chain: GramChainEnsemble?
    var widths: [Width]
  }

  /// Of one width, on the first input.
  struct Width: Sendable {
    var theory: SingleInputLayer
    var chainMean: Estimate
    var chainVariance: Estimate
    var networks: Int
    var list: PredictionList
    var meanDeviation: Confrontation
  }

  /// - Throws: `StudyError` for networks that theory does not cover.
  init(_ loaded: LoadedStudy) throws {
    try loaded.coverage.requireAnything()
    self.loaded = loaded
    let (resolved, ensemble, probes) = (loaded.resolved, loaded.resolved.ensemble, loaded.probes)
    let study = resolved.network.perceptron.map { resolved.with($0) }
    perceptron = study
    let members = InitializationSetup.members(ensemble)
    let first = probes.selectingRows([0])
    let samples = min(TangentPlan.samples, probes.rows)
    /// Of the study's own network, or of one whose hidden layers have a width.
    func followed(_ width: Int?) -> TangentConfrontation? {
      guard let study, study.network.architecture.depth > 0 else { return nil }
      let inputs = width == nil ? probes.selectingRows(Array(0..<samples)) : first
      let plan =
        width.map { TangentPlan.atWidth($0, study) }
        ?? TangentPlan(study.network, samples: samples, networks: ensemble.networks)
      return TangentConfrontation(
        width.map { study.network.with(width: $0) } ?? study.network, inputs: inputs, plan: plan,
        asked: ensemble.networks)
    }
    func set(
      _ network: ResolvedNetwork, _ inputs: Matrix<Double>, _ index: Int, _ tangents: TangentConfrontation?,
      samples: Int
    ) -> InitializationSetup.Ensemble {
      InitializationSetup.Ensemble(
        network: network, inputs: inputs, networks: ensemble.networks, firstMember: index * members,
        tangents: tangents?.predictions.map { _ in (tangents!.plan.networks, samples) })
    }
    let hasWidths = (study?.network.architecture.depth ?? 0) > 0
    let (own, narrow) = (followed(nil), hasWidths ? ensemble.widths.map { followed($0) } : [])
    (tangents, widthTangents) = (own, narrow)
    setup = InitializationSetup(
      seed: resolved.seed, precision: resolved.precision,
      own: set(resolved.network, probes, 0, own, samples: samples),
      widths: zip(ensemble.widths, narrow).enumerated().map { index, point in
        let network = ResolvedNetwork(study!.network.with(width: point.0))
        return (point.0, set(network, first, index + 1, point.1, samples: 1))
      }, hasMeanTangent: study == nil && resolved.network.residual != nil)
  }

  // MARK: What theory says

  func predictions(_ sitting: Sitting) throws -> Predictions {
    let probes = loaded.probes
    let forecast = try loaded.forecast()
    guard let study = perceptron else {
      guard let residual = loaded.resolved.network.residual else {
        preconditionFailure("Covered networks have a view.")
      }
      let first = probes.row(0).reduce(0) { $0 + $1 * $1 } / Double(probes.columns)
      let flow = ResidualFlow(residual, meanSquaredInput: first)
      return Predictions(
        forecast: forecast, list: PredictionList(residual, flow, samples: [0]), chain: nil, widths: [])
    }
    sitting.report("sampling the Gram-matrix chain", nil)
    let entry = KernelEntry(layer: study.network.architecture.layerCount, 0, 0)
    let method = Self.chainMethod(study.network, probes)
    let networks = Self.chainNetworks(study, samples: probes.rows)
    let chain = try GramChain(study.network, inputs: probes).sample(
      networks: method == .lanes ? networks : max(1000, networks / 5), seed: study.seed,
      options: GramChainOptions(method: method, tracked: [entry]), isCancelled: sitting.isCancelled)
    return Predictions(
      forecast: forecast,
      list: try PredictionList(study.network, probes: probes, chain: chain, networks: study.ensemble.networks),
      chain: chain, widths: try setup.widths.map { try width($0.width, $0.ensemble, study, sitting) })
  }

  private func width(
    _ width: Int, _ ensemble: InitializationSetup.Ensemble, _ own: ResolvedStudy<PerceptronView>, _ sitting: Sitting
  ) throws -> Width {
    let narrow = own.network.with(width: width)
    let layer = narrow.architecture.layerCount
    let theory = SingleInputFlow(narrow, input: ensemble.inputs.row(0)).layers[layer - 1]
    sitting.report("width \(width): sampling the Gram-matrix chain", nil)
    let sampled = try GramChain(narrow, inputs: ensemble.inputs).sample(
      networks: Self.chainNetworks(own.with(narrow), samples: 1), seed: own.seed,
      options: GramChainOptions(firstMember: ensemble.firstMember), isCancelled: sitting.isCancelled)
    let entry = KernelEntry(layer: layer, 0, 0)
    let (mean, variance) = (sampled.mean(entry), sampled.variance(entry))
    let spread = sampled.relativeErrorOfVarianceError(entry, networks: ensemble.networks)
    let effect = spread > PredictionList.largestErrorOfError ? 0 : PredictionList.varianceEffect * theory.variance
    var list = PredictionList()
    list.add(theory.kernelVariancePrediction([0, 0], width: width)!, effect)
    var exact = sampled.variancePrediction(entry)
    exact.quantity.width = width
    list.add(exact, truncation: ChainTruncation(narrow, probes: ensemble.inputs).variance(layer: layer), effect)
    let kernel = theory.kernel
    let deviation = theory.kernelMeanDeviationPrediction([0, 0], width: width)
    return Width(
      theory: theory, chainMean: mean, chainVariance: variance, networks: sampled.networks, list: list,
      meanDeviation: Confrontation(
        deviation,
        Measurement(
          deviation.quantity, value: mean.value / kernel - 1, standardError: mean.error / kernel,
          networks: sampled.networks,
          estimator: "the exact law, sampled by the Gram-matrix chain; no network is run"),
        smallestEffect: max(abs(theory.shift) / kernel, theory.relativeVariance) / 2))
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
    return min(study.ensemble.chainNetworks, affordable, InitializationSetup.members(study.ensemble))
  }

  /// Every prediction for the study's own network.
  func all(_ predictions: Predictions) -> [Prediction] {
    (predictions.list.entries + (tangents?.predictions?.entries ?? [])).map(\.prediction)
  }

  // MARK: Beside what was measured

  func finding(_ predictions: Predictions, _ evidence: InitializationEvidence) -> Finding {
    let measured = evidence.own.kernels
    let confrontations =
      predictions.list.entries.compactMap { entry in
        measurement(of: entry.prediction.quantity, in: measured, tangents: evidence.meanTangent).map {
          Confrontation(entry.prediction, $0, smallestEffect: entry.smallestEffect)
        }
      } + (tangents?.confrontations(evidence.own.tangents) ?? [])
    return Finding(
      hash: loaded.hash, forecast: predictions.forecast, confrontations: confrontations,
      widths: widthSeries(predictions, evidence.widths), neglected: predictions.chain?.chain.neglected,
      histogram: predictions.chain.flatMap { chain in
        (perceptron?.network.architecture.depth ?? 0) > 0
          ? histogram(measured, chain, kernel: Self.outputKernel(predictions.list)) : nil
      },
      depth: perceptron.map { depth(measured, $0.network) } ?? depth(measured, predictions.list),
      finiteWidthExclusion: tangents?.exclusion)
  }

  private func measurement(of quantity: Quantity, in measured: InitializationEnsemble, tangents: [Double]?)
    -> Measurement?
  {
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
      case .neuralTangentKernel: tangents.map { MeanTangentKernel.measurement(quantity, $0) }
      case .kernelMeanDeviation, .tangentKernelVariance, .tangentKernelCovariance,
        .kernelTangentCovariance, .meanTrainingOutput, .meanTestOutput, .testOutputVariance, .trainingLoss, .testLoss:
        nil
      }
    measurement?.quantity = quantity
    return measurement
  }

  /// Of a residual perceptron, on the first input.
  private func depth(_ measured: InitializationEnsemble, _ list: PredictionList) -> [Finding.DepthPoint] {
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

  private func widthSeries(
    _ predictions: Predictions, _ measured: [InitializationEvidence.Ensemble]
  ) -> Finding.WidthSeries {
    let ensemble = loaded.resolved.ensemble
    let points = setup.widths.indices.map { index in
      widthPoint(setup.widths[index].width, predictions.widths[index], measured[index], widthTangents[index])
    }
    func slope(_ estimates: [Estimate]) -> Estimate? {
      guard points.count >= 2, estimates.allSatisfy({ $0.value > 0 && $0.error > 0 }) else { return nil }
      let fit = try? LinearFit.powerLaw(
        x: points.map { Double($0.width) }, y: estimates.map(\.value), errors: estimates.map(\.error))
      return fit.map { Estimate(value: $0.parameters[1].value, error: $0.parameters[1].error) }
    }
    let hasSeries = (perceptron?.network.architecture.depth ?? 0) > 0
    return Finding.WidthSeries(
      points: points, measuredSlope: slope(points.map(\.measuredVariance)),
      chainSlope: slope(points.map(\.chainVariance)), chainNetworks: hasSeries ? ensemble.chainNetworks : 0,
      networks: ensemble.networks)
  }

  private func widthPoint(
    _ width: Int, _ predicted: Width, _ measured: InitializationEvidence.Ensemble, _ tangents: TangentConfrontation?
  ) -> Finding.WidthPoint {
    let (theory, kernel) = (predicted.theory, predicted.theory.kernel)
    let relative = 1 / (kernel * kernel)
    let found = measured.kernels.kernelVariance(layer: theory.layer, 0, 0)
    let confrontations =
      predicted.list.entries.compactMap { entry in
        measurement(of: entry.prediction.quantity, in: measured.kernels, tangents: nil).map {
          Confrontation(entry.prediction, $0, smallestEffect: entry.smallestEffect)
        }
      } + [predicted.meanDeviation] + (tangents?.confrontations(measured.tangents) ?? [])
    let deviation = predicted.meanDeviation
    return Finding.WidthPoint(
      width: width, relativeVariance: theory.relativeVariance,
      relativeVarianceTruncation: theory.varianceTruncation * relative,
      chainVariance: predicted.chainVariance.scaled(by: relative),
      measuredVariance: Estimate(
        value: (found?.value ?? .nan) * relative, error: (found?.standardError ?? .nan) * relative),
      meanDeviation: deviation.prediction.value, meanDeviationTruncation: deviation.prediction.truncationError,
      chainDeviation: Estimate(value: deviation.measurement.value, error: deviation.measurement.standardError),
      tangentKernel: tangents?.point(measured.tangents), confrontations: confrontations)
  }

  /// K^(L) on the first input followed.
  private static func outputKernel(_ list: PredictionList) -> Double? {
    list.entries.last {
      $0.prediction.quantity.kind == .outputVariance && $0.prediction.source.key == Source.kernelRecursion.key
    }?.prediction.value
  }

  private func histogram(
    _ measured: InitializationEnsemble, _ chain: GramChainEnsemble, kernel: Double?
  ) -> Finding.OutputHistogram? {
    guard let kernel, kernel > 0 else { return nil }
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
}

extension PerceptronView {
  /// The same with one width for all hidden layers.
  func with(width: Int) -> PerceptronView {
    var network = self
    network.architecture.widths = network.architecture.widths.map { _ in width }
    return network
  }
}
