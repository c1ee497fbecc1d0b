import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Every rule beside plain loops over fifty random steps, with everything that may surround it.
@Suite struct UpdateTwinTests {
  private static let methods: [OptimizerMethod] = [
    .gradientDescent(), .sgd(.heavyBall(0.9)), .sgd(.exponentialMovingAverage(0.8)), .sgd(.nesterov(0.9)), .adam(),
    .adam(.init(beta1: 0.5, beta2: 0.9, epsilon: 1e-3, epsilonPlacement: .insideRoot, hasBiasCorrection: false)),
    .adamW(.init(beta1: 0)), .rmsProp(), .rmsProp(.init(decay: 0.99, epsilon: 0.1, hasBiasCorrection: true)), .lion(),
    .muon(.init(others: .init(.adamW(.init()), learningRate: 0.003))),
    .muon(
      .init(
        momentum: 0.8, isNesterov: false, newtonSchulzSteps: 3, scale: .rootMeanSquare, matrices: .all,
        others: .init(.sgd(.heavyBall(0.9))))),
  ]

  private static let clippings: [GradientClipping] = [.none, .global(3), .perTensor(1.5), .value(0.7)]

  /// Each method with one of the clippings and one kind of decay, so that all meet.
  private static let optimizers = methods.enumerated().flatMap { index, method in
    clippings.indices.map { shift in
      let isDecoupled = { if case .adamW = method { true } else { (index + shift) % 2 == 0 } }()
      return Optimizer(
        method, learningRate: .value(0.01), schedule: .init(.cosine(final: 0.1), warmUp: 10),
        multipliers: shift == 1 ? [:] : ["W2": 2, "readout": 0.5, "hidden-bias": 0.25],
        weightDecay: .init(shift == 0 ? 0 : 0.3, isDecoupled ? .decoupled : .coupled, of: shift == 2 ? .weights : .all),
        clipping: clippings[shift], steps: 50, loss: UpdateCases.loss)
    }
  }

  /// The largest difference from the plain twin after fifty steps, and whether gaps stayed as they were.
  private func difference<Scalar: TensorScalar>(_ optimizer: Optimizer, _ scalar: Scalar.Type) throws -> Double {
    let layout = try UpdateCases.network()
    let start = UpdateCases.normals(layout.count, seed: 1, as: Scalar.self)
    var (fast, slow) = (start, start)
    let update = try ParameterUpdate<Scalar>(optimizer, layout: layout)
    var plain = PlainUpdate<Scalar>(
      optimizer, count: layout.count,
      tensors: layout.tensors.map { ($0.name, $0.role, $0.rows, $0.columns, $0.isMatrix, $0.offset) })
    for step in 0..<50 {
      let gradient = UpdateCases.normals(layout.count, seed: UInt64(100 + step), as: Scalar.self)
      guard case .updated = update.apply(step: step, parameters: &fast, gradient: gradient) else { return .infinity }
      plain.step(step, &slow, gradient)
    }
    let covered = Set(layout.tensors.flatMap(\.range))
    for place in start.indices where !covered.contains(place) && fast[place] != start[place] { return .infinity }
    return zip(fast, slow).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
  }

  /// Parameters are of size 1; fifty steps of 0.01 of a few roundings each stay far below these, unless Lion's or Muon's
  /// directions turn, which their own rounding decides for no gradient here.
  @Test(arguments: optimizers.indices)
  func doublePrecision(index: Int) throws {
    let found = try difference(Self.optimizers[index], Double.self)
    #expect(found < 1e-13, "\(Self.optimizers[index].method) \(Self.optimizers[index].clipping): \(found)")
  }

  @Test(arguments: optimizers.indices)
  func singlePrecision(index: Int) throws {
    let found = try difference(Self.optimizers[index], Float.self)
    #expect(found < 2e-5, "\(Self.optimizers[index].method) \(Self.optimizers[index].clipping): \(found)")
  }
}
