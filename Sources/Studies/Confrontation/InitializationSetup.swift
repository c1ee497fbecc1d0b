import OrreryExperiment
import OrreryNetworks
import OrreryTensors

/// Which networks a confrontation draws and does not train: fixed before anything is forecast or measured.
struct InitializationSetup: Sendable {
  /// An ensemble on some inputs.
  struct Ensemble: Sendable {
    var network: ResolvedNetwork
    var inputs: Matrix<Double>
    var networks: Int
    /// Where its members begin. Ensembles draw from ranges of members of their own: the study's ensemble is number 0, each width's one of the
    /// others, so that they are independent, though the study's own width may be among them.
    var firstMember: Int
    /// Of how many networks the NTK's statistics are followed, on how many of the first inputs; nil for none.
    var tangents: (networks: Int, samples: Int)?
  }

  var seed: UInt64
  var precision: Precision
  /// The study's own network.
  var own: Ensemble
  /// Every hidden layer of one width, on the first input.
  var widths: [(width: Int, ensemble: Ensemble)]
  /// Whether the output's mean NTK is measured, of networks that are no perceptrons.
  var hasMeanTangent: Bool

  /// The members that each ensemble may have.
  static func members(_ ensemble: EnsembleDescription) -> Int { Int(UInt32.max) / (ensemble.widths.count + 1) }
}

/// What drawn networks showed.
struct InitializationEvidence: Sendable {
  /// Of one ensemble.
  struct Ensemble: Sendable {
    var kernels: InitializationEnsemble
    var tangents: TangentStatistics?
  }

  var own: Ensemble
  var widths: [Ensemble]
  /// The output's NTK, network by network.
  var meanTangent: [Double]?

  init(_ setup: InitializationSetup, _ sitting: Sitting) throws {
    func measure(_ ensemble: InitializationSetup.Ensemble, width: Int) throws -> Ensemble {
      let started = ContinuousClock.now
      let kernels = try InitializationExperiment(ensemble.network, inputs: ensemble.inputs).run(
        networks: ensemble.networks, seed: setup.seed,
        options: .init(
          // Half precisions are for forecasts; at initialization real networks are drawn in single precision at least.
          precision: setup.precision == .float64 ? .float64 : .float32, firstMember: ensemble.firstMember,
          progress: { finished in
            let elapsed = (ContinuousClock.now - started) / .seconds(1)
            let left = elapsed * Double(ensemble.networks - finished) / Double(max(1, finished))
            sitting.report(
              "width \(width): \(finished) of \(ensemble.networks) networks, \(Int(left.rounded(.up))) s left", nil)
          }, isCancelled: sitting.isCancelled))
      guard let plan = ensemble.tangents, let perceptron = ensemble.network.perceptron else {
        return Ensemble(kernels: kernels, tangents: nil)
      }
      sitting.report("width \(width): following the NTK of \(plan.networks) networks", nil)
      let inputs = ensemble.inputs.selectingRows(Array(0..<plan.samples))
      return Ensemble(
        kernels: kernels,
        tangents: try TangentStatisticsExperiment(perceptron, inputs: inputs).run(
          networks: plan.networks, seed: setup.seed, firstMember: ensemble.firstMember, isCancelled: sitting.isCancelled
        ))
    }
    let network = setup.own.network
    own = try measure(
      setup.own, width: network.perceptron?.architecture.widths.max() ?? network.residual?.width ?? 0)
    widths = try setup.widths.map { try measure($0.ensemble, width: $0.width) }
    if setup.hasMeanTangent {
      sitting.report("following NTKs", nil)
      meanTangent = try MeanTangentKernel.values(
        of: network, input: setup.own.inputs.selectingRows([0]), seed: setup.seed, networks: setup.own.networks,
        isCancelled: sitting.isCancelled)
    }
  }
}
