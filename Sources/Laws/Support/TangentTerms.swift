import OrreryAnalysis
import OrreryExperiment

/// One number a network for each of some tensors at order 1/n, whose mean over networks is the tensor's estimate.
///
/// A covariance is the mean of products of deviations from the ensemble's means, (M/(M − 1)) n (x − x̄)(y − ȳ): what the means' own
/// errors add is of order 1/M.
struct TangentTerms: Sendable {
  /// One list a tensor, of one number a network.
  private(set) var columns: [[Double]] = []
  let networks: Int
  /// n.
  private let width: Double

  init(networks: Int, width: Int) {
    self.networks = networks
    self.width = Double(width)
  }

  init(_ statistics: TangentStatistics) { self.init(networks: statistics.networks, width: statistics.width) }

  /// Any list as it is.
  mutating func add(_ column: [Double]) { columns.append(column) }

  /// n (x − offset), whose mean over networks is a mean's correction at order 1/n.
  mutating func addShift(_ column: [Double], from offset: Double) {
    columns.append(column.map { width * ($0 - offset) })
  }

  /// n Cov(x, y).
  mutating func addCovariance(_ x: [Double], _ y: [Double]) {
    let count = Double(networks)
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let factor = width * count / (count - 1)
    columns.append(zip(x, y).map { factor * ($0 - meanX) * ($1 - meanY) })
  }

  /// Means and covariances over the networks.
  func moments() -> StreamingCovariance {
    var moments = StreamingCovariance(variables: columns.count)
    for network in 0..<networks { moments.add(columns.map { $0[network] }) }
    return moments
  }
}
