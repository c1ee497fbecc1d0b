import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import Testing

@Suite struct UpdateStateTests {
  private static let methods: [OptimizerMethod] = [
    .gradientDescent(), .sgd(.nesterov(0.9)), .adam(), .rmsProp(), .lion(), .muon(),
  ]

  private func optimizer(_ method: OptimizerMethod) -> Optimizer {
    Optimizer(
      method, learningRate: .value(0.01), schedule: .init(.linear(final: 0), warmUp: 3), clipping: .global(5),
      steps: 40, loss: UpdateCases.loss)
  }

  /// Stopped after any number of steps and gone on with from the saved state: the same bits.
  @Test(arguments: methods)
  func restoredRunsAreTheSame(method: OptimizerMethod) throws {
    let layout = try UpdateCases.network()
    let gradients = (0..<40).map { UpdateCases.normals(layout.count, seed: UInt64($0), as: Float.self) }
    var whole = UpdateCases.normals(layout.count, seed: 99, as: Float.self)
    let update = try ParameterUpdate<Float>(optimizer(method), layout: layout)
    var saved: [(parameters: [Float], state: UpdateState<Float>)] = []
    for (step, gradient) in gradients.enumerated() {
      saved.append((whole, update.state))
      _ = update.apply(step: step, parameters: &whole, gradient: gradient)
    }
    for stop in [0, 1, 7, 39] {
      var (parameters, state) = saved[stop]
      let resumed = try ParameterUpdate<Float>(optimizer(method), layout: layout)
      try resumed.restore(state)
      for step in stop..<40 { _ = resumed.apply(step: step, parameters: &parameters, gradient: gradients[step]) }
      #expect(parameters.map(\.bitPattern) == whole.map(\.bitPattern))
      state = resumed.state
      #expect(state == update.state)
    }
  }

  @Test func statesHaveNames() throws {
    func names(_ method: OptimizerMethod) throws -> [String] {
      try ParameterUpdate<Double>(optimizer(method), layout: UpdateCases.network()).state.arrays.map(\.name)
    }
    #expect(try names(.gradientDescent()) == [])
    #expect(try names(.lion()) == ["first-moment"])
    #expect(try names(.rmsProp()) == ["second-moment"])
    #expect(try names(.adam()) == ["first-moment", "second-moment"])
  }

  /// Memory is what the rules keep: nothing for gaps, no second moments for orthogonalized matrices.
  @Test func memoryIsToldBeforehand() throws {
    let layout = try UpdateCases.network()
    let numbers = 35 + 7 + 28 + 4 + 8 + 2
    func bytes(_ method: OptimizerMethod) throws -> Int {
      let told = try ParameterUpdate<Float>.requiredMemory(optimizer(method), layout: layout)
      #expect(try ParameterUpdate<Float>(optimizer(method), layout: layout).memory == told)
      return told
    }
    #expect(try bytes(.gradientDescent()) == 0)
    #expect(try bytes(.sgd(.heavyBall(0.9))) == 4 * numbers)
    #expect(try bytes(.adam()) == 8 * numbers)
    // Momenta of all, second moments of all but W2, its direction, and what orthogonalization needs.
    #expect(try bytes(.muon()) == 4 * (2 * numbers - 28 + 28 + 2 * 28 + 2 * 16))
    let state = try ParameterUpdate<Float>(optimizer(.muon()), layout: layout).state
    #expect(state.arrays.map(\.values.count) == [numbers, numbers - 28])
  }

  @Test func statesOfOthersAreRefused() throws {
    let layout = try UpdateCases.small()
    let adam = try ParameterUpdate<Float>(optimizer(.adam()), layout: layout)
    let lion = try ParameterUpdate<Float>(optimizer(.lion()), layout: layout)
    let larger = try ParameterUpdate<Float>(optimizer(.adam()), layout: UpdateCases.network())
    var broken = adam.state
    broken.arrays[1].values[2] = .nan
    for state in [lion.state, larger.state, broken, UpdateState(arrays: [])] {
      let error = #expect(throws: TrainingSetupError.self) { try adam.restore(state) }
      #expect(error?.description.contains("checkpoint of the same network") == true)
    }
    #expect(adam.state.arrays.allSatisfy { $0.values == [0, 0, 0] })
  }
}
