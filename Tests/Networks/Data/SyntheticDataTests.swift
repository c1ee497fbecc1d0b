import OrreryNetworks
import OrreryTensors
import Testing

@Suite struct SyntheticDataTests {
  private func load(
    _ distribution: SyntheticData.Distribution, samples: Int, features: Int, train: Int? = nil, seed: UInt64 = 5
  ) throws -> DataSet<Double> {
    let source = DataSource.synthetic(SyntheticData(distribution, samples: samples, features: features))
    return try .load(DataDescription(source, train: train), seed: seed)
  }

  @Test func sphereHasLengthRootOfFeatures() throws {
    let data = try load(.sphere, samples: 50, features: 7)
    for row in 0..<50 {
      #expect(abs(data.train.inputs.row(row).reduce(0) { $0 + $1 * $1 } - 7) < 7 * 16 * 0x1p-53)
    }
  }

  /// Means, variances and covariances of N samples within five standard errors of 0, 1 and 0.
  @Test(arguments: SyntheticData.Distribution.allCases) func moments(_ distribution: SyntheticData.Distribution) throws
  {
    let samples = 20_000
    let features = 4
    let inputs = try load(distribution, samples: samples, features: features).train.inputs
    let n = Double(samples)
    for i in 0..<features {
      var mean = 0.0
      for row in 0..<samples { mean += inputs[row, i] / n }
      #expect(abs(mean) < 5 / n.squareRoot())
      for j in 0...i {
        var product = 0.0
        for row in 0..<samples { product += inputs[row, i] * inputs[row, j] / n }
        // Var x² = 2 for the Gaussian, less on the sphere; Var xy ≤ 1.
        #expect(abs(product - (i == j ? 1 : 0)) < 5 * (2 / n).squareRoot())
      }
    }
  }

  @Test func aSampleIsTheSameWhateverTheirNumber() throws {
    let few = try load(.gaussian, samples: 10, features: 6)
    let many = try load(.gaussian, samples: 100, features: 6, train: 10)
    #expect(few.train.inputs == many.train.inputs)
    #expect(few.train.inputs != (try load(.gaussian, samples: 10, features: 6, seed: 6)).train.inputs)
    #expect(few.digest != many.digest || few.train.places == many.train.places)
  }

  @Test func impossibleSizes() {
    for (samples, features) in [(0, 3), (3, 0), (-1, 3), (1 << 40, 1 << 40), (1 << 30, 1 << 20)] {
      #expect(throws: DataError.self) { try load(.gaussian, samples: samples, features: features) }
    }
  }
}
