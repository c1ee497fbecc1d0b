import OrreryNetworks
import OrreryTensors

extension KernelState {
  /// The state of data as they enter a network: second moments x·x′/d over the d channels, no parameters before them.
  ///
  /// - Parameters:
  ///   - x: (samples, P d), channels last.
  ///   - y: the columns, likewise; `x` when nil.
  ///   - pairs: of positions; none where all features are channels.
  ///   - tangents: whether to carry the tangent kernel.
  /// - Precondition: rows and columns have the same features, a multiple of P.
  public init(rows x: Matrix<Double>, columns y: Matrix<Double>? = nil, pairs: PositionPairs = .none, tangents: Bool) {
    let other = y ?? x
    precondition(x.columns == other.columns, "Rows and columns have the same features.")
    precondition(x.columns.isMultiple(of: pairs.positionCount), "Every position has the same channels.")
    let channels = x.columns / pairs.positionCount
    let (first, second) = (Sites(x, channels), Sites(other, channels))
    var values: [Double] = []
    values.reserveCapacity(x.rows * other.rows * pairs.count)
    for row in 0..<x.rows {
      for column in 0..<other.rows {
        for pair in 0..<pairs.count {
          values.append(
            first.oneMinusCorrelation(
              row * pairs.positionCount + pairs.first[pair], second, column * pairs.positionCount + pairs.second[pair]))
        }
      }
    }
    let rows = first.side(samples: x.rows, pairs)
    self.init(
      pairs: pairs, rows: rows, columns: y == nil ? rows : second.side(samples: other.rows, pairs),
      oneMinusCorrelations: values, tangents: tangents ? values.map { _ in 0 } : nil, isSymmetric: y == nil,
      isGaussian: false)
  }
}

/// The channels of every site of some samples.
private struct Sites {
  let values: Matrix<Double>
  let channels: Int
  let squaredNorms: [Double]

  init(_ values: Matrix<Double>, _ channels: Int) {
    self.values = values
    self.channels = channels
    squaredNorms = values.withUnsafeBuffer { buffer in
      (0..<(values.rows * values.columns / max(channels, 1))).map {
        InputCorrelation.squaredNorm(buffer.baseAddress! + $0 * channels, count: channels)
      }
    }
  }

  func oneMinusCorrelation(_ site: Int, _ other: Sites, _ otherSite: Int) -> Double {
    values.withUnsafeBuffer { x in
      other.values.withUnsafeBuffer { y in
        InputCorrelation.oneMinusCorrelation(
          x.baseAddress! + site * channels, y.baseAddress! + otherSite * channels, count: channels,
          squaredNorm1: squaredNorms[site], squaredNorm2: other.squaredNorms[otherSite])
      }
    }
  }

  func side(samples: Int, _ pairs: PositionPairs) -> KernelSide {
    var own: [Double] = []
    for sample in 0..<samples {
      for pair in 0..<pairs.count {
        let (p, q) = (pairs.first[pair], pairs.second[pair])
        own.append(
          p == q
            ? 0 : oneMinusCorrelation(sample * pairs.positionCount + p, self, sample * pairs.positionCount + q))
      }
    }
    let means = squaredNorms.indices.map { site in
      values.withUnsafeBuffer { buffer in
        buffer[(site * channels)..<((site + 1) * channels)].reduce(0, +) / Double(channels)
      }
    }
    return KernelSide(
      samples: samples, variances: squaredNorms.map { $0 / Double(channels) }, oneMinusCorrelations: own,
      means: means.contains { $0 != 0 } ? means : nil)
  }
}
