import OrreryExperiment
import OrreryFindings
import OrreryReports

/// What the archive has of an observable that is an array at each step.
public struct RecordedArrays: Hashable, Codable, Sendable {
  public var observable: String
  /// What a report calls it.
  public var title: String
  /// Of one observation; the largest where they differ.
  public var shape: [Int]
  /// In order.
  public var steps: [Int]
  /// How many observations there are, over all networks and steps.
  public var count: Int
  /// Whether every number is finite.
  public var isFinite = true

  init(_ record: ObservableRecord) {
    (observable, title) = (record.name, record.title)
    (shape, steps, count) = ([], [], 0)
  }

  mutating func add(_ observation: Observation) {
    count += 1
    if isFinite { isFinite = observation.values.allSatisfy(\.isFinite) }
    if observation.values.count > shape.reduce(1, *) || shape.isEmpty { shape = observation.shape }
    if steps.last != observation.step, !steps.contains(observation.step) {
      steps.append(observation.step)
      steps.sort()
    }
  }
}

extension TrainingFinding {
  /// Arrays with their shapes, and how to get them; nil where there are none.
  var arrayTable: Table? {
    guard !recorded.isEmpty else { return nil }
    var table = Table(
      columns: [.init("array"), .init("shape", .right), .init("steps", .right), .init("arrays", .right)],
      notes: [
        InlineText(verbatim: "All of them as npz: orrery runs export \(hash.prefix(8)) -o arrays.npz")
      ])
    table.rows = recorded.map { one in
      let steps =
        one.steps.count <= 4
        ? one.steps.map(String.init).joined(separator: ", ")
        : "\(one.steps.count) from \(one.steps[0]) to \(one.steps[one.steps.count - 1])"
      let shape = one.shape.map(String.init).joined(separator: " × ")
      return Table.Row([
        .text(InlineText(verbatim: "\(one.title) (\(one.observable))")), .text(InlineText(verbatim: shape)),
        .text(InlineText(verbatim: steps)), .integer(one.count),
      ])
    }
    return table
  }
}
