import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Networks beside their linearizations: exact where a network is linear in its parameters, first order for small steps,
/// deviations that fall with the width, twins.
@Suite struct LinearizationTests {
  static func optimizer(
    _ momentum: OptimizerMethod.Momentum = .none, rate: Double, steps: Int, multipliers: LearningRateMultipliers = [:]
  ) -> Optimizer {
    Optimizer(
      .gradientDescent(momentum), learningRate: .value(rate), multipliers: multipliers, steps: steps,
      loss: .meanSquaredError(reduction: .mean, half: true))
  }

  static func double() -> LinearizationExperiment.Options {
    var options = LinearizationExperiment.Options()
    options.precision = .float64
    return options
  }

  /// A single dense layer is its own linearization, under any momentum, any multipliers and in both parametrizations.
  @Test(arguments: [
    OptimizerMethod.Momentum.none, .heavyBall(0.8), .exponentialMovingAverage(0.9), .nesterov(0.7),
  ]) func linearNetwork(_ momentum: OptimizerMethod.Momentum) throws {
    let data = try TrainingTests.data(9, outputs: 2)
    for parametrization in Parametrization.allCases {
      var network = ExperimentNetworks.network(.linear, widths: [], weight: 1.7, bias: 0.5, outputs: 2)
      network.parametrization = parametrization
      let optimizer = Self.optimizer(momentum, rate: 0.1, steps: 40, multipliers: ["W1": 0.5, "b1": 3])
      let pairs = try LinearizationExperiment(network, data: data, optimizer: optimizer)
        .run(members: 0..<2, seed: 4, steps: [0, 7, 40], options: Self.double())
      #expect(pairs.count == 2)
      for pair in pairs {
        #expect(pair.network.count == 3)
        #expect(pair.network[0].rows == 16)
        for index in 0..<3 { #expect(pair.deviation(at: index) < 1e-13) }
        #expect(relativeError(pair.network[2].tensor.elements, pair.network[0].tensor.elements) > 0.1)
      }
    }
  }

  /// Dropout and statistics of batches have no linearization; twins end with a layer that is linear in its weights.
  @Test func networksWithoutALinearizationOrATwinAreRefused() throws {
    let data = try TrainingTests.data(9, outputs: 3)
    func experiment(_ layers: [Layer]) throws -> LinearizationExperiment {
      let architecture = Architecture(layers)
      let weights = try architecture.parameters(inputShape: [3]).filter(\.isDrawnWeight).count
      return try LinearizationExperiment(
        ResolvedNetwork(
          architecture: architecture, inputShape: [3],
          initializations: Array(repeating: LayerInitialization(weightVariance: 1, biasVariance: 0.1), count: weights),
          parametrization: .ntk), data: data, optimizer: Self.optimizer(rate: 0.1, steps: 2))
    }
    let (hidden, end) = ([Layer(Dense(units: 4)), Layer(Nonlinearity(Activation(.tanh)))], Layer(Dense(units: 3)))
    #expect(throws: ExperimentError.dropsOut) { try experiment(hidden + [Layer(Dropout(0.5)), end]) }
    #expect(throws: ExperimentError.keepsAverages(layer: 2)) { try experiment(hidden + [Layer(BatchNorm()), end]) }
    var options = Self.double()
    options.isAntithetic = true
    for (last, key) in [(Layer(LayerNorm()), "layer-norm"), (Layer(Residual([end])), "residual")] {
      #expect(throws: ExperimentError.noTwin(key: key)) {
        _ = try experiment(hidden + [end, last]).run(members: 0..<1, seed: 4, steps: [0, 2], options: options)
      }
    }
    let pairs = try experiment(hidden + [end]).run(members: 0..<1, seed: 4, steps: [0, 2], options: options)
    #expect(pairs[1].isTwin && pairs[1].network[0].tensor.elements == pairs[0].network[0].tensor.elements.map { -$0 })
  }

  /// One small step of a deep network moves its outputs as the linearization says, up to the second order in the rate.
  @Test(arguments: Parametrization.allCases) func firstOrder(_ parametrization: Parametrization) throws {
    var network = ExperimentNetworks.network(.tanh, widths: [7, 5], weight: 1.4, bias: 0.3)
    network.parametrization = parametrization
    let data = try TrainingTests.data(6)
    let rates = [0.02, 0.01, 0.005]
    let errors = try rates.map { rate in
      try LinearizationExperiment(
        network, data: data, optimizer: Self.optimizer(rate: rate, steps: 1, multipliers: ["readout": 2, "b2": 0.5])
      ).run(members: 3..<4, seed: 4, steps: [0, 1], options: Self.double())[0].deviation(at: 1)
    }
    checkConvergenceOrder(sizes: rates.map { 1 / $0 }, errors: errors, order: 2, tolerance: 0.1)
  }

  /// The deviation of single networks from their linearizations falls as 1/n: the tangent kernel of one network moves by
  /// that order in training (E. Dyer and G. Gur-Ari 2020, arXiv:1909.11304).
  @Test func deviationFallsWithWidth() throws {
    let data = try TrainingTests.data(6)
    let widths = [32, 64, 128, 256]
    let estimates = try widths.map { width -> Estimate in
      let network = ExperimentNetworks.network(.tanh, widths: [width, width], weight: 1.3, bias: 0.1)
      let pairs = try LinearizationExperiment(network, data: data, optimizer: Self.optimizer(rate: 0.5, steps: 60))
        .run(members: 0..<60, seed: 9, steps: [60])
      let mean = Statistics.mean(pairs.map { $0.deviation(at: 0) * $0.deviation(at: 0) })
      return Estimate(value: mean.value.squareRoot(), error: mean.error / (2 * mean.value.squareRoot()))
    }
    let fit = try LinearFit.powerLaw(
      x: widths.map(Double.init), y: estimates.map(\.value), errors: estimates.map(\.error))
    // Width 32 is off the asymptotic line by order 1/n of itself.
    checkMonteCarloAgrees(
      predicted: -1, measured: fit.parameters[1].value, standardError: fit.parameters[1].error, systematic: 1 / 32.0)
  }

  /// The 1/n deviation of the mean residual, trained on one input: the reference's coefficients, from antithetic pairs at
  /// n = 16, where the next order is of relative size L/n.
  @Test func meanDeviation() throws {
    var cases = 0
    for entry in try Fixtures.json("effective_theory")["trained_mean"].elements where try entry["act"].string == "tanh"
    {
      cases += 1
      let (weight, bias) = (try entry["C_W"].double, try entry["C_b"].double)
      let (y, time, depth) = (try entry["y"].double, try entry["t"].double, try entry["depth"].int)
      let width = 16
      let network = ExperimentNetworks.network(
        .tanh, widths: Array(repeating: width, count: depth - 1), inputs: 1, weight: weight, bias: bias)
      // λ_b = 0.7 and λ_W = C_W in units of the NTK parametrization.
      let multiplier = try entry["lambda_b"].double / bias
      #expect(try entry["lambda_W"].double == weight)
      let steps = 40
      let input = (try entry["K1"].double - bias) / weight
      let data = TrainingData(train: try .init(inputs: Matrix([[input.squareRoot()]]), targets: Matrix([[y]])))
      let optimizer = Optimizer(
        .gradientDescent(), learningRate: .value(time / Double(steps)),
        multipliers: LearningRateMultipliers(roles: [.hiddenBias: multiplier, .readoutBias: multiplier]), steps: steps,
        loss: .meanSquaredError(reduction: .sum, half: true))
      var options = LinearizationExperiment.Options()
      options.isAntithetic = true
      options.isLinearized = false
      let networks = try LinearizationExperiment(network, data: data, optimizer: optimizer)
        .run(members: 0..<6000, seed: 2, steps: [steps], options: options)
      // −y e^(−Θt) at infinite width, and in so many steps.
      let lead = try entry["lead_mean_eps"].double
      let tangentKernel = -log(-lead / y) / time
      let stepped = -y * pow(1 - tangentKernel * time / Double(steps), Double(steps))
      var moments = StreamingMoments()
      for place in stride(from: 0, to: networks.count, by: 2) {
        let mean = (networks[place].network[0][0, 0] + networks[place + 1].network[0][0, 0]) / 2
        moments.add(Double(width) * (mean - y - stepped))
      }
      let expected = try entry["n_times_delta_mean_eps"].double
      checkMonteCarloAgrees(
        predicted: expected, measured: moments.mean, standardError: moments.estimate.error,
        systematic: abs(expected) * Double(depth) / Double(width))
    }
    #expect(cases == 2)
  }

  /// A twin begins with the opposite function, to the last bit since rounding to nearest knows no sign; and both are what
  /// `TrainingExperiment` trains of the same draw.
  @Test func twins() throws {
    let network = ExperimentNetworks.network(.tanh, widths: [8], weight: 1.3, bias: 0.2)
    let data = try TrainingTests.data(5)
    let optimizer = Self.optimizer(rate: 0.2, steps: 10)
    var options = Self.double()
    options.isAntithetic = true
    options.isLinearized = false
    let pairs = try LinearizationExperiment(network, data: data, optimizer: optimizer)
      .run(members: 0..<3, seed: 4, steps: [0, 10], options: options)
    #expect(pairs.map(\.member) == [0, 0, 1, 1, 2, 2])
    #expect(pairs.map(\.isTwin) == [false, true, false, true, false, true])
    for index in stride(from: 0, to: 6, by: 2) {
      #expect(pairs[index].network[0].tensor.elements == pairs[index + 1].network[0].tensor.elements.map { -$0 })
      #expect(pairs[index].linear.isEmpty)
    }
    var training = TrainingTests.double()
    training.observables = [.outputs, .testOutputs]
    let recorder = MemoryRecorder()
    _ = try TrainingExperiment(network, data: data, optimizer: optimizer)
      .run(members: 0..<3, seed: 4, options: training, recorder: recorder)
    let outputs = recorder.observations.first { $0.observable == "outputs" && $0.member == 2 && $0.step == 10 }
    let test = recorder.observations.first { $0.observable == "test-outputs" && $0.member == 2 && $0.step == 10 }
    #expect(outputs?.shape == [5, 1])
    #expect(test?.shape == [7, 1])
    // The two take samples by themselves and together, in programs of their own. A gradient sums at most 5 samples of at most 8
    // units, γ_40 = 40u of its terms' sizes, and passes two products more; ten steps of rate 0.2 add that up twice: 2 · 2 · 60u.
    // Outputs sum 8 units of parameters that are off by so much, with inputs and weights up to 4: 32 times that, 1e-12.
    let found = (outputs?.values ?? []) + (test?.values ?? [])
    let size = found.map(abs).max() ?? 0
    #expect(found.count == 12)
    for (one, other) in zip(found, pairs[4].network[1].tensor.elements) { #expect(abs(one - other) <= 1e-12 * size) }
  }

  /// Other optimizers have no linearization here, and say so.
  @Test func otherOptimizers() throws {
    let network = ExperimentNetworks.network(.tanh, widths: [8], weight: 1.3)
    let data = try TrainingTests.data(5)
    let loss = Loss.meanSquaredError(reduction: .sum, half: true)
    for optimizer in [
      Optimizer(.adam(), learningRate: .value(0.1), steps: 3, loss: loss),
      Optimizer(.gradientDescent(), learningRate: .value(0.1), steps: 3, loss: .logistic),
      Optimizer(
        .gradientDescent(), learningRate: .value(0.1), weightDecay: WeightDecay(0.1, .coupled), steps: 3, loss: loss),
    ] {
      #expect(throws: ExperimentError.notLinearized) {
        try LinearizationExperiment(network, data: data, optimizer: optimizer)
      }
    }
  }
}

extension LinearizationExperiment.Pair {
  /// The root mean square of f − f_lin over samples and outputs.
  fileprivate func deviation(at index: Int) -> Double {
    let (a, b) = (network[index].tensor.elements, linear[index].tensor.elements)
    return (zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(a.count)).squareRoot()
  }
}
