import Foundation
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Trainability")
struct TrainabilityTests {
  static let adam = Optimizer(
    .adam(), learningRate: .value(1e-3), batch: .size(128), steps: 800, loss: .crossEntropy)

  /// Fashion-MNIST's pixels: divided by 255 (mean square 0.2044), or standardized with two images correlated at 0.30.
  static let inputs: [(meanSquare: Double, correlation: Double)] = [(1, 0.30), (0.2044, 0.30), (0.2044, 0.60)]

  private func network(depth: Int, layers: (MultilayerPerceptron) -> [LayerInitialization]) -> PerceptronView {
    let architecture = MultilayerPerceptron(depth: depth, width: 256, activation: Activation(.gelu), outputs: 10)
    return PerceptronView(
      architecture: architecture, inputs: 784, layers: layers(architecture), parametrization: .standard)
  }

  private func named(_ name: NamedInitialization, depth: Int) -> PerceptronView {
    network(depth: depth) { architecture in
      zip([784] + architecture.widths, architecture.layerWidths).map { name.layer(fanIn: $0, fanOut: $1) }
    }
  }

  private func critical(depth: Int, meanSquare: Double) throws -> PerceptronView {
    let point = try Criticality.points(of: Activation(.gelu)).choice(meanSquaredInput: meanSquare)
    return network(depth: depth) { point.layers(count: $0.layerCount, meanSquaredInput: meanSquare) }
  }

  private func conditions(_ data: (meanSquare: Double, correlation: Double), _ optimizer: Optimizer = adam)
    -> TrainingConditions
  {
    TrainingConditions(
      meanSquaredInput: data.meanSquare, inputCorrelation: data.correlation, optimizer: optimizer)
  }

  @Test("30 × 256 GELU, Adam, float32: nn.Linear's defaults fail, He equals critical", arguments: inputs)
  func acceptance(_ data: (meanSquare: Double, correlation: Double)) throws {
    let conditions = conditions(data)
    let pytorch = Trainability(name: "nn.Linear", named(.pytorchLinear, depth: 30), conditions: conditions)
    let he = Trainability(name: "He", named(.he, depth: 30), conditions: conditions)
    let critical = Trainability(
      name: "critical", try critical(depth: 30, meanSquare: data.meanSquare), conditions: conditions)
    guard case .willNotTrain(.indistinguishableInputs(let horizon, 30)) = pytorch.verdict else {
      Issue.record("nn.Linear: \(pytorch.verdict)")
      return
    }
    #expect(horizon == pytorch.horizon.depth)
    #expect(pytorch.verdict.lawKey == "float-horizon")
    #expect(he.verdict == .trains && critical.verdict == .trains)
    #expect(he.compared(to: critical) == .noDifference)
    #expect(pytorch.compared(to: critical) == .different)
    #expect(he.horizon.depth == nil && critical.horizon.depth == nil)
    #expect(he.frozenLayers.isEmpty && critical.frozenLayers.isEmpty)
    // Two independent networks' accuracies at 800 steps: 8 layers .855, 12 .800, 16 .694, 20 .100.
    #expect((14...19).contains(horizon))
    #expect(abs(pytorch.outputKernel - 1.4e-3) < 0.05e-3)
    #expect(pytorch.gradients.layers[0].weight < 1e-17)
  }

  @Test("The values of the standardized case")
  func standardized() throws {
    let conditions = conditions(Self.inputs[0])
    let he = Trainability(name: "He", named(.he, depth: 30), conditions: conditions)
    let critical = Trainability(name: "critical", try critical(depth: 30, meanSquare: 1), conditions: conditions)
    #expect(abs(he.outputKernel - 2.7e-6) < 0.05e-6)
    #expect(abs(he.outputCorrelation - 0.64) < 0.005)
    #expect(abs(critical.outputKernel - 3.5616) < 1e-4)
    #expect(abs(critical.outputCorrelation - 0.94) < 0.005)
  }

  @Test("nn.Linear's limit in depth", arguments: [(8, true), (12, true), (20, false), (40, false)])
  func depthLimit(_ row: (depth: Int, trains: Bool)) {
    for data in Self.inputs {
      let result = Trainability(
        name: "nn.Linear", named(.pytorchLinear, depth: row.depth), conditions: conditions(data))
      #expect(result.verdict.trains == row.trains)
    }
  }

  @Test("Adam may lift networks out of the ordered phase, some layers beyond the horizon")
  func adaptiveSteps() {
    let optimizer = Optimizer(.adam(), learningRate: .value(1e-3), batch: .size(128), steps: 800, loss: .crossEntropy)
    func verdict(_ depth: Int, _ optimizer: Optimizer) -> TrainabilityVerdict {
      Trainability(
        name: "nn.Linear", named(.pytorchLinear, depth: depth), conditions: conditions(Self.inputs[0], optimizer)
      ).verdict
    }
    let open = (12...30).filter { if case .cannotSay(.liftedBySteps) = verdict($0, optimizer) { true } else { false } }
    let none = (12...30).filter { if case .willNotTrain = verdict($0, optimizer) { true } else { false } }
    // Of three networks each, 3 trained at 16 layers, 1 at 20, 2 at 24, none at 28.
    #expect(open.contains(20) && open.contains(24) && !open.contains(16))
    #expect(none.contains(28) && none.contains(30))
    // From just behind the horizon on, without gaps.
    #expect(open.first == 17 && open + none == Array(17...30))
    // Too few steps move nothing by its own size, and momentum's steps go with the gradient.
    var short = optimizer
    short.steps = 10
    #expect(!verdict(24, short).trains && verdict(24, short).lawKey == "float-horizon")
    // So does a rate that a schedule or a multiplier takes away; the readout's own moves nothing below it.
    var decaying = optimizer
    decaying.schedule = LearningRateSchedule(.table([10: 0]))
    #expect(verdict(24, decaying) == verdict(24, short))
    for multipliers: LearningRateMultipliers in [["hidden": 1e-6], ["W17": 0], ["hidden": 0.0125]] {
      var slow = optimizer
      slow.multipliers = multipliers
      #expect(verdict(24, slow) == verdict(24, short), "\(multipliers)")
    }
    var readout = optimizer
    readout.multipliers = ["readout": 1e-6, "hidden-bias": 0]
    #expect(verdict(24, readout) == verdict(24, optimizer))
    let sgd = Optimizer(.sgd(), learningRate: .value(0.03), batch: .size(128), steps: 800, loss: .crossEntropy)
    guard case .willNotTrain(.indistinguishableInputs) = verdict(20, sgd) else {
      Issue.record("\(verdict(20, sgd))")
      return
    }
    #expect(verdict(20, optimizer).description.contains("may lift some networks out"))
  }

  @Test("Horizons move with the precision: u halves 1 − c's root every ½ ln(1/χ_⊥) layers")
  func precisions() {
    let network = named(.pytorchLinear, depth: 30)
    var depths: [Precision: Int] = [:]
    for precision in Precision.allCases {
      let horizon = RoundingHorizon(
        network, meanSquaredInput: 1, oneMinusCorrelation: 0.7, precision: precision, searching: 64)
      depths[precision] = horizon.depth
    }
    // χ_⊥ = 0.0836: a factor 2^29 in u is 29 ln 2 / (½ ln(1/0.0836)) = 16.2 layers, 2^16 8.9.
    #expect(abs(Double(depths[.float64]! - depths[.float32]!) - 16.2) <= 1)
    #expect(abs(Double(depths[.float32]! - depths[.bfloat16]!) - 8.9) <= 1)
    #expect(depths[.bfloat16]! <= depths[.float16]!)
  }

  @Test("Inputs coincide to the last bit a few layers below the horizon")
  func coincidence() throws {
    let horizon = RoundingHorizon(
      named(.pytorchLinear, depth: 30), meanSquaredInput: 1, oneMinusCorrelation: 0.7, precision: .float32)
    let last = try #require(horizon.depth)
    let same = try #require(horizon.coincidence)
    // n = 256: ln(256/2) / (½ ln(1/0.0836)) = 3.9 layers.
    #expect(same > last + 2 && same < last + 7)
  }

  @Test("A deeply chaotic network's rounding errors grow to its signal")
  func chaotic() {
    let architecture = MultilayerPerceptron(depth: 60, width: 128, activation: Activation(.tanh), outputs: 10)
    func result(_ precision: Precision) -> Trainability {
      let layers = Array(repeating: LayerInitialization(weightVariance: 9, biasVariance: 0.05), count: 61)
      let network = PerceptronView(
        architecture: architecture, inputs: 64, layers: layers, parametrization: .standard)
      var conditions = conditions((1, 0.3))
      conditions.precision = precision
      return Trainability(name: "chaotic", network, conditions: conditions)
    }
    guard case .willNotTrain(.roundingGrows) = result(.float32).verdict else {
      Issue.record("float32: \(result(.float32).verdict)")
      return
    }
    #expect(result(.float32).horizon.depth! < result(.float64).horizon.depth ?? 61)
  }

  @Test("An exploding kernel leaves the range of float16")
  func overflow() {
    let architecture = MultilayerPerceptron(depth: 40, width: 64, activation: Activation(.relu), outputs: 2)
    let layers = Array(repeating: LayerInitialization(weightVariance: 4, biasVariance: 0), count: 41)
    let network = PerceptronView(architecture: architecture, inputs: 64, layers: layers, parametrization: .standard)
    var conditions = conditions((1, 0.3))
    conditions.precision = .float16
    let half = Trainability(name: "gain 2", network, conditions: conditions)
    guard case .willNotTrain(.overflow(let layer)) = half.verdict else {
      Issue.record("\(half.verdict)")
      return
    }
    // K^(ℓ) = 4·2^(ℓ−1), and 5√K > 65504 from ℓ = 27 on.
    #expect(layer == 27)
    conditions.precision = .float32
    #expect(Trainability(name: "gain 2", network, conditions: conditions).verdict.trains)
  }

  @Test("Gradients of a critical ReLU network: δ² ∝ n_(ℓ+1)/n_ℓ, bounds enclose the typical value")
  func gradients() {
    let widths = [50, 100, 80, 120, 10]
    let layers = Array(repeating: LayerInitialization(weightVariance: 2, biasVariance: 0), count: 5)
    let trajectory = KernelTrajectory(
      Activation(.relu), layers: layers, meanSquaredInput: 0.5, oneMinusCorrelation: 0.7)
    let gradients = GradientRecursion(
      trajectory, layers: layers, widths: widths, meanSquaredInput: 0.5, inputCorrelation: 0.3, loss: .crossEntropy,
      batch: 64)
    let last = gradients.layers[4].preactivation
    for (layer, width) in zip(gradients.layers, widths) {
      #expect(relativeError(layer.preactivation, last * (10 / Double(width)).squareRoot()) < 1e-13)
      #expect(layer.incoherentWeight <= layer.weight && layer.weight <= layer.coherentWeight)
      #expect(relativeError(layer.coherentWeight, 8 * layer.incoherentWeight) < 1e-13)
    }
  }

  @Test("Adam's verdict does not depend on the scale of the loss, SGD's lost steps do")
  func scale() {
    let mse = { (half: Bool) in Loss.meanSquaredError(reduction: .mean, half: half) }
    let network = named(.he, depth: 30)
    let data = Self.inputs[0]
    let adam = { (loss: Loss) in Optimizer(.adam(), batch: .size(128), steps: 1, loss: loss) }
    let one = Trainability(name: "He", network, conditions: conditions(data, adam(mse(true))))
    let two = Trainability(name: "He", network, conditions: conditions(data, adam(mse(false))))
    #expect(one.verdict == two.verdict)
    for (a, b) in zip(one.gradients.layers, two.gradients.layers) {
      #expect(relativeError(b.weight, 2 * a.weight) < 1e-12)
    }
    let slow = Optimizer(.sgd(), learningRate: .value(1e-12), batch: .size(128), steps: 1, loss: .crossEntropy)
    let lost = Trainability(name: "He", network, conditions: conditions(data, slow))
    guard case .willNotTrain(.lostSteps) = lost.verdict else {
      Issue.record("\(lost.verdict)")
      return
    }
  }
}
