import OrreryNetworks
import OrreryTensors

/// Real multilayer perceptrons at initialization whose neural tangent kernels are followed from layer to layer: the measurement of
/// everything at order 1/n that kernel and NTK have.
///
/// ```swift
/// let experiment = try TangentStatisticsExperiment(network, inputs: images)
/// let statistics = try experiment.run(networks: 100_000, seed: 7)
/// print(statistics.fourPointVertex(0, 0, 1, 1))      // n Cov(Ĝ_00, Ĝ_11), with its standard error
/// ```
///
/// Every weight is drawn. The hidden NTK Ĥ_jk;αβ of layer ℓ follows exactly from that of the layer before,
///
///     Ĥ^(ℓ+1)_ik;αβ = δ_ik(λ_b + (λ_W/n) Σ_j σ_jασ_jβ) + Σ_jm W_ij σ′_jα Ĥ^(ℓ)_jm;αβ σ′_mβ W_km,
///
/// and the output layer's weights are integrated out (Rao and Blackwell), so that its own noise does not enter: with sums over
/// the neurons of layer L − 1,
///
///     Ĝ_12 = C_b + (C_W/n) Σ_j σ_j1σ_j2,   M_12 = λ_b + (1/n) Σ_j [λ_Wσ_j1σ_j2 + C_Wσ′_j1σ′_j2Ĥ_jj;12]
///     B̂_1324 = n (C_W/n)² Σ_jk σ′_j1σ′_j3σ′_k2σ′_k4 Ĥ_jk;12Ĥ_jk;34,   F̂_1324 = n (C_W/n)² Σ_jk σ_j1σ′_j3σ_k2σ′_k4 Ĥ_jk;34.
///
/// σ′ at a kink is what automatic differentiation has. Cost of a network: M²/2 products of (n, n) matrices for each hidden layer, M
/// inputs. Domain: at least one hidden layer; independent weights of any law, of which the output layer's enter by their variance.
public struct TangentStatisticsExperiment: Sendable {
  public let setting: TangentSetting

  /// - Parameters:
  ///   - inputs: shape (M, n_0).
  ///   - learningRates: of each layer; the network's own parametrization without them.
  /// - Throws: ``ExperimentError``.
  public init(
    _ network: PerceptronView, inputs: Matrix<Double>, learningRates: [LayerLearningRates]? = nil
  ) throws {
    setting = try TangentSetting(network, inputs: inputs, learningRates: learningRates)
  }

  /// Draws networks and follows them.
  ///
  /// - Parameters:
  ///   - networks: at least 2; member i is the same network in an ensemble of any size and on any number of threads.
  ///   - firstMember: the first of them; ensembles of ranges that do not overlap are independent.
  ///   - memoryLimit: the most bytes that records and the threads' matrices, M²/2 of (n, n) each, may take.
  ///   - withControls: whether to record what ``TangentStatistics/controlledTangentMean(_:)`` needs: Gaussian weights and biases
  ///     and a smooth activation.
  /// - Throws: ``ExperimentError`` when there are too few networks, too little memory, a kernel overflows, or the run is cancelled.
  public func run(
    networks: Int, seed: UInt64, firstMember: Int = 0, memoryLimit: Int = 1 << 30, withControls: Bool = false,
    isCancelled: @Sendable () -> Bool = { false }
  ) throws -> TangentStatistics {
    if withControls { try setting.checkControls() }
    let (network, inputs) = (setting.network, setting.inputs)
    let layout = TangentRecordLayout(
      inputs: inputs.rows, controlledLayers: withControls ? network.layers.count - 1 : 0)
    let followers = WorkerPool { TangentFollower(setting, seed: seed) }
    return TangentStatistics(
      width: network.fanIns.last!, inputs: inputs.rows, layout: layout,
      records: try setting.records(
        networks: networks, count: layout.count, threadBytes: TangentFollower.bytes(setting), memoryLimit: memoryLimit,
        inGroupsOf: 16, isCancelled: isCancelled
      ) { members, records in
        let follower = followers.take()
        for member in members { follower.follow(member: firstMember + member, into: records.row(member), layout) }
        followers.give(follower)
      })
  }
}
