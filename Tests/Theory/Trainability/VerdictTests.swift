import Foundation
import OrreryFindings
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Verdicts of trainability")
struct VerdictTests {
  private static let mse = Loss.meanSquaredError(reduction: .mean, half: true)
  private static let adam = Optimizer(
    .adam(), learningRate: .value(1e-3), batch: .size(64), steps: 1, loss: mse)
  private static let sgd = Optimizer(
    .sgd(), learningRate: .value(0.1), batch: .size(64), steps: 1, loss: mse)

  private func network(
    _ function: ActivationFunction, depth: Int, width: Int = 64, weight: Double, bias: Double = 0
  ) -> PerceptronView {
    let architecture = MultilayerPerceptron(depth: depth, width: width, activation: Activation(function), outputs: 1)
    return PerceptronView(
      architecture: architecture, inputs: 64,
      layers: Array(repeating: LayerInitialization(weightVariance: weight, biasVariance: bias), count: depth + 1),
      parametrization: .standard)
  }

  private func result(
    _ network: PerceptronView, _ optimizer: Optimizer = adam, precision: Precision = .float32, typical: Double = 1
  ) -> Trainability {
    Trainability(
      name: "it", network,
      conditions: TrainingConditions(
        meanSquaredInput: 1, inputCorrelation: 0.5,
        optimizer: optimizer, precision: precision),
      typicalKernelRatio: typical)
  }

  @Test("Where σ jumps, backpropagation ends at the readout", arguments: [ActivationFunction.step, .sign])
  func jumps(function: ActivationFunction) {
    let result = result(network(function, depth: 5, weight: 2))
    #expect(result.verdict == .willNotTrain(.noSlope(activation: function.name)))
    #expect(result.verdict.description.contains("derivative 0 almost everywhere"))
    #expect(result.frozenLayers == [1, 2, 3, 4, 5])
    #expect(result.gradients.layers.dropLast().allSatisfy { $0.weight == 0 })
    #expect(result.gradients.layers[5].weight > 0 && result.gradients.layers[5].weight.isFinite)
    // Without a hidden layer nothing jumps.
    #expect(self.result(network(function, depth: 0, weight: 2)).verdict.trains)
  }

  @Test("Only the network's own layers are looked at", arguments: [(ActivationFunction.silu, 5.0), (.softplus, 4)])
  func horizonStopsAtTheDepth(function: ActivationFunction, weight: Double) {
    let result = result(network(function, depth: 3, weight: weight))
    #expect(result.horizon.searched == 4)
    #expect(result.horizon.depth == nil)
  }

  @Test("A gradient beyond all numbers is no gradient")
  func infiniteGradients() {
    let result = result(network(.tanh, depth: 3000, weight: 9))
    #expect(result.gradients.layers[0].weight == .infinity)
    #expect(!result.verdict.trains)
    #expect(result.stepFractions[0] == 0)
    #expect(result.verdict.law == .floatingPointRange)
  }

  @Test("Strong coupling: a typical network far below the mean leaves the verdict open")
  func strongCoupling() {
    let deep = network(.tanh, depth: 100, weight: 1)
    #expect(result(deep).verdict == .trains)
    // A tenth of the root mean square is where doubt begins.
    #expect(result(deep, typical: 0.02).verdict == .trains)
    guard case .cannotSay(.stronglyCoupled(let factor, let frozen, 101)) = result(deep, typical: 1e-14).verdict else {
      Issue.record("\(result(deep, typical: 1e-14).verdict)")
      return
    }
    #expect(relativeError(factor, 1e-7) < 1e-12)
    #expect(frozen > 90)
    // What Adam divides out decides nothing while it is above ε; SGD passes it on.
    #expect(result(deep, typical: 1e-4).verdict == .trains)
    guard case .cannotSay = result(deep, Self.sgd, typical: 1e-4).verdict else {
      Issue.record("\(result(deep, Self.sgd, typical: 1e-4).verdict)")
      return
    }
    #expect(result(deep, typical: 1e-14).verdict.description.contains("below 1e-7 times"))
  }

  @Test("Steps that rounding swallows cite the precision, not Adam")
  func laws() {
    let slow = Optimizer(.sgd(), learningRate: .value(1e-12), batch: .size(64), steps: 1, loss: Self.mse)
    let lost = result(network(.tanh, depth: 5, weight: 1), slow)
    guard case .willNotTrain(.lostSteps) = lost.verdict else {
      Issue.record("\(lost.verdict)")
      return
    }
    #expect(lost.verdict.law == .floatingPointRange)
    #expect(Source.theory.contains(.floatingPointRange))
  }

  @Test("No difference: same verdict, and outputs alike within a factor of ten; otherwise the same verdict only")
  func comparisons() {
    let one = result(network(.tanh, depth: 5, weight: 1))
    // Chaotic enough for other correlations, ordered enough to shrink differences a hundredfold.
    #expect(one.compared(to: result(network(.tanh, depth: 5, weight: 1.2))) == .noDifference)
    let ordered = result(network(.tanh, depth: 5, weight: 0.3, bias: 0.3))
    #expect(ordered.verdict.trains && ordered.outputDecorrelation < one.outputDecorrelation / 10)
    #expect(one.compared(to: ordered) == .sameVerdict)
    #expect(ordered.compared(to: one) == .sameVerdict)
    #expect(one.compared(to: result(network(.tanh, depth: 5, weight: 0.3, bias: 0.3), Self.sgd)) == .sameVerdict)
    // Under SGD gradients that differ tenfold are a difference.
    #expect(
      result(network(.relu, depth: 8, weight: 2), Self.sgd).compared(
        to: result(network(.relu, depth: 8, weight: 1), Self.sgd)) == .different)
    #expect(one.compared(to: result(network(.tanh, depth: 40, weight: 0.2))) == .different)
  }

  /// Every layer's expectations evaluated anew, which the trajectory does not do at a fixed point.
  @Test("Deep trajectories by fixed points are those layer by layer", arguments: [(1.0 / 3, 1.0 / 768), (2, 0.1)])
  func fixedPoints(weight: Double, bias: Double) {
    let activation = Activation(.gelu)
    let layers = Array(repeating: LayerInitialization(weightVariance: weight, biasVariance: bias), count: 80)
    let trajectory = KernelTrajectory(activation, layers: layers, meanSquaredInput: 1, oneMinusCorrelation: 0.6)
    let integrator = activation.pairIntegrator
    var pair = PairKernel(first: 1, second: 1, oneMinusCorrelation: 0.6)
    for (index, entry) in trajectory.entries.enumerated() {
      let expectation =
        index == 0
        ? PairExpectation(first: 1, second: 1, halfSquaredDifference: 0.6, slopes: 1) : integrator.expectation(at: pair)
      pair = expectation.next(weightVariance: weight, biasVariance: bias)
      #expect(relativeError(entry.pair!.first, pair.first) < 1e-12)
      // An error of rounding in χ_⊥ adds up over layers.
      #expect(relativeError(entry.pair!.oneMinusCorrelation, pair.oneMinusCorrelation) < 1e-10)
    }
  }

  @Test("Kernels of inputs of several lengths")
  func lengths() {
    let network = network(.tanh, depth: 6, weight: 1.3, bias: 0.05)
    let squares = [0.1, 0.8, 5]
    let plain = squares.map { KernelTrajectory(network, meanSquaredInput: $0).kernels.last! }
    let kernels = OutputKernels.values(network, meanSquaredInputs: squares, near: plain[1])
    for (one, other) in zip(kernels, plain) { #expect(relativeError(one, other) < 1e-9) }
    // Lengths long forgotten.
    let deep = self.network(.tanh, depth: 300, weight: 2, bias: 0.05)
    let known = KernelTrajectory(deep, meanSquaredInput: 1).kernels.last!
    #expect(OutputKernels.values(deep, meanSquaredInputs: squares, near: known) == [known, known, known])
    // ReLU at C_W = 2: K stays what it was.
    let relu = OutputKernels.values(
      self.network(.relu, depth: 9, weight: 2), meanSquaredInputs: squares, near: 2)
    for (kernel, square) in zip(relu, squares) { #expect(relativeError(kernel, 2 * square) < 1e-12) }
  }
}
