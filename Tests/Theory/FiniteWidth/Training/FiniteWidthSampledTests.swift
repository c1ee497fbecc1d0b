import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Mean and variance of outputs against networks of an independent program: tanh, two hidden layers of n units, two outputs,
/// 300,000 networks of each width and their antithetic twins, gradient flow to t = 0.4 in 20 steps of Runge and Kutta, float64.
@Suite("Trained networks at order 1/n against sampled ones")
struct FiniteWidthSampledTests {
  /// E z and E z² of the two training samples and the test sample, two outputs each, with standard errors.
  struct Sample {
    let width: Double
    let means: [(Double, Double)]
    let squares: [(Double, Double)]
  }

  static let samples = [
    Sample(
      width: 12,
      means: [
        (0.697658, 0.000286), (-0.055068, 0.000222), (-0.178554, 0.000238), (0.44613, 0.00021), (0.397824, 0.000199),
        (0.109886, 0.000138),
      ],
      squares: [
        (0.587937, 0.000457), (0.092783, 0.000208), (0.128583, 0.000234), (0.289178, 0.000281), (0.309905, 0.000447),
        (0.155774, 0.000396),
      ]),
    Sample(
      width: 24,
      means: [
        (0.716492, 0.000215), (-0.059757, 0.000165), (-0.187399, 0.000176), (0.457289, 0.000158), (0.407517, 0.000148),
        (0.110183, 0.000102),
      ],
      squares: [
        (0.602661, 0.000365), (0.086751, 0.0002), (0.122299, 0.000216), (0.29304, 0.000246), (0.313243, 0.000411),
        (0.155024, 0.000383),
      ]),
  ]

  private func dynamics() throws -> FiniteWidthDynamics {
    let network = ChainNetworks.network(.tanh, widths: [12, 12], weight: 1.3, bias: 0.1, outputs: 2)
    let inputs = Matrix([[1, 0.4, -0.3], [0.2, -0.9, 1.1], [0.5, 0.5, 0.5]])
    let flow = try FiniteWidthFlow(
      network, inputs: inputs, learningRates: Array(repeating: LayerLearningRates(bias: 0.7, weight: 1.3), count: 3))
    return try FiniteWidthDynamics(
      output: try #require(flow.layers.last), trainSamples: 2, targets: Matrix([[1.5, -0.4], [-0.8, 0.9]]),
      loss: .meanSquaredError(reduction: .sum, half: true))
  }

  /// 2X(2n) − X(n) of X = n(mean − infinite width), which leaves an error of order 1/n² below its standard error.
  @Test("Means and second moments, extrapolated from widths 12 and 24")
  func sampled() throws {
    let dynamics = try dynamics()
    let mean = try dynamics.mean(time: 0.4)
    let covariances = try (0..<2).map { try dynamics.covariance(time: 0.4, output: $0) }
    let leading = mean.train.infiniteWidth.tensor.elements + mean.test.infiniteWidth.tensor.elements
    let shift = mean.train.correction.tensor.elements + mean.test.correction.tensor.elements
    let (narrow, wide) = (Self.samples[0], Self.samples[1])
    var predicted: [Double] = []
    var measured: [Double] = []
    var errors: [Double] = []
    func add(_ prediction: Double, limit: Double, _ values: (Sample) -> (value: Double, error: Double)) {
      let (x, y) = (values(narrow), values(wide))
      predicted.append(prediction)
      measured.append(2 * wide.width * (y.value - limit) - narrow.width * (x.value - limit))
      errors.append((pow(2 * wide.width * y.error, 2) + pow(narrow.width * x.error, 2)).squareRoot())
    }
    for place in 0..<6 {
      let variance = covariances[place % 2].variance(of: place / 2)
      add(shift[place], limit: leading[place]) { $0.means[place] }
      add(
        2 * leading[place] * shift[place] + variance.correction,
        limit: leading[place] * leading[place] + variance.infiniteWidth
      ) { $0.squares[place] }
    }
    checkMonteCarloAgrees(predicted: predicted, measured: measured, standardError: errors)
  }
}
