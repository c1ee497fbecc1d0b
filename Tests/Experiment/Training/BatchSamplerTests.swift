import OrreryAnalysis
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite struct BatchSamplerTests {
  private func sampler(_ batch: BatchDescription, _ samples: Int, seed: UInt64 = 5, member: Int = 3) throws
    -> BatchSampler
  {
    try BatchSampler(batch, samples: samples, seed: seed, member: member)
  }

  @Test(arguments: [(12, 4), (60, 60), (7, 1), (1, 1), (100, 50), (1000, 125)])
  func everySampleOnceAnEpoch(samples: Int, batch: Int) throws {
    var sampler = try sampler(.size(batch), samples)
    #expect(sampler.stepsPerEpoch == samples / batch)
    for epoch in 0..<3 {
      let seen = (0..<samples / batch).flatMap { sampler.indices(step: epoch * (samples / batch) + $0) }
      #expect(seen.sorted() == Array(0..<samples))
    }
  }

  /// What does not fill a batch is left out, and other samples the next time.
  @Test func leftoversAreNotUsed() throws {
    var sampler = try sampler(.size(8), 30)
    #expect(sampler.stepsPerEpoch == 3)
    var missing: [Set<Int>] = []
    for epoch in 0..<20 {
      let seen = (0..<3).flatMap { sampler.indices(step: 3 * epoch + $0) }
      #expect(Set(seen).count == 24)
      missing.append(Set(0..<30).subtracting(seen))
    }
    #expect(Set(missing).count > 10)
  }

  /// The registered stream's own permutation, epoch by epoch.
  @Test func epochsArePermutationsOfTheStream() throws {
    var sampler = try sampler(.size(16), 100, seed: 9, member: 4)
    for epoch in 0..<4 {
      let permutation = RandomStream(seed: 9, purpose: .batches, member: 4, step: epoch).permutation(count: 100)
      for i in 0..<6 { #expect(sampler.indices(step: 6 * epoch + i) == Array(permutation[(16 * i)..<(16 * i + 16)])) }
    }
  }

  /// Any order of asking, any instance: a step has its own samples.
  @Test(arguments: [BatchDescription.size(7), .size(7, replacement: true), .size(64, replacement: true), .full])
  func stepsDoNotDependOnHistory(batch: BatchDescription) throws {
    var inOrder = try sampler(batch, 50)
    let batches = (0..<40).map { inOrder.indices(step: $0) }
    var random = SplitMix(seed: 2)
    var jumping = try sampler(batch, 50)
    for _ in 0..<200 {
      let step = Int(random.next() % 40)
      #expect(jumping.indices(step: step) == batches[step])
    }
    for step in [0, 17, 39] {
      var fresh = try sampler(batch, 50)
      #expect(fresh.indices(step: step) == batches[step])
    }
  }

  @Test func threadsDoNotMatter() throws {
    let one = (0..<16).map { member in
      var sampler = try! sampler(.size(5), 20, member: member)
      return (0..<9).map { sampler.indices(step: $0) }
    }
    let several = Parallel.map(16) { member in
      var sampler = try! BatchSampler(.size(5), samples: 20, seed: 5, member: member)
      return (0..<9).map { sampler.indices(step: $0) }
    }
    #expect(one == several)
    #expect(Set(one.map { $0[0] }).count > 1)
  }

  @Test func seedsAndMembersHaveBatchesOfTheirOwn() throws {
    for batch in [BatchDescription.size(10), .size(10, replacement: true)] {
      func first(_ seed: UInt64, _ member: Int) throws -> [Int] {
        var sampler = try sampler(batch, 100, seed: seed, member: member)
        return sampler.indices(step: 0)
      }
      #expect(try first(1, 0) != first(2, 0))
      #expect(try first(1, 0) != first(1, 1))
    }
  }

  @Test func fullBatchesAreEverything() throws {
    var sampler = try sampler(.full, 9)
    #expect(sampler.batchSize == 9 && sampler.stepsPerEpoch == 1)
    #expect(sampler.indices(step: 4) == Array(0..<9))
  }

  /// How often each sample stands at each place of a batch: χ² with (N − 1) degrees of freedom a place. The seeds are
  /// fixed, and chance alone goes beyond the limit once in 10⁶ tests.
  @Test(arguments: [false, true])
  func drawsAreUniform(replacement: Bool) throws {
    let (samples, batch, draws) = (13, 4, 13_000)
    var counts = Array(repeating: [Int](repeating: 0, count: samples), count: batch)
    var sampler = try sampler(.size(batch, replacement: replacement), samples, seed: 77)
    // One batch of every epoch, since those of one epoch exclude each other.
    for draw in 0..<draws {
      for (place, sample) in sampler.indices(step: draw * sampler.stepsPerEpoch).enumerated() {
        counts[place][sample] += 1
      }
    }
    let expected = Double(draws) / Double(samples)
    for place in counts {
      let square = place.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
      #expect(Distributions.chiSquaredSurvival(square, degreesOfFreedom: samples - 1) > 1e-6)
    }
  }

  /// Pairs within a batch: each of N(N − 1) ordered pairs alike without replacement.
  @Test func pairsAreUniform() throws {
    let (samples, draws) = (6, 30_000)
    var counts = [Int](repeating: 0, count: samples * samples)
    var sampler = try sampler(.size(2), samples, seed: 78)
    for draw in 0..<draws {
      let pair = sampler.indices(step: 3 * draw + 1)
      counts[pair[0] * samples + pair[1]] += 1
    }
    let expected = Double(draws) / 30
    var square = 0.0
    for i in 0..<samples {
      #expect(counts[i * samples + i] == 0)
      for j in 0..<samples where j != i {
        let difference = Double(counts[i * samples + j]) - expected
        square += difference * difference / expected
      }
    }
    #expect(Distributions.chiSquaredSurvival(square, degreesOfFreedom: 29) > 1e-6)
  }

  @Test func wrongBatchesAreRefused() throws {
    let error = #expect(throws: TrainingSetupError.self) { try sampler(.size(11), 10) }
    #expect(error?.description.contains("A batch has 11 samples and the training set 10") == true)
    for (batch, samples) in [(BatchDescription.full, 0), (.size(0), 5), (.size(-1, replacement: true), 5)] {
      #expect(throws: TrainingSetupError.self) { try sampler(batch, samples) }
    }
    _ = try sampler(.size(11, replacement: true), 10)
  }
}
