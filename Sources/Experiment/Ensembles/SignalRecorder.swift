import OrreryNetworks
import OrreryTensors

/// What is kept of a network that runs.
protocol SignalRecorder: Sendable {
  /// Runs network `member` and keeps what is asked in place `place`.
  func record(_ pass: some InitializationPass, member: Int, place: Int)
}

/// Kernels and outputs.
struct RecordsOfEnsemble: SignalRecorder {
  let records: EnsembleRecords
  let layers: [SignalLayer]

  func record(_ pass: some InitializationPass, member: Int, place: Int) {
    pass.run(
      member: member,
      entering: { layer, values, width in
        guard let numbers = layers[layer - 1].dense else { return }
        records.store(
          entering: values, layer: layer, width: width, network: place, weightVariance: numbers.weightVariance,
          biasVariance: numbers.biasVariance)
      },
      leaving: { layer, values, width in
        records.store(preactivations: values, layer: layer, width: width, network: place)
      })
  }
}

/// Numbers of a user's.
struct StatisticsOfEnsemble: SignalRecorder {
  let records: NetworkRecords
  let samples: Int
  let layers: Int
  let of: @Sendable ([Matrix<Double>]) -> [Double]

  init(records: NetworkRecords, samples: Int, layers: Int, of: @escaping @Sendable ([Matrix<Double>]) -> [Double]) {
    (self.records, self.samples, self.layers, self.of) = (records, samples, layers, of)
  }

  func record(_ pass: some InitializationPass, member: Int, place: Int) {
    var signals: [Matrix<Double>] = []
    signals.reserveCapacity(layers)
    pass.run(
      member: member, entering: { _, _, _ in },
      leaving: { _, values, width in
        signals.append(
          Matrix(
            rows: samples, columns: width,
            elements: UnsafeBufferPointer(start: values, count: samples * width).map { Double($0) }))
      })
    let numbers = of(signals)
    precondition(numbers.count == records.count, "A statistic of \(records.count) numbers gave \(numbers.count).")
    records.row(place).update(from: numbers, count: numbers.count)
  }
}
