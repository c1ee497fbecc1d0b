import OrreryAnalysis
import OrreryNetworks
import OrreryTensors
import Synchronization

/// Real multilayer perceptrons at initialization whose tangent kernels are differentiated: the measurement of the tensors by which
/// training moves the NTK at order 1/n.
///
/// ```swift
/// let experiment = try TangentDifferentialsExperiment(network, inputs: images)
/// let statistics = try experiment.run(networks: 10_000, seed: 7)
/// print(statistics.estimate(.q, 0, 0, 0, 0))      // n E dĤ_001 z_1, with its standard error
/// ```
///
/// Outputs are chosen that isolate each tensor (`TangentContractions`). Derivatives are those of automatic differentiation: at a
/// kink σ″ = σ‴ = 0. Cost of a network: some M³ third derivatives, M inputs. Domain: at least two outputs, and one hidden layer.
public struct TangentDifferentialsExperiment: Sendable {
  public let network: ResolvedPerceptron
  /// Shape (M, n_0).
  public let inputs: Matrix<Double>
  /// λ_b and λ_W of each layer, positive.
  public let learningRates: [LayerLearningRates]

  /// - Parameters:
  ///   - inputs: shape (M, n_0).
  ///   - learningRates: of each layer; the network's own parametrization without them.
  /// - Throws: ``ExperimentError``.
  public init(
    _ network: ResolvedPerceptron, inputs: Matrix<Double>, learningRates: [LayerLearningRates]? = nil
  ) throws {
    guard network.architecture.outputs >= 2 else {
      throw ExperimentError.badData(
        "The tangent kernel's differentials are told apart by two outputs, and the network has one; give it two.")
    }
    // The same demands on shapes and rates.
    let statistics = try TangentStatisticsExperiment(network, inputs: inputs, learningRates: learningRates)
    self.network = network
    self.inputs = inputs
    self.learningRates = statistics.learningRates
  }

  /// Draws networks and differentiates them.
  ///
  /// - Parameter networks: at least 2; member i is the same network in an ensemble of any size and on any number of threads.
  /// - Throws: ``ExperimentError`` when there are too few networks, a number overflows, or the run is cancelled.
  public func run(
    networks: Int, seed: UInt64, isCancelled: @Sendable () -> Bool = { false }
  ) throws -> TangentDifferentialStatistics {
    guard networks >= 2 else { throw ExperimentError.tooFewNetworks(networks) }
    // An optimizer's own parameters have the unit √λ, whatever variances the draws have: those of an NTK network of variances λ.
    var rated = network
    rated.parametrization = .ntk
    for (index, rates) in learningRates.enumerated() {
      rated.layers[index].weightVariance = rates.weight
      rated.layers[index].biasVariance = rates.bias
    }
    let programs = try TangentDifferentials<Double>.Programs(ResolvedNetwork(rated), samples: inputs.rows)
    let parameters = try NetworkParameters(ResolvedNetwork(network))
    let x = inputs.tensor.elements
    let finished = Atomic<Int>(0)
    let stopped = Atomic<Bool>(false)
    let rows = Parallel.map(networks) { member -> [Double] in
      if stopped.load(ordering: .relaxed) { return [] }
      if isCancelled() {
        stopped.store(true, ordering: .relaxed)
        return []
      }
      var w = [Double](repeating: 0, count: parameters.layout.count)
      w.withUnsafeMutableBufferPointer { parameters.draw($0.baseAddress!, seed: seed, member: member) }
      let row = w.withUnsafeBufferPointer { w in
        x.withUnsafeBufferPointer { x in
          let differentials = TangentDifferentials(programs, parameters: w.baseAddress!, inputs: x.baseAddress!)
          let contractions = TangentContractions(differentials, outputs: differentials.outputs())
          return contractions.values.flatMap(\.elements)
        }
      }
      finished.add(1, ordering: .relaxed)
      return row
    }
    let count = finished.load(ordering: .relaxed)
    guard count == networks else { throw ExperimentError.cancelled(finished: count, networks: networks) }
    let broken = rows.count { !$0.allSatisfy(\.isFinite) }
    guard broken == 0 else {
      throw ExperimentError.overflow(layer: network.layers.count, networks: broken, precision: "float64")
    }
    return TangentDifferentialStatistics(width: network.fanIns.last!, inputs: inputs.rows, rows: rows)
  }
}

/// What an ensemble of networks says of P … U, in the units of the recursions: each number is of X, where X/n is what is observed.
public struct TangentDifferentialStatistics: Sendable {
  /// The tensors, with indices in the order of their contraction: P_0123, Q_0123, R_0123, S_1234, T and U by the inputs 1, 2, 3, 4
  /// of ddĤ_II,1234.
  public enum Tensor: String, CaseIterable, Sendable { case p, q, r, s, t, u }

  /// n_(L−1).
  public let width: Int
  /// M.
  public let inputs: Int
  /// One row a network: tensor by tensor, each of shape (M, M, M, M).
  private let rows: [[Double]]

  init(width: Int, inputs: Int, rows: [[Double]]) {
    self.width = width
    self.inputs = inputs
    self.rows = rows
  }

  public var networks: Int { rows.count }

  /// n times a contraction of every network, whose mean is the tensor's estimate.
  public func values(_ tensor: Tensor, _ a: Int, _ b: Int, _ c: Int, _ d: Int) -> [Double] {
    let place = ((a * inputs + b) * inputs + c) * inputs + d
    let start = Tensor.allCases.firstIndex(of: tensor)! * inputs * inputs * inputs * inputs
    return rows.map { Double(width) * $0[start + place] }
  }

  /// The tensor's estimate, with its standard error over networks; it differs from the leading tensor by a relative O(L/n).
  public func estimate(_ tensor: Tensor, _ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Estimate {
    StreamingMoments(values(tensor, a, b, c, d)).estimate
  }
}
