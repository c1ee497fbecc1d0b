import Foundation
import OrreryAnalysis
import OrreryArchive
import OrreryExperiment
import OrreryFindings
import OrreryNetworks

/// What training showed: every observable against the step, over all networks.
public struct TrainingFinding: Codable, Sendable {
  /// 2: arrays beside the series. 3: the steps taken, and which arrays the archive has. 4: the checkpoint that was measured.
  /// 5: whether arrays are finite. 6: bounds of lists.
  public static let schemaVersion = 6

  /// One observable at the steps where it was taken.
  public struct Series: Codable, Sendable {
    public var observable: String
    /// What a report calls it.
    public var title: String
    /// The observable that it belongs to.
    public var group: String
    /// Its error or bound, if it is that of another series.
    public var boundOf: String?
    public var isLogarithmic: Bool
    public var steps: [Int]
    /// Networks that have a value at each step; fewer where some diverged.
    public var networks: [Int]
    public var median: [Double]
    /// The quartiles over networks; equal to the median for one.
    public var lower: [Double]
    public var upper: [Double]
    public var mean: [Double]
    /// Of the mean, over networks; infinite for one.
    public var standardError: [Double]
  }

  /// A network that left the numbers' range.
  public struct Divergence: Codable, Sendable {
    public var network: Int
    public var step: Int
  }

  public var schema = schemaVersion
  public var hash: String
  public var subject: String
  public var label: String
  public var study: ResolvedStudy<ResolvedNetwork>
  public var request: TrainingRequest
  /// The file that the network was read from; nil for networks that the seed has drawn.
  public var checkpoint: MeasuredCheckpoint?
  /// The steps that were taken; of gradient flow, the times that are counted.
  public var steps: Int
  public var isFromArchive: Bool
  /// Wall time of the sittings that computed it, from begin to end.
  public var seconds: Double?
  public var series: [Series]
  public var arrays: [ArraySeries]
  /// Every observable that is an array at each step: what the archive has of it.
  public var recorded: [RecordedArrays]
  public var divergences: [Divergence]
  /// Of a text: what counts of n-grams reach on the test samples; else empty.
  public var baselines: [TextBaseline]
  /// Of outputs at the end, where they were recorded of many networks.
  public var outputs: [OutputCumulants]

  init(_ run: ArchivedRun, _ study: TrainingStudy, _ archive: RunArchive, isFromArchive: Bool) throws {
    hash = run.hash
    subject = run.identity.subject
    label = run.identity.label
    self.study = study.resolved
    request = study.request
    checkpoint = study.checkpoint.map { MeasuredCheckpoint($0) }
    steps = study.steps
    self.isFromArchive = isFromArchive
    seconds = run.ended.map { $0.timeIntervalSince(run.created) }
    (series, arrays, recorded) = ([], [], [])
    for (observable, records) in try study.records() {
      for record in records {
        switch record.kind {
        case .number, .bound:
          var values: [Int: [Double]] = [:]
          var list = ArraySeries(record, observable.rawValue)
          try archive.forEachObservation(of: run, observable: record.name) {
            if $0.shape.isEmpty { values[$0.step, default: []].append($0.values[0]) } else { list.add($0) }
          }
          if !values.isEmpty { series.append(Series(record, observable.rawValue, values)) }
          list.finish()
          // Bounds of a list come behind it.
          if case .bound(let name) = record.kind, let place = arrays.firstIndex(where: { $0.observable == name }) {
            arrays[place].take(bounds: list)
          }
        case .list, .density, .matrix, .array:
          var found = ArraySeries(record, observable.rawValue)
          var all = RecordedArrays(record)
          try archive.forEachObservation(of: run, observable: record.name) {
            all.add($0)
            if record.kind != .array { found.add($0) }
          }
          found.finish()
          if !found.steps.isEmpty { arrays.append(found) }
          if all.count > 0 { recorded.append(all) }
        }
      }
    }
    var divergences: [Divergence] = []
    try archive.forEachObservation(of: run, observable: "diverged") {
      divergences.append(Divergence(network: $0.member, step: $0.step))
    }
    self.divergences = divergences
    baselines = TextBaseline.all(study.loaded.data)
    outputs = try OutputCumulants.all(run, study.request, steps: study.steps, archive)
  }

  /// The values of one observable.
  public func series(_ observable: TrainingObservable) -> Series? {
    series.first { $0.observable == observable.rawValue }
  }
}

extension TrainingFinding.Series {
  init(_ record: ObservableRecord, _ group: String, _ values: [Int: [Double]]) {
    observable = record.name
    title = record.title
    self.group = group
    isLogarithmic = record.kind == .number(isLogarithmic: true)
    if case .bound(let other) = record.kind { boundOf = other }
    steps = values.keys.sorted()
    let samples = steps.map { values[$0]! }
    networks = samples.map(\.count)
    let quartiles = samples.map { Statistics.quantiles([0.25, 0.5, 0.75], of: $0) }
    (lower, median, upper) = (quartiles.map { $0[0] }, quartiles.map { $0[1] }, quartiles.map { $0[2] })
    let means = samples.map { Statistics.mean($0) }
    mean = means.map(\.value)
    standardError = zip(means, networks).map { $1 > 1 ? $0.error : .infinity }
  }
}
