import OrreryExperiment
import OrreryFindings

/// An observable that has several numbers at each step, as far as a report shows it; all of it is in the archive.
///
/// Lists are means over networks with standard errors; densities and matrices are those of the first network, at a few steps.
public struct ArraySeries: Codable, Sendable {
  public var observable: String
  /// What a report calls it.
  public var title: String
  /// The observable that it belongs to.
  public var group: String
  public var kind: ObservableRecord.Kind
  public var shape: [Int]
  public var steps: [Int]
  /// Row-major, of each step.
  public var values: [[Double]]
  /// Over networks; empty for single ones.
  public var standardErrors: [[Double]]
  /// Of a list whose values are estimates: how far each may be from the truth; empty where nothing says so. Means over networks, as the
  /// values are, which bound the error of the mean.
  public var bounds: [[Double]]

  private var gathered: [Int: [[Double]]] = [:]

  private enum CodingKeys: CodingKey {
    case observable, title, group, kind, shape, steps, values, standardErrors, bounds
  }

  init(_ record: ObservableRecord, _ group: String) {
    observable = record.name
    title = record.title
    kind = record.kind
    self.group = group
    (shape, steps, values, standardErrors, bounds) = ([], [], [], [], [])
  }

  /// Matrices larger than this are not shown.
  private static var mostElements: Int { 128 * 128 }

  /// Whether all networks and all steps are shown.
  private var isList: Bool {
    switch kind {
    case .list, .bound: true
    default: false
    }
  }

  /// - Parameter other: the bounds of this list's values.
  mutating func take(bounds other: ArraySeries) {
    guard other.steps == steps, other.shape == shape else { return }
    bounds = other.values
  }

  mutating func add(_ observation: Observation) {
    guard observation.values.count <= Self.mostElements else { return }
    guard isList || observation.member == 0 else { return }
    if gathered.isEmpty { shape = observation.shape }
    guard shape == observation.shape else { return }
    gathered[observation.step, default: []].append(observation.values)
  }

  mutating func finish() {
    var chosen = gathered.keys.sorted()
    // Curves need all steps, pictures the ends and the middle.
    if !isList, chosen.count > 3 { chosen = [chosen[0], chosen[chosen.count / 2], chosen[chosen.count - 1]] }
    for step in chosen {
      let networks = gathered[step]!
      let count = Double(networks.count)
      let mean = networks[0].indices.map { i in networks.reduce(0) { $0 + $1[i] } / count }
      steps.append(step)
      values.append(mean)
      guard networks.count > 1 else { continue }
      standardErrors.append(
        mean.indices.map { i in
          let squares = networks.reduce(0) { $0 + ($1[i] - mean[i]) * ($1[i] - mean[i]) }
          return (squares / (count * (count - 1))).squareRoot()
        })
    }
    gathered = [:]
  }
}
