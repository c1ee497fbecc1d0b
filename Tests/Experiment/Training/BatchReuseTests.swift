import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import Testing

/// Programs keep samples that stay the same from step to step: batches that change must reach them.
@Suite("Batches that change")
struct BatchReuseTests {
  struct Case: Sendable {
    let samples: Int
    let features: Int
    let batch: BatchDescription
    let rate: Double
    let steps: Int
  }

  /// Parts of the samples, the whole set in another order each epoch, samples drawn with replacement, all samples at once; 960 samples of
  /// 600 features are several chunks, which threads take at the same time and each of which keeps its samples.
  static let cases = [
    Case(samples: 9, features: 3, batch: .size(4), rate: 0.02, steps: 12),
    Case(samples: 9, features: 3, batch: .size(9), rate: 0.02, steps: 12),
    Case(samples: 9, features: 3, batch: .size(1), rate: 0.02, steps: 30),
    Case(samples: 9, features: 3, batch: .size(4, replacement: true), rate: 0.02, steps: 12),
    Case(samples: 9, features: 3, batch: .full, rate: 0.02, steps: 12),
    Case(samples: 1000, features: 600, batch: .size(960), rate: 1e-4, steps: 5),
    Case(samples: 1000, features: 600, batch: .size(300), rate: 1e-4, steps: 9),
  ]

  /// A linear map under ½Σ(z − y)² of a batch: w ← w − η Σ_i x_i(w·x_i + b − y_i), b ← b − η Σ_i(w·x_i + b − y_i).
  @Test("Each step takes its own samples, and measurements between steps take all", arguments: cases.indices)
  func linearRegression(_ index: Int) throws {
    let item = Self.cases[index]
    let data = try TrainingTests.data(item.samples, features: item.features)
    var network = ExperimentNetworks.network(.linear, widths: [], inputs: item.features, weight: 1, bias: 0.5)
    network.parametrization = .standard
    let start = (0...item.features).map { 0.3 * Double($0 % 3) - 0.2 }
    let recorder = TrainingTests.starting(start)
    let ends = try TrainingExperiment(
      network, data: data,
      optimizer: Optimizer(
        item.batch == .full ? .gradientDescent() : .sgd(), learningRate: .value(item.rate), batch: item.batch,
        steps: item.steps, loss: .meanSquaredError(reduction: .sum, half: true))
    ).run(seed: 1, options: TrainingTests.double(), recorder: recorder)
    #expect(ends == [.finished])
    var sampler = try BatchSampler(item.batch, samples: item.samples, seed: 1, member: 0)
    let inputs = (0..<item.samples).map { data.train.inputs.row($0) }
    var (w, b) = (Array(start.dropLast()), start.last!)
    func residual(_ sample: Int) -> Double {
      zip(w, inputs[sample]).reduce(b - data.train.targets[sample, 0]) { $0 + $1.0 * $1.1 }
    }
    var losses: [Double] = []
    for step in 0...item.steps {
      losses.append(inputs.indices.reduce(0.0) { $0 + residual($1) * residual($1) / 2 })
      guard step < item.steps else { break }
      let chosen = sampler.indices(step: step)
      let residuals = chosen.map(residual)
      for (sample, value) in zip(chosen, residuals) {
        for feature in w.indices { w[feature] -= item.rate * value * inputs[sample][feature] }
        b -= item.rate * value
      }
    }
    let found = TrainingTests.values(recorder, "loss")
    #expect(found.count == losses.count)
    // Sums of at most 960 · 600 terms round at 1e-13 or so of their size; a sample of another step changes the first digits.
    for (measured, expected) in zip(found, losses) { #expect(abs(measured - expected) < 1e-11 * losses[0]) }
  }
}
