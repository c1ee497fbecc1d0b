import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// Puts together what theory says of one study. Runs no network.
public struct ForecastBuilder: Sendable {
  let study: Study
  let resolved: ResolvedStudy<PerceptronView>
  /// As described, for the words of the forecast.
  let initialization: Initialization
  let inputs: InputStatistics
  let data: DataSet<Double>.Part?
  let label: String
  /// The samples that gradients are averaged over; nil without data or optimizer.
  let samples: GradientSamples?

  /// - Parameters:
  ///   - study: the description, for the words of its initialization.
  ///   - resolved: the same with every number fixed.
  ///   - inputs: how the training inputs enter.
  ///   - data: the training samples, over which gradients are averaged.
  ///   - label: this point's settings in a sweep.
  public init(
    study: Study, initialization: Initialization, resolved: ResolvedStudy<PerceptronView>, inputs: InputStatistics,
    data: DataSet<Double>.Part? = nil, label: String = ""
  ) {
    self.study = study
    self.initialization = initialization
    self.resolved = resolved
    self.inputs = inputs
    self.data = data
    self.label = label
    let limit = GradientSamples.affordable(layers: resolved.network.architecture.layerCount)
    samples =
      resolved.optimizer == nil
      ? nil : data.map { GradientSamples(inputs: $0.inputs, targets: $0.targets, limit: limit) }
  }

  private var architecture: MultilayerPerceptron { resolved.network.architecture }

  /// 1 − c of a typical pair of inputs.
  private var oneMinusCorrelation: Double { min(max(1 - inputs.typicalCorrelation, 0), 2) }

  /// - Throws: `StudyError` when kernels overflow at infinite width.
  public func forecast() throws -> Forecast {
    let analysis = Criticality.points(of: architecture.activation)
    let trajectory = trajectory(of: resolved.network)
    try checkFinite(trajectory, analysis)
    let candidates = InitializationCandidate.all(
      beside: initialization, own: resolved.network, meanSquaredInput: inputs.meanSquare)
    // The last two pieces are the flows, which take about as long as a column.
    let pieces = Parallel.map(candidates.count + 2) { index -> Piece in
      switch index - candidates.count {
      case 0: .flow(SingleInputFlow(resolved.network, meanSquaredInput: inputs.meanSquare))
      case 1: .finiteWidth(finiteWidth(analysis))
      default: .column(column(candidates[index], trajectory: candidates[index].isOwn ? trajectory : nil))
      }
    }
    let columns = pieces.compactMap(\.column)
    guard case .flow(let flow) = pieces[candidates.count], case .finiteWidth(let finite) = pieces[candidates.count + 1]
    else { preconditionFailure("Pieces come in their order.") }
    let own = columns[0]
    let expansion =
      resolved.network.firstDependentLayer == nil ? expansion(analysis, own: flow.relativeVariance) : nil
    let advice = ForecastAdvice(
      own: own, columns: columns, expansion: expansion, inputs: inputs, study: resolved,
      hasTargets: data?.targets != nil)
    let forecast = Forecast(
      subject: resolved.subject, label: label, study: resolved.with(ResolvedNetwork(resolved.network)),
      verdict: advice.verdict, expansion: expansion,
      finiteWidth: finite.forecast, inputs: inputs,
      initializations: columns.map(\.forecast),
      layers: zip(trajectory.entries, flow.layers).map { entry, layer in
        layerForecast(entry, layer, trainability: own.trainability)
      }, criticality: criticality(analysis),
      fixedPoints: Forecast.FixedPoint.all(of: resolved.network, meanSquaredInput: inputs.meanSquare),
      changes: advice.changes, notSaid: advice.notSaid + (finite.exclusion.map { [$0] } ?? []),
      predictions: predictions(trajectory, flow, finite.flow))
    return forecast.withLaws()
  }

  /// A part of a forecast that is made beside the others.
  private enum Piece: Sendable {
    case column(Column)
    case flow(SingleInputFlow)
    case finiteWidth(Forecast.FiniteWidth.Outcome)

    var column: Column? {
      guard case .column(let column) = self else { return nil }
      return column
    }
  }

  private func finiteWidth(_ analysis: CriticalityAnalysis) -> Forecast.FiniteWidth.Outcome {
    let point = try? analysis.choice(meanSquaredInput: inputs.meanSquare)
    return Forecast.FiniteWidth.outcome(
      resolved.network, meanSquaredInput: inputs.meanSquare, meanSquaredTarget: samples?.meanSquaredTarget ?? 1,
      nu: point?.exponents.nu)
  }

  private func expansion(_ analysis: CriticalityAnalysis, own: Double) -> Forecast.ExpansionParameter {
    let ratio = architecture.aspectRatio
    let critical = (try? analysis.choice(meanSquaredInput: inputs.meanSquare)).map {
      AspectRatio(architecture, point: $0)
    }
    let coupling = critical?.coupling ?? own
    return Forecast.ExpansionParameter(
      aspectRatio: ratio, slope: critical?.nu ?? (ratio > 0 ? own / ratio : 0), coupling: coupling,
      isCritical: critical != nil, relativeVariance: own, verdict: CouplingRegime(relativeVariance: coupling).rawValue)
  }

  private func checkFinite(_ trajectory: KernelTrajectory, _ analysis: CriticalityAnalysis) throws {
    guard let last = trajectory.entries.last, last.kernel.isFinite, trajectory.entries.count == architecture.layerCount
    else {
      // The entries end before the first layer whose kernel is no number.
      let layer = trajectory.entries.count + 1
      let layers = architecture.layerCount
      if layer == 1 {
        throw StudyError(
          .overflow,
          "The kernel overflows at layer 1 of \(layers): the inputs are too large, |x|²/n₀ = "
            + "\(NumberText.text(inputs.meanSquare)) on average; scale them, or use normalize: sphere.")
      }
      let remedy = analysis.points.isEmpty ? "take fewer layers" : "use init: critical"
      throw StudyError(
        .overflow,
        "The kernel overflows at layer \(layer) of \(layers): this initialization grows without bound; "
          + "lower weight-variance, or \(remedy).")
    }
  }

  // MARK: One column of the first page

  /// A column with what the advice needs of it.
  struct Column {
    var forecast: Forecast.InitializationForecast
    var trainability: Trainability?
  }

  private func trajectory(of network: PerceptronView) -> KernelTrajectory {
    KernelTrajectory(
      network, meanSquaredInput: inputs.meanSquare, oneMinusCorrelation: oneMinusCorrelation,
      integrator: architecture.activation.pairIntegrator)
  }

  private func column(_ candidate: InitializationCandidate, trajectory known: KernelTrajectory?) -> Column {
    var network = resolved.network
    network.layers = candidate.layers
    let trajectory = known ?? trajectory(of: network)
    let output = trajectory.entries.last
    let isWhole = trajectory.entries.count == architecture.layerCount && output?.kernel.isFinite == true
    let quantiles = isWhole ? quantiles(of: network, kernel: output!.kernel, first: trajectory.kernels[0]) : nil
    let trainability = resolved.optimizer.map { optimizer in
      Trainability(
        name: candidate.name, network,
        conditions: TrainingConditions(
          meanSquaredInput: inputs.meanSquare, inputCorrelation: inputs.typicalCorrelation, optimizer: optimizer,
          precision: resolved.precision, samples: resolved.data.train ?? inputs.samples,
          meanSquaredTarget: samples?.meanSquaredTarget ?? 1, data: samples),
        trajectory: trajectory, typicalKernelRatio: quantiles?.median ?? 1)
    }
    return Column(
      forecast: Forecast.InitializationForecast(
        name: candidate.name, isOwn: candidate.isOwn, layers: candidate.layers,
        outputKernel: isWhole ? output!.kernel : .infinity, outputKernelRange: quantiles?.central,
        outputKernelOverData: isWhole ? spread(of: network, kernel: output!.kernel) : nil,
        outputCorrelation: output?.pair?.correlation ?? 1,
        outputDecorrelation: output?.pair?.oneMinusCorrelation ?? 0,
        trainability: trainability.map(Forecast.TrainabilityForecast.init)), trainability: trainability)
  }

  /// The central 95 % and the median of one network's output kernel over that of infinite width, from some hundreds or
  /// thousands of networks of the chain; nil when the chain cannot be sampled (single precision overflows), or would take
  /// minutes.
  ///
  /// Wide networks need no sampling: the kernel is a sum over many neurons, so K(1 ± 1.96 √r) with the relative variance
  /// r = V/(n K²) of order 1/n, whose own error is of relative order √r in the ends' distance from 1.
  private func quantiles(
    of network: PerceptronView, kernel: Double, first: Double
  ) -> (central: Forecast.ClosedInterval, median: Double)? {
    // The chain's law, and that of order 1/n, are of independent weights.
    guard kernel > 0, network.architecture.depth > 0, network.firstDependentLayer == nil else { return nil }
    let neurons = network.architecture.widths.reduce(0, +)
    let networks = min(max(20_000_000 / max(1, neurons), 400), 4000)
    let flow = SingleInputFlow(network, meanSquaredInput: inputs.meanSquare)
    let relative = flow.layers.count == network.architecture.layerCount ? flow.relativeVariance : .infinity
    // 3 · 10⁸ normals are seconds of one core.
    let isCheap = neurons <= 300_000_000 / networks
    if relative < (isCheap ? 1e-4 : 1e-2) {
      let deviation = 1.959964 * relative.squareRoot()
      return (Forecast.ClosedInterval(lower: 1 - deviation, upper: 1 + deviation), 1)
    }
    guard isCheap else { return nil }
    let entry = KernelEntry(layer: network.architecture.layerCount, 0, 0)
    guard
      let chain = try? GramChain(network, firstKernel: Matrix(rows: 1, columns: 1, elements: [first])),
      let ensemble = try? chain.sample(
        networks: networks, seed: resolved.seed, options: GramChainOptions(tracked: [entry], covariances: false)),
      let trace = ensemble.trace(entry)
    else { return nil }
    let values = Statistics.quantiles([0.025, 0.5, 0.975], of: trace).map { $0 / kernel }
    return (Forecast.ClosedInterval(lower: values[0], upper: values[2]), values[1])
  }

  /// The central 90 % over the data of K^(L), over that of typical norm; nil where inputs are equally long.
  private func spread(of network: PerceptronView, kernel: Double) -> Forecast.ClosedInterval? {
    guard let data, kernel > 0, inputs.largestSquare > inputs.smallestSquare * (1 + 1e-9) else { return nil }
    let squares = InputStatistics.squares(of: data.inputs)
    // A kernel need not grow with the input, so that the quantiles between are looked at too.
    let lengths = Statistics.quantiles([0.05, 0.275, 0.5, 0.725, 0.95], of: squares)
    let kernels = OutputKernels.values(network, meanSquaredInputs: lengths, near: kernel)
    guard let low = kernels.min(), let high = kernels.max() else { return nil }
    return Forecast.ClosedInterval(lower: low / kernel, upper: high / kernel)
  }

  private func layerForecast(
    _ entry: KernelTrajectory.Entry, _ layer: SingleInputLayer, trainability: Trainability?
  ) -> Forecast.LayerForecast {
    Forecast.LayerForecast(
      layer: entry.layer, kernel: entry.kernel, decorrelation: entry.pair?.oneMinusCorrelation ?? 0,
      neuralTangentKernel: layer.neuralTangentKernel, parallelSusceptibility: entry.susceptibility.parallel,
      perpendicularSusceptibility: entry.susceptibility.perpendicular,
      kernelVariance: layer.isFluctuationKnown ? layer.variance : nil,
      kernelShift: layer.isFluctuationKnown ? layer.shift : nil,
      weightGradient: trainability?.gradients.layers.first { $0.layer == entry.layer }?.weight
    )
  }

  private func criticality(_ analysis: CriticalityAnalysis) -> Forecast.CriticalityForecast {
    let choice = try? analysis.choice(meanSquaredInput: inputs.meanSquare)
    return Forecast.CriticalityForecast(
      points: analysis.points.map { point in
        Forecast.CriticalPointForecast(
          point, isTaken: point == choice, layerCount: architecture.layerCount, inputs: inputs)
      }, reason: analysis.obstruction?.description)
  }

  private func predictions(
    _ trajectory: KernelTrajectory, _ flow: SingleInputFlow, _ finite: FiniteWidthFlow?
  ) -> [Prediction] {
    let sizes = sizesOfNextOrder(flow)
    return zip(trajectory.entries, zip(flow.layers, sizes)).flatMap { entry, order -> [Prediction] in
      let (layer, size) = order
      // Where order 1/n of the NTK is not computed, the kernel's relative size stands in.
      let known = finite?.neglected == nil ? finite?.layers[layer.layer - 1].tangentKernelPrediction(0, 0) : nil
      let tangent = Prediction(
        Quantity(.neuralTangentKernel, layer: layer.layer), value: layer.neuralTangentKernel,
        truncationError: known?.truncationError ?? layer.neuralTangentKernel * size, source: .neuralTangentKernel)
      return [layer.kernelPrediction(size: size), layer.kernelVariancePrediction(), tangent].compactMap(\.self)
        + (entry.pair.map { [layer.correlationPrediction(oneMinusCorrelation: $0.oneMinusCorrelation, size: size)] }
          ?? [])
    }
  }

  /// The relative size of order 1/n in each layer: V/(nK²). Where weights depend on each other it is not known, and that of
  /// independent ones of the same variances stands in as a scale.
  private func sizesOfNextOrder(_ flow: SingleInputFlow) -> [Double] {
    guard resolved.network.firstDependentLayer != nil else { return flow.layers.map(\.relativeVariance) }
    var network = resolved.network
    for index in network.layers.indices { network.layers[index].weightDistribution = .gaussian }
    return SingleInputFlow(network, meanSquaredInput: inputs.meanSquare).layers.map(\.relativeVariance)
  }
}
