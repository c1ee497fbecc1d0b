import OrreryAnalysis
import OrreryFindings
import OrreryTensors

/// What an ensemble's networks did at each step: losses, and the first output on a few samples.
struct EnsembleTrajectories {
  let steps: [Int]
  private let places: [Int: Int]
  /// By kind and sample, network and step.
  private var values: [String: [Int: [Double]]] = [:]

  init(steps: [Int]) {
    self.steps = steps
    places = Dictionary(uniqueKeysWithValues: steps.enumerated().map { ($1, $0) })
  }

  /// Members that have every loss.
  private var members: [Int] {
    (values["loss"] ?? [:]).filter { $0.value.allSatisfy(\.isFinite) }.keys.sorted()
  }

  var networks: Int { members.count }

  mutating func add(_ observation: Observation, samples: Int) {
    guard let place = places[observation.step] else { return }
    func set(_ key: String, _ value: Double) {
      values[key, default: [:]][observation.member, default: Array(repeating: .nan, count: steps.count)][place] = value
    }
    if observation.shape.isEmpty {
      set(observation.observable, observation.values[0])
    } else {
      let outputs = observation.shape[1]
      for sample in 0..<min(samples, observation.shape[0]) {
        set("output \(sample)", observation.values[sample * outputs])
      }
    }
  }

  private func key(_ quantity: Quantity) -> String {
    switch quantity.kind {
    case .trainingLoss: "loss"
    case .testLoss: "test-loss"
    default: "output \(quantity.samples.first ?? 0)"
    }
  }

  private func values(_ key: String, _ place: Int) -> [Double] {
    let series = values[key] ?? [:]
    return members.map { series[$0]?[place] ?? .nan }
  }

  /// The mean over networks with its standard error, or the unbiased variance with its own.
  func estimate(of quantity: Quantity) -> Estimate? {
    guard let place = places[quantity.step ?? 0], networks > 1 else { return nil }
    let sample = values(key(quantity), place)
    guard quantity.kind == .testOutputVariance else { return Statistics.mean(sample) }
    return StreamingMoments(sample).varianceEstimate
  }

  /// One row for each network.
  func matrix(_ quantities: [Quantity]) -> Matrix<Double> {
    let columns = quantities.map { values(key($0), places[$0.step ?? 0] ?? 0) }
    return Matrix(
      rows: networks, columns: columns.count, elements: (0..<networks).flatMap { row in columns.map { $0[row] } })
  }

  func series(_ kind: QuantityKind) -> DynamicsFinding.Series { series(kind == .trainingLoss ? "loss" : "test-loss") }
  func outputSeries(_ sample: Int) -> DynamicsFinding.Series { series("output \(sample)") }

  private func series(_ key: String) -> DynamicsFinding.Series {
    var result = DynamicsFinding.Series(mean: [], standardError: [], deviation: [], median: [])
    for place in steps.indices {
      let sample = values(key, place)
      let moments = StreamingMoments(sample)
      result.mean.append(moments.mean)
      result.standardError.append(moments.estimate.error)
      result.deviation.append(moments.variance.squareRoot())
      result.median.append(sample.isEmpty ? .nan : Statistics.quantile(0.5, of: sample))
    }
    return result
  }
}
