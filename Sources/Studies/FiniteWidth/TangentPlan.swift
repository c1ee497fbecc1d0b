import OrreryFindings
import OrreryNetworks
import OrreryTensors

/// Of how many networks a confrontation follows the neural tangent kernel, and what that takes.
struct TangentPlan: Hashable, Sendable {
  /// As many as the study asks for, or as ``budget`` allows.
  var networks: Int
  /// On the threads in use.
  var seconds: Double
  /// Seconds of one core for a single network.
  let secondsEach: Double

  /// How many of the first inputs the study's own network is followed on.
  static let samples = 2
  /// Seconds of one core for the study's own network; as much again for all widths together.
  static let budget = 8.0

  /// - Parameters:
  ///   - samples: M.
  ///   - networks: asked for.
  init(_ network: PerceptronView, samples: Int, networks asked: Int, budget: Double = Self.budget) {
    secondsEach = Self.seconds(network, samples: samples)
    networks = min(asked, Int(min(budget / secondsEach, 1e9)))
    seconds = Double(networks) * secondsEach / Double(Parallel.threads)
  }

  /// Whether so many decide anything, or are all that was asked for.
  func isEnough(of asked: Int) -> Bool { networks >= min(asked, Confrontation.fewestNetworks) }

  /// Two products of (n, n) matrices for each pair of inputs and hidden layer, each of its elements passed over a few times, M⁴ sums over
  /// n² at the output, and the draws: about what AVX2 reaches.
  private static func seconds(_ network: PerceptronView, samples: Int) -> Double {
    let widths = network.architecture.widths.map(Double.init)
    let pairs = Double(samples * (samples + 1) / 2)
    var seconds = 1e-5
    var before = Double(network.inputs)
    for (index, n) in widths.enumerated() {
      seconds += 4e-9 * n * before
      if index > 0 { seconds += pairs * (2 * n * before * (n + before) / 15e9 + 2e-9 * n * n) }
      before = n
    }
    let fours = Double(samples * samples * samples * samples)
    return seconds + 2e-9 * fours * before * before
  }

  /// That of a study's own network and of those at several widths.
  static func seconds(_ study: ResolvedStudy<PerceptronView>, samples: Int) -> Double {
    let own = TangentPlan(study.network, samples: min(samples, Self.samples), networks: study.ensemble.networks)
    return study.ensemble.widths.reduce(own.isEnough(of: study.ensemble.networks) ? own.seconds : 0) { sum, width in
      let plan = atWidth(width, study)
      return sum + (plan.isEnough(of: study.ensemble.networks) ? plan.seconds : 0)
    }
  }

  /// All hidden layers of one width, on one input.
  static func atWidth(_ width: Int, _ study: ResolvedStudy<PerceptronView>) -> TangentPlan {
    var network = study.network
    network.architecture.widths = network.architecture.widths.map { _ in width }
    return TangentPlan(
      network, samples: 1, networks: study.ensemble.networks,
      budget: budget / Double(max(1, study.ensemble.widths.count)))
  }
}
