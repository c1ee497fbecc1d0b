import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import Testing

/// What cannot be followed is reported with its step, and changes nothing.
@Suite struct UpdateDivergenceTests {
  private static let methods: [OptimizerMethod] = [
    .gradientDescent(), .sgd(.heavyBall(0.9)), .adam(), .rmsProp(), .lion(), .muon(),
  ]

  private static func optimizer(_ method: OptimizerMethod, _ clipping: GradientClipping = .none) -> Optimizer {
    Optimizer(method, learningRate: .value(0.1), clipping: clipping, steps: 9, loss: UpdateCases.loss)
  }

  @Test(arguments: methods, [Float.nan, .infinity, -.infinity])
  func gradientsThatAreNotNumbers(method: OptimizerMethod, bad: Float) throws {
    for clipping in [GradientClipping.none, .global(1), .value(1)] {
      let update = try ParameterUpdate<Float>(Self.optimizer(method, clipping), layout: UpdateCases.small())
      var parameters: [Float] = [1, 2, 3]
      _ = update.apply(step: 0, parameters: &parameters, gradient: [1, 1, 1])
      let (before, state) = (parameters, update.state)
      #expect(
        update.apply(step: 1, parameters: &parameters, gradient: [1, 0, bad])
          == .diverged(.init(step: 1, tensor: "b1", reason: .notFinite)))
      #expect(parameters == before && update.state == state)
    }
  }

  /// A finite gradient whose square is infinite would freeze Adam for ever.
  @Test func gradientsTooLargeForSecondMoments() throws {
    let gradient: [Float] = [1e25, 0, 0]
    func outcome(_ method: OptimizerMethod, _ clipping: GradientClipping = .none) throws -> UpdateOutcome {
      var parameters: [Float] = [1, 2, 3]
      return try ParameterUpdate<Float>(Self.optimizer(method, clipping), layout: UpdateCases.small())
        .apply(step: 4, parameters: &parameters, gradient: gradient)
    }
    let diverged = UpdateOutcome.diverged(.init(step: 4, tensor: "W1", reason: .tooLarge))
    #expect(try outcome(.adam()) == diverged)
    #expect(try outcome(.rmsProp(), .value(1)) == diverged)
    for clipping in [GradientClipping.global(1), .perTensor(1)] {
      guard case .updated = try outcome(.adam(), clipping) else {
        Issue.record("A clipped gradient was refused.")
        return
      }
    }
    guard case .updated = try outcome(.lion()) else {
      Issue.record("Lion takes signs alone.")
      return
    }
  }

  @Test func divergencesAreSentences() {
    let divergence = UpdateOutcome.Divergence(step: 3, tensor: "W2", reason: .notFinite)
    #expect(divergence.description == "Training diverged: at step 3 the gradient of W2 is not finite.")
  }

  @Test func wrongSetupsAreRefused() throws {
    let layout = try UpdateCases.small()
    func message(_ change: (inout Optimizer) -> Void) -> String {
      var optimizer = Self.optimizer(.adam())
      change(&optimizer)
      let error = #expect(throws: (any Error).self) { try ParameterUpdate<Float>(optimizer, layout: layout) }
      return error.map { "\($0)" } ?? ""
    }
    #expect(message { $0.learningRate = .auto }.contains("auto"))
    #expect(message { $0.multipliers = ["W11": 2] }.contains("did you mean W1?"))
    #expect(message { $0.method = .adam(.init(epsilon: 1e-60)) }.contains("float32"))
    #expect(message { $0.method = .adam(.init(epsilon: -1)) }.contains("epsilon"))
    #expect(
      message { $0 = Optimizer(.gradientFlow(.init(endTime: 1)), loss: .hinge) }.contains("differential equations"))
  }

  @Test func wrongLayoutsAreRefused() {
    typealias Tensor = ParameterLayout.Tensor
    for tensors in [
      [Tensor("W1", role: .input, shape: [2]), Tensor("W1", role: .hidden, shape: [2])],
      [Tensor("W1", role: .input, shape: [2, 0])], [Tensor("W1", role: .input, shape: [1 << 40, 1 << 40])],
      [Tensor("W1", role: .input, shape: [1 << 57]), Tensor("W2", role: .input, shape: [1 << 57])],
    ] {
      #expect(throws: TrainingSetupError.self) { try ParameterLayout(tensors) }
    }
  }

  @Test func layoutsArePlacedInOrder() throws {
    let layout = try UpdateCases.network()
    #expect(layout.tensors.map(\.offset) == [0, 40, 48, 80, 88, 96])
    #expect(layout.count == 98)
    #expect(try UpdateCases.network(alignment: 1).count == 84)
    let kernel = ParameterLayout.Tensor("W1", role: .hidden, shape: [8, 3, 5, 5])
    #expect(kernel.rows == 8 && kernel.columns == 75 && kernel.isMatrix)
  }
}
