import OrreryAnalysis
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Orthogonal weights: the scaling, and Haar's law.
@Suite(.tags(.statistical)) struct OrthogonalDrawTests {
  static func matrix(_ units: Int, _ fanIn: Int, weight: Double = 1, member: Int = 0) throws -> Matrix<Double> {
    let network = ExperimentNetworks.network(
      .linear, widths: [], inputs: fanIn, weight: weight, outputs: units, distribution: .orthogonal)
    let parameters = try NetworkParameters(ResolvedNetwork(network))
    var flat = [Double](repeating: 0, count: parameters.layout.count)
    flat.withUnsafeMutableBufferPointer { parameters.draw($0.baseAddress!, seed: 7, member: member) }
    return Matrix(rows: units, columns: fanIn, elements: Array(flat[parameters.layout.tensors[0].range]))
  }

  @Test(arguments: [(5, 5), (4, 9), (9, 4), (1, 6), (70, 33)])
  func rowsOrColumnsAreOrthogonal(units: Int, fanIn: Int) throws {
    let w = try Self.matrix(units, fanIn, weight: 1.7)
    let product = units <= fanIn ? w.gram() : w.product(w, transposingLeft: true)
    let expected = 1.7 * (units <= fanIn ? 1 : Double(units) / Double(fanIn))
    for i in 0..<product.rows {
      for j in 0..<product.rows { #expect(abs(product[i, j] - (i == j ? expected : 0)) < 1e-13) }
    }
    // Var W = C_W/fan-in, as with independent weights.
    #expect(abs(KernelSimilarity.product(w, w) / Double(units * fanIn) - 1.7 / Double(fanIn)) < 1e-14)
  }

  /// Moments of Haar's law on O(n): E w_11² = 1/n, E w_11⁴ = 3/(n(n+2)), E w_11² w_12² = 1/(n(n+2)), E w_11 w_12 w_21 w_22 = −1/(n(n−1)(n+2)), and
  /// both signs of the determinant equally often.
  @Test func momentsOfHaarsLaw() throws {
    let n = 3
    var samples = [[Double]](repeating: [], count: 5)
    for member in 0..<6000 {
      let w = try Self.matrix(n, n, member: member)
      samples[0].append(w[0, 0] * w[0, 0])
      samples[1].append(w[0, 0] * w[0, 0] * w[0, 0] * w[0, 0])
      samples[2].append(w[0, 0] * w[0, 0] * w[0, 1] * w[0, 1])
      samples[3].append(w[0, 0] * w[0, 1] * w[1, 0] * w[1, 1])
      let first = w[0, 0] * (w[1, 1] * w[2, 2] - w[1, 2] * w[2, 1])
      let second = w[0, 1] * (w[1, 0] * w[2, 2] - w[1, 2] * w[2, 0])
      let third = w[0, 2] * (w[1, 0] * w[2, 1] - w[1, 1] * w[2, 0])
      samples[4].append(first - second + third)
    }
    let estimates = samples.map { Statistics.mean($0) }
    checkMonteCarloAgrees(
      predicted: [1.0 / 3, 1.0 / 5, 1.0 / 15, -1.0 / 30, 0], measured: estimates.map(\.value),
      standardError: estimates.map(\.error))
  }

  /// A deep linear orthogonal network keeps lengths exactly: z·z = C_W^L x·x, by both ways to run it.
  @Test func deepOrthogonalNetworksKeepLengths() throws {
    let network = ExperimentNetworks.network(
      .linear, widths: [6, 6, 6], inputs: 6, weight: 1, outputs: 6, distribution: .orthogonal)
    let inputs = ExperimentNetworks.inputs(3, features: 6)
    let outputs = try InitializationExperiment(network, inputs: inputs)
      .run(networks: 2, seed: 4, options: .init(precision: .float64)).outputTensor.elements
    for sample in 0..<3 {
      let z = Array(outputs[(6 * sample)..<(6 * sample + 6)])
      #expect(abs(dot(z, z) - dot(inputs.row(sample), inputs.row(sample))) < 1e-12)
    }
  }

  @Test func orthogonalBiasesAreRefused() {
    let layer = LayerInitialization(weightVariance: 1, biasVariance: 1, biasDistribution: .orthogonal)
    #expect(throws: NetworkError.self) { try Initialization.uniform(layer).validate(weightCount: 2) }
  }
}
