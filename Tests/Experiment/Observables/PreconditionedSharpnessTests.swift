import Foundation
import OrreryExperiment
import OrreryFindings
import OrreryFormats
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Preconditioned sharpness against all eigenvalues of D^(−½) H D^(−½), with second moments written out from gradients.
@Suite struct PreconditionedSharpnessTests {
  struct Rule: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let method: OptimizerMethod
    /// Of the second moments.
    let decay: Double
    let isCorrected: Bool
    let epsilon: Double
  }

  static let rules = [
    Rule(testDescription: "adam", method: .adam(), decay: 0.999, isCorrected: true, epsilon: 1e-8),
    Rule(
      testDescription: "adam, ε = 0.1", method: .adam(.init(beta2: 0.9, epsilon: 0.1)), decay: 0.9, isCorrected: true,
      epsilon: 0.1),
    Rule(
      testDescription: "rmsprop", method: .rmsProp(.init(decay: 0.8, epsilon: 1e-3)), decay: 0.8, isCorrected: false,
      epsilon: 1e-3),
  ]

  private static let loss = Loss.meanSquaredError(reduction: .mean, half: true)

  /// ∂L/∂ω, in the optimizer's units.
  private static func gradient(
    _ network: ResolvedNetwork, _ data: TrainingData, at parameters: [Double], units: [Double]
  ) throws -> [Double] {
    let program = try LossProgram(network, loss: loss, samples: data.train.samples, isParallel: false).gradient
    let arena = Arena<Double>(program)
    for i in parameters.indices { arena.base[i] = parameters[i] }
    for (input, matrix) in [
      (program.inputs.count - 2, data.train.inputs), (program.inputs.count - 1, data.train.targets),
    ] {
      matrix.withUnsafeBuffer { for i in $0.indices { arena.input(input)[i] = $0[i] } }
    }
    arena.run()
    let gradient = (0..<(program.outputs.count - 1)).flatMap { Array(arena.output($0)) }
    return zip(gradient, units).map { $0 * $1 }
  }

  @Test(arguments: rules, [Parametrization.ntk, .standard])
  func agreesWithTheDenseMatrix(rule: Rule, parametrization: Parametrization) throws {
    let data = try TrainingTests.data(9, outputs: 2)
    var perceptron = ExperimentNetworks.network(.tanh, widths: [4], weight: 1.3, bias: 0.2, outputs: 2)
    perceptron.parametrization = parametrization
    let network = ResolvedNetwork(perceptron)
    let layout = try NetworkParameters(network).layout
    let units = layout.tensors.flatMap { [Double](repeating: $0.unit, count: $0.count) }
    /// D has η over a tensor's own rate.
    let multipliers = LearningRateMultipliers(tensors: ["W2": 2])
    let factors = layout.tensors.flatMap { [Double](repeating: $0.name == "W2" ? 0.5 : 1, count: $0.count) }
    let steps = 3
    var points = [try network.drawnParameters(seed: 5)]
    var recorded: [Double] = []
    for count in 1...steps {
      let optimizer = Optimizer(
        rule.method, learningRate: .value(0.02), multipliers: multipliers, batch: .full, steps: count, loss: Self.loss)
      var options = TrainingTests.double(.at([count]))
      options.observables = [TrainingObservable(rawValue: "preconditioned-sharpness")!]
      let recorder = MemoryRecorder()
      _ = try TrainingExperiment(network, data: data, optimizer: optimizer).run(
        seed: 5, options: options, recorder: recorder)
      let tensors = try #require(recorder.checkpoints.first).tensors
      points.append(try layout.tensors.flatMap { try #require(tensors[$0.name]).elements(as: Double.self).elements })
      recorded = ["preconditioned-sharpness", "preconditioned-sharpness-bound"].map {
        TrainingTests.values(recorder, $0)[0]
      }
    }
    var moments = [Double](repeating: 0, count: layout.count)
    for point in points.dropLast() {
      let g = try Self.gradient(network, data, at: point, units: units)
      for i in g.indices { moments[i] = rule.decay * moments[i] + (1 - rule.decay) * g[i] * g[i] }
    }
    let correction = rule.isCorrected ? 1 - pow(rule.decay, Double(steps)) : 1
    let scales = zip(moments, factors).map { (($0 / correction).squareRoot() + rule.epsilon) * $1 }
    let hessian = try NetworkCurvature<Double>(.hessian, of: network, loss: Self.loss, data: data.train)
    hessian.move(to: points[steps])
    var matrix = Matrix<Double>(rows: layout.count, columns: layout.count)
    for j in 0..<layout.count {
      let column = hessian.apply((0..<layout.count).map { $0 == j ? 1 : 0 })
      for i in 0..<layout.count { matrix[i, j] = column[i] / (scales[i] * scales[j]).squareRoot() }
    }
    let largest = try #require(try matrix.symmetricEigenvalues().last)
    // As many products as there are parameters find it but for rounding, which the smallest scales enlarge.
    #expect(recorded[1] < 1e-3 * largest)
    #expect(abs(recorded[0] - largest) <= recorded[1] + 1e-9 * largest)
  }
}
