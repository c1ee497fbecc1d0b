import Foundation
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

/// Gradients of the losses of signs at initialization, where outputs are normal of variance K.
@Suite("Logistic and hinge losses at initialization")
struct SignLossTests {
  private static func gradient(_ loss: Loss, _ z: Double, _ y: Double) -> Double {
    loss == .hinge ? (y * z < 1 ? -y : 0) : -y / (1 + exp(y * z))
  }

  /// E (∂L/∂z)² by sampling z; targets ±1 in equal numbers. Six standard errors.
  @Test(arguments: [Loss.logistic, .hinge], [0.01, 0.5, 2, 30])
  func oneSample(loss: Loss, kernel: Double) {
    let found = OutputGradient(loss: loss, kernel: kernel, correlation: 1, outputs: 1)
    var random = SplitMix(seed: 17)
    let count = 40_000
    var (square, squares, mean, means) = (0.0, 0.0, 0.0, 0.0)
    for _ in 0..<count {
      let z = kernel.squareRoot() * random.normal()
      let (plus, minus) = (Self.gradient(loss, z, 1), Self.gradient(loss, z, -1))
      let value = (plus * plus + minus * minus) / 2
      // The part that does not depend on the target, which two equal inputs share.
      let common = (plus + minus) / 2 * (plus + minus) / 2
      (square, squares, mean, means) = (
        square + value, squares + value * value, mean + common, means + common * common
      )
    }
    func error(_ sum: Double, _ squares: Double) -> Double {
      let mean = sum / Double(count)
      return (max(0, squares / Double(count) - mean * mean) / Double(count)).squareRoot()
    }
    #expect(abs(found.sameSample - square / Double(count)) <= 6 * error(square, squares) + 1e-12)
    #expect(abs(found.twoSamples - mean / Double(count)) <= 6 * error(mean, means) + 1e-12)
  }

  /// Without scale, ε and floors of the methods beside Adam.
  @Test("Steps of the methods without ε, and of those with it elsewhere")
  func stepFractions() {
    let architecture = MultilayerPerceptron(depth: 3, width: 64, activation: Activation(.tanh), outputs: 1)
    let network = PerceptronView(
      architecture: architecture, inputs: 64,
      layers: Array(repeating: LayerInitialization(weightVariance: 1, biasVariance: 0), count: 4),
      parametrization: .standard)
    func fractions(_ method: OptimizerMethod) -> [Double] {
      Trainability(
        name: "", network,
        conditions: TrainingConditions(
          meanSquaredInput: 1, inputCorrelation: 0.5,
          optimizer: Optimizer(method, learningRate: .value(0.1), loss: .logistic))
      ).stepFractions
    }
    #expect(fractions(.lion()) == [1, 1, 1, 1])
    #expect(fractions(.adamW()) == fractions(.adam()))
    // ε of 100 is far above every gradient here.
    let blocked = OptimizerMethod.Adam(epsilon: 100)
    #expect(fractions(.adam(blocked)).allSatisfy { $0 < 0.1 })
    let inside = fractions(.adam(.init(epsilon: 1e4, epsilonPlacement: .insideRoot)))
    #expect(zip(inside, fractions(.adam(blocked))).allSatisfy { relativeError($0, $1) < 0.1 })
    let muon = fractions(.muon(.init(others: .init(.adamW(blocked)))))
    #expect(muon[0] < 0.1 && muon[1] == 1 && muon[2] == 1 && muon[3] < 0.1)
  }
}
