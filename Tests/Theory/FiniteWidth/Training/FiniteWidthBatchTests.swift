import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Test samples in batches, each beside the training samples.
@Suite("Trained networks at order 1/n, many test samples")
struct FiniteWidthBatchTests {
  static let loss = Loss.meanSquaredError(reduction: .sum, half: true)

  /// Every tensor of a nonlinear network, with the covariance of test samples in different batches.
  @Test("Batches agree with all samples together")
  func batches() throws {
    let network = ChainNetworks.network(.gelu, widths: [12, 10], weight: 1.7, bias: 0.1, outputs: 2)
    let inputs = ChainNetworks.inputs(7, seed: 3)
    let targets = Matrix([[1.0, 0.2], [-0.6, 0.8]])
    func make(_ batch: Int) throws -> FiniteWidthDynamics {
      try FiniteWidthDynamics(
        network, train: inputs.selectingRows([0, 1]), test: inputs.selectingRows([2, 3, 4, 5, 6]), targets: targets,
        loss: Self.loss, tolerance: 1e-12, batch: batch)
    }
    let (whole, parts) = (try make(5), try make(2))
    let answers = Matrix([[1.0, 0], [0, 1], [0.5, 0.5], [0.1, 0.2], [0, 0]])
    for time in [0.3, .infinity] {
      let (x, y) = (try whole.mean(time: time), try parts.mean(time: time))
      for contribution in FiniteWidthContribution.ofMean {
        let expected = try #require(x.test.contributions[contribution]).tensor.elements
        #expect(relativeError(try #require(y.test.contributions[contribution]).tensor.elements, expected) < 1e-9)
      }
      let (c, d) = (try whole.covariance(time: time, output: 1), try parts.covariance(time: time, output: 1))
      #expect(relativeError(d.correction.tensor.elements, c.correction.tensor.elements) < 1e-9)
      #expect(relativeError(d.infiniteWidth.tensor.elements, c.infiniteWidth.tensor.elements) < 1e-9)
      let (one, other) = (
        try whole.testLoss(time: time, targets: answers), try parts.testLoss(time: time, targets: answers)
      )
      #expect(relativeError(other.mean.correction, one.mean.correction) < 1e-9)
      #expect(relativeError(other.truncationError, one.truncationError) < 1e-9)
    }
    let rule = try DescentRule(.gradientDescent(), rate: 0.3 / whole.infiniteWidth.sharpness, steps: 4)
    let (x, y) = (try whole.means(rule, steps: [4])[0], try parts.means(rule, steps: [4])[0])
    #expect(relativeError(y.test.correction.tensor.elements, x.test.correction.tensor.elements) < 1e-9)
  }

  /// All 56 samples together would take tensors of 56⁴ elements, in batches of six 22⁴.
  @Test("Sixteen training and forty test samples agree with one test sample at a time")
  func many() throws {
    let network = ChainNetworks.network(.linear, widths: [24], inputs: 20, weight: 1, bias: 0.1)
    let inputs = ChainNetworks.inputs(56, features: 20, seed: 4)
    let train = inputs.selectingRows(Array(0..<16))
    let targets = Matrix<Double>(rows: 16, columns: 1, elements: (0..<16).map { $0 % 2 == 0 ? 1 : -1 })
    func make(_ tests: [Int]) throws -> FiniteWidthDynamics {
      try FiniteWidthDynamics(
        network, train: train, test: inputs.selectingRows(tests.map { 16 + $0 }), targets: targets, loss: Self.loss)
    }
    let all = try make(Array(0..<40))
    let (mean, variances) = (try all.mean(time: 0.4), try all.variances(time: 0.4).test)
    let end = try all.mean(time: .infinity)
    for sample in [0, 5, 6, 23, 39] {
      let alone = try make([sample])
      let (expected, late) = (try alone.mean(time: 0.4).test, try alone.mean(time: .infinity).test)
      #expect(relativeError(mean.test.correction[sample, 0], expected.correction[0, 0]) < 1e-9)
      #expect(relativeError(end.test.correction[sample, 0], late.correction[0, 0]) < 1e-9)
      let variance = try alone.variances(time: 0.4).test[0]
      #expect(relativeError(variances[sample].correction, variance.correction) < 1e-8)
      #expect(relativeError(variances[sample].infiniteWidth, variance.infiniteWidth) < 1e-10)
    }
  }

  @Test("Memory is known beforehand, and too much of it is an error")
  func memory() throws {
    let network = ChainNetworks.network(.tanh, widths: [16, 16], weight: 1.3)
    let inputs = ChainNetworks.inputs(400)
    let targets = Matrix<Double>(rows: 300, columns: 1)
    #expect {
      try FiniteWidthDynamics(
        network, train: inputs.selectingRows(Array(0..<300)), test: inputs.selectingRows(Array(300..<400)),
        targets: targets, loss: Self.loss)
    } throws: { error in
      guard case FiniteWidthDynamicsError.memory(let bytes, let limit, 300, 100) = error else { return false }
      return bytes > 3e12 && limit == 8 << 30 && "\(error)".contains("fewer training samples")
    }
    let few = FiniteWidthDynamics.memory(trainSamples: 16, testSamples: 200, layers: 3)
    let more = FiniteWidthDynamics.memory(trainSamples: 16, testSamples: 400, layers: 3)
    #expect(few < 2e9 && more < 2.1 * few)
    #expect(FiniteWidthDynamics.memory(trainSamples: 16, testSamples: 200, layers: 3, batch: 200) > 5e11)
    #expect(throws: FiniteWidthDynamicsError.badBatch(0)) {
      try FiniteWidthDynamics(
        network, train: inputs.selectingRows([0]), targets: Matrix([[1.0]]), loss: Self.loss, batch: 0)
    }
  }
}
