import OrreryAnalysis
import OrreryArchive
import OrreryExperiment
import OrreryFindings
import OrreryReports

/// The distribution of one output over networks at the end of training: cumulants to fourth order, unbiased (k-statistics), with
/// jackknife standard errors over networks.
///
/// Source: `Cumulants`. At infinite width outputs are Gaussian at every step of gradient descent under squared error, and the
/// third and fourth cumulants vanish; at width n the fourth is of order 1/n.
public struct OutputCumulants: Hashable, Codable, Sendable {
  /// `outputs` or `test-outputs`.
  public var observable: String
  public var sample: Int
  public var output: Int
  public var step: Int
  public var networks: Int
  public var cumulants: Cumulants

  /// κ₄/κ₂², with the error of κ₄ alone.
  public var excessKurtosis: Estimate {
    cumulants.fourth.scaled(by: 1 / (cumulants.second.value * cumulants.second.value))
  }

  /// Samples of which cumulants are given.
  static let samples = 4
  /// Networks below which a fourth cumulant says nothing.
  static let fewestNetworks = 30

  /// The first output on the first samples, at the last step; empty for few networks, and where outputs were not recorded.
  static func all(
    _ run: ArchivedRun, _ request: TrainingRequest, steps: Int, _ archive: RunArchive
  ) throws -> [OutputCumulants] {
    guard request.networks >= fewestNetworks else { return [] }
    var result: [OutputCumulants] = []
    for observable in request.observables where [.outputs, .testOutputs].contains(observable) {
      var values: [[Double]] = []
      try archive.forEachObservation(of: run, observable: observable.rawValue) { observation in
        guard observation.step == steps, observation.shape.count == 2, observation.values.allSatisfy(\.isFinite) else {
          return
        }
        let count = min(samples, observation.shape[0])
        if values.isEmpty { values = Array(repeating: [], count: count) }
        for sample in 0..<count { values[sample].append(observation.values[sample * observation.shape[1]]) }
      }
      for (sample, list) in values.enumerated() where list.count >= fewestNetworks {
        result.append(
          OutputCumulants(
            observable: observable.rawValue, sample: sample, output: 0, step: steps, networks: list.count,
            cumulants: Cumulants(list)))
      }
    }
    return result
  }

  /// One line for each sample.
  static func table(_ list: [OutputCumulants]) -> Table {
    var table = Table(
      columns: [
        .init(InlineText(verbatim: "output at step \(list.first?.step ?? 0)")), .init("mean", .decimal),
        .init("variance", .decimal),
        .init("third cumulant", .decimal), .init("fourth cumulant", .decimal), .init("excess kurtosis", .decimal),
      ],
      caption: "Over \(list.first?.networks ?? 0) networks: unbiased cumulants, in parentheses their standard errors.")
    func cell(_ estimate: Estimate) -> Table.Cell { .measured(estimate.value, error: estimate.error) }
    table.rows = list.map { one in
      let kind = one.observable == TrainingObservable.outputs.rawValue ? "training" : "test"
      return Table.Row([
        .text(InlineText(verbatim: "\(kind) sample \(one.sample)")), cell(one.cumulants.first),
        cell(one.cumulants.second),
        cell(one.cumulants.third), cell(one.cumulants.fourth), cell(one.excessKurtosis),
      ])
    }
    return table
  }
}
