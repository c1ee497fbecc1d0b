import Foundation
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite struct DormandPrinceTests {
  /// ẏ = (y₂, −y₁): a circle.
  static func circle(_ y: UnsafePointer<Double>, _ f: UnsafeMutablePointer<Double>) -> Bool {
    (f[0], f[1]) = (y[1], -y[0])
    return true
  }

  static func integrator(_ tolerance: Double) -> DormandPrince {
    let integrator = DormandPrince(count: 2, relativeTolerance: tolerance, absoluteTolerance: tolerance)
    (integrator.state[0], integrator.state[1]) = (0, 1)
    return integrator
  }

  static func error(_ integrator: DormandPrince, at time: Double) -> Double {
    max(abs(integrator.state[0] - sin(time)), abs(integrator.state[1] - cos(time)))
  }

  @Test func fifthOrder() {
    let errors = [10.0, 20, 40, 80].map { steps in
      let integrator = Self.integrator(1e-6)
      #expect(integrator.advance(by: 2, fixedStep: 2 / steps, Self.circle) == .reached)
      #expect(integrator.accepted == Int(steps))
      return Self.error(integrator, at: 2)
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(log2(coarse / fine) - 5) < 0.3, "The order is \(log2(coarse / fine)).")
    }
  }

  @Test(arguments: [1e-4, 1e-6, 1e-8, 1e-10]) func errorsFollowTheTolerance(tolerance: Double) {
    let integrator = Self.integrator(tolerance)
    #expect(integrator.advance(by: 10, Self.circle) == .reached)
    let error = Self.error(integrator, at: 10)
    #expect(error < 30 * tolerance && error > 0.01 * tolerance)
    #expect(integrator.rejected <= 3 + integrator.accepted / 5)
  }

  /// In pieces, taken up again from what is kept, the same bits as from the same pieces without a pause.
  @Test func goingOnKeepsTheBits() {
    let (one, first) = (Self.integrator(1e-7), Self.integrator(1e-7))
    for _ in 0..<2 { _ = one.advance(by: 1.5, Self.circle) }
    _ = first.advance(by: 1.5, Self.circle)
    let second = DormandPrince(count: 2, relativeTolerance: 1e-7, absoluteTolerance: 1e-7)
    _ = second.state.update(fromContentsOf: Array(first.state))
    second.numbers = first.numbers
    _ = second.advance(by: 1.5, Self.circle)
    #expect(Array(one.state) == Array(second.state) && one.accepted == second.accepted)
  }

  /// ẏ = y² leaves the numbers at t = 1; a stiff decay is followed, in steps that its stability allows.
  @Test func blowUpAndStiffness() {
    let integrator = DormandPrince(count: 1, relativeTolerance: 1e-6, absoluteTolerance: 1e-9)
    integrator.state[0] = 1
    let outcome = integrator.advance(by: 2) { y, f in
      f[0] = y[0] * y[0]
      return f[0].isFinite
    }
    #expect(outcome == .underflow(component: 0))
    let stiff = DormandPrince(count: 2, relativeTolerance: 1e-6, absoluteTolerance: 1e-9)
    (stiff.state[0], stiff.state[1]) = (1, 1)
    #expect(
      stiff.advance(by: 1) { y, f in
        (f[0], f[1]) = (-1000 * y[0], -y[1])
        return true
      } == .reached)
    #expect(abs(stiff.state[1] - exp(-1)) < 1e-5 && abs(stiff.state[0]) < 1e-5)
    #expect(stiff.accepted > 200 && stiff.accepted < 2000)
  }
}

/// Networks that follow the flow of their gradient.
@Suite struct GradientFlowTests {
  static func flow(_ time: Double, tolerance: Double = 1e-9, multipliers: LearningRateMultipliers = [:]) -> Optimizer {
    Optimizer(
      .gradientFlow(.init(endTime: time, relativeTolerance: tolerance, absoluteTolerance: tolerance)),
      multipliers: multipliers, loss: .meanSquaredError(reduction: .sum, half: true))
  }

  static func run(
    _ network: ResolvedNetwork, _ optimizer: Optimizer, data: TrainingData, steps: ObservationSteps,
    recorder: MemoryRecorder = MemoryRecorder()
  ) throws -> MemoryRecorder {
    _ = try TrainingExperiment(network, data: data, optimizer: optimizer).run(
      seed: 2, options: TrainingTests.double(steps), recorder: recorder)
    return recorder
  }

  /// A linear map: residuals decay by e^(−Θt) with Θ = XXᵀ + 1, exactly.
  @Test func linearModelsDecayAsTheirKernelSays() throws {
    let data = try TrainingTests.data(5)
    var perceptron = ExperimentNetworks.network(.linear, widths: [], weight: 1, bias: 0.5)
    perceptron.parametrization = .standard
    let start = [0.3, -0.2, 0.1, 0.05]
    let recorder = try Self.run(
      ResolvedNetwork(perceptron), Self.flow(0.7), data: data, steps: .every(100),
      recorder: TrainingTests.starting(start))
    let x = data.train.inputs
    var kernel = x.gram()
    for i in 0..<5 { for j in 0..<5 { kernel[i, j] += 1 } }
    let modes = try kernel.symmetricEigendecomposition()
    let residuals = (0..<5).map { dot(x.row($0), Array(start[0..<3])) + 0.05 - data.train.targets[$0, 0] }
    let losses = TrainingTests.values(recorder, "loss")
    #expect(losses.count == 11)
    for (place, loss) in losses.enumerated() {
      let time = 0.07 * Double(place)
      let squares = (0..<5).map { mode -> Double in
        let amplitude = dot(modes.vectors.row(mode), residuals) * exp(-modes.values[mode] * time)
        return amplitude * amplitude
      }
      #expect(abs(loss - 0.5 * squares.reduce(0, +)) < 1e-7)
    }
    let times = TrainingTests.values(recorder, "flow-time")
    #expect(zip(times, 0...10).allSatisfy { abs($0 - 0.07 * Double($1)) < 1e-15 })
    let accepted = TrainingTests.values(recorder, "flow-accepted")
    #expect(accepted[0] == 0 && accepted[10] >= 10 && accepted == accepted.sorted())
  }

  /// Gradient descent comes to the flow as η → 0, with an error in proportion.
  @Test(arguments: [Parametrization.ntk, .standard]) func smallStepsOfDescentComeToTheFlow(
    parametrization: Parametrization
  )
    throws
  {
    let data = try TrainingTests.data(6)
    var perceptron = ExperimentNetworks.network(.tanh, widths: [6], weight: 1.2, bias: 0.1)
    perceptron.parametrization = parametrization
    let network = ResolvedNetwork(perceptron)
    let multipliers: LearningRateMultipliers = LearningRateMultipliers(tensors: ["W1": 0.5])
    let exact = TrainingTests.values(
      try Self.run(network, Self.flow(1, multipliers: multipliers), data: data, steps: .at([1000])), "loss")[0]
    let errors = try [100, 200, 400].map { steps -> Double in
      let optimizer = Optimizer(
        .gradientDescent(), learningRate: .value(1 / Double(steps)), multipliers: multipliers, steps: steps,
        loss: .meanSquaredError(reduction: .sum, half: true))
      return TrainingTests.values(
        try Self.run(network, optimizer, data: data, steps: .at([steps])), "loss")[0] - exact
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect(abs(coarse / fine - 2) < 0.1) }
  }

  @Test func stoppedFlowsGoOnWithTheSameBits() throws {
    let data = try TrainingTests.data(6)
    let network = ResolvedNetwork(ExperimentNetworks.network(.tanh, widths: [6], weight: 1.2))
    let experiment = try TrainingExperiment(network, data: data, optimizer: Self.flow(2))
    var options = TrainingTests.double(.every(100))
    let whole = MemoryRecorder()
    _ = try experiment.run(seed: 2, options: options, recorder: whole)
    let recorder = MemoryRecorder()
    // Once between two observations, once early.
    for limit in [7, 23] {
      let counter = StepCounter()
      options.isCancelled = { counter.next() > limit }
      #expect(throws: ExperimentError.self) { _ = try experiment.run(seed: 2, options: options, recorder: recorder) }
    }
    options.isCancelled = nil
    _ = try experiment.run(seed: 2, options: options, recorder: recorder)
    for name in ["loss", "flow-accepted", "flow-rejected"] {
      let found = Dictionary(
        recorder.observations.filter { $0.observable == name }.map { ($0.step, $0.values[0]) }, uniquingKeysWith: { $1 }
      )
      #expect(found.keys.sorted().map { found[$0]! } == TrainingTests.values(whole, name))
    }
  }

  /// A loss that falls without end: linear outputs under a target far away at infinite speed cannot be, but weights that overflow can.
  @Test func flowsThatLeaveTheNumbersAreDivergences() throws {
    let data = try TrainingTests.data(6)
    var perceptron = ExperimentNetworks.network(.monomial(degree: 3), widths: [6], weight: 200)
    perceptron.parametrization = .standard
    var options = TrainingTests.double(.at([0, 1000]))
    options.savesParameters = false
    options.precision = .float32
    var optimizer = Self.flow(1e300, tolerance: 1e-6)
    optimizer.loss = .meanSquaredError(reduction: .sum, half: true)
    let ends = try TrainingExperiment(ResolvedNetwork(perceptron), data: data, optimizer: optimizer).run(
      seed: 2, options: options, recorder: MemoryRecorder())
    guard case .diverged = ends[0] else {
      Issue.record("The flow ended \(ends[0]).")
      return
    }
  }
}
