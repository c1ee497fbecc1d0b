import OrreryAnalysis
import OrreryNetworks
import OrreryTensors

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
  public let setting: TangentSetting

  /// - Parameters:
  ///   - inputs: shape (M, n_0).
  ///   - learningRates: of each layer; the network's own parametrization without them.
  /// - Throws: ``ExperimentError``.
  public init(
    _ network: PerceptronView, inputs: Matrix<Double>, learningRates: [LayerLearningRates]? = nil
  ) throws {
    guard network.architecture.outputs >= 2 else {
      throw ExperimentError.badData(
        "The tangent kernel's differentials are told apart by two outputs, and the network has one; give it two.")
    }
    setting = try TangentSetting(network, inputs: inputs, learningRates: learningRates)
  }

  /// Draws networks and differentiates them.
  ///
  /// - Parameters:
  ///   - networks: at least 2; member i is the same network in an ensemble of any size and on any number of threads.
  ///   - firstMember: the first of them; ensembles of ranges that do not overlap are independent.
  ///   - memoryLimit: the most bytes that records, 6M⁴ numbers of each network, may take.
  /// - Throws: ``ExperimentError`` when there are too few networks, too little memory, a number overflows, or the run is cancelled.
  public func run(
    networks: Int, seed: UInt64, firstMember: Int = 0, memoryLimit: Int = 1 << 30,
    isCancelled: @Sendable () -> Bool = { false }
  ) throws -> TangentDifferentialStatistics {
    let (network, inputs) = (setting.network, setting.inputs)
    // An optimizer's own parameters have the unit √λ, whatever variances the draws have: those of an NTK network of variances λ.
    var rated = network
    rated.parametrization = .ntk
    for (index, rates) in setting.learningRates.enumerated() {
      rated.layers[index].weightVariance = rates.weight
      rated.layers[index].biasVariance = rates.bias
    }
    let programs = try TangentDifferentials<Double>.Programs(ResolvedNetwork(rated), samples: inputs.rows)
    let parameters = try NetworkParameters(ResolvedNetwork(network))
    let x = inputs.tensor.elements
    let records = try setting.records(
      networks: networks, count: TangentDifferentialStatistics.count(inputs: inputs.rows), memoryLimit: memoryLimit,
      inGroupsOf: 1, isCancelled: isCancelled
    ) { members, records in
      for member in members {
        var w = [Double](repeating: 0, count: parameters.layout.count)
        w.withUnsafeMutableBufferPointer { parameters.draw($0.baseAddress!, seed: seed, member: firstMember + member) }
        let contractions = w.withUnsafeBufferPointer { w in
          x.withUnsafeBufferPointer { x in
            let differentials = TangentDifferentials(programs, parameters: w.baseAddress!, inputs: x.baseAddress!)
            return TangentContractions(differentials, outputs: differentials.outputs())
          }
        }
        let row = records.row(member)
        for (place, number) in contractions.values.flatMap(\.elements).enumerated() { row[place] = number }
      }
    }
    return TangentDifferentialStatistics(width: network.fanIns.last!, inputs: inputs.rows, records: records)
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
  /// Of each network tensor by tensor, each of shape (M, M, M, M).
  private let records: NetworkRecords

  init(width: Int, inputs: Int, records: NetworkRecords) {
    self.width = width
    self.inputs = inputs
    self.records = records
  }

  /// The numbers of one network.
  static func count(inputs: Int) -> Int { Tensor.allCases.count * inputs * inputs * inputs * inputs }

  public var networks: Int { records.networks }

  /// n times a contraction of every network, whose mean is the tensor's estimate.
  public func values(_ tensor: Tensor, _ a: Int, _ b: Int, _ c: Int, _ d: Int) -> [Double] {
    let place = ((a * inputs + b) * inputs + c) * inputs + d
    let start = Tensor.allCases.firstIndex(of: tensor)! * inputs * inputs * inputs * inputs
    return records.column(start + place).map { Double(width) * $0 }
  }

  /// The tensor's estimate, with its standard error over networks; it differs from the leading tensor by a relative O(L/n).
  public func estimate(_ tensor: Tensor, _ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Estimate {
    StreamingMoments(values(tensor, a, b, c, d)).estimate
  }
}
