import OrreryNetworks
import OrreryTensors

/// What a confrontation will cost, from counts of its normal variates: they dominate at initialization.
struct ConfrontationCost {
  var seconds: Double

  /// Normal variates, with what is done to them, that one core handles in a second: about what AVX2 reaches.
  private static let weightsPerSecond = 250e6
  private static let chainNormalsPerSecond = 120e6

  /// Products of one core in a second, in matrices of few rows.
  private static let multiplyAddsPerSecond = 5e9

  /// Of networks that run by their program, whose parameters are all drawn and, in dense layers, met once a sample.
  init(parameters: Double, networks: Int, samples: Int) {
    let each = parameters / Self.weightsPerSecond + parameters * Double(samples) / Self.multiplyAddsPerSecond
    seconds = Double(networks) * each / Double(Parallel.threads)
  }

  init(_ study: ResolvedStudy<PerceptronView>, probes: Int) {
    func weights(_ network: PerceptronView) -> Double {
      zip(network.fanIns, network.architecture.layerWidths).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    }
    let threads = Double(Parallel.threads)
    var real = weights(study.network)
    var chain =
      Double(InitializationConfrontation.chainNetworks(study, samples: probes)) * Double(probes)
      * study.network.architecture.widths.reduce(0.0) { $0 + Double($1) }
    for width in study.ensemble.widths {
      var point = study
      point.network.architecture.widths = point.network.architecture.widths.map { _ in width }
      real += weights(point.network)
      chain +=
        Double(InitializationConfrontation.chainNetworks(point, samples: 1)) * Double(width)
        * Double(study.network.architecture.depth)
    }
    let networks = Double(study.ensemble.networks)
    seconds = (real * networks / Self.weightsPerSecond + chain / Self.chainNormalsPerSecond) / threads
  }
}
