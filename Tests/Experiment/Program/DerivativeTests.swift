import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Derivatives of programs against finite differences and against each other.
@Suite struct DerivativeTests {
  static let smooth: [ActivationFunction] = [
    .tanh, .erf, .gelu, .geluTanh, .silu, .sigmoid, .softplus, .sin, .cos, .exp, .gaussian, .monomial(degree: 3),
    .hermite(degree: 4), .polynomial(coefficients: [0.1, 1, -0.3, 0.2]), .linear,
  ]
  static let kinked: [ActivationFunction] = [
    .relu, .leakyReLU(slope: 0.1), .abs, .reluSquared, .elu(alpha: 1), .elu(alpha: 0.7),
  ]
  static let losses: [Loss] = [
    .meanSquaredError(reduction: .sum, half: true), .meanSquaredError(reduction: .mean, half: false), .crossEntropy,
  ]

  @Test(arguments: smooth + kinked) func gradientOfEveryActivation(function: ActivationFunction) throws {
    // Scaled, so that powers and exponentials stay of order 1, and shifted, so that scales are tested.
    let activation = Activation(function, inputScale: 0.4, inputShift: 0.1, outputScale: 1.3, outputShift: 0.2)
    let network = try SmallNetwork(activation)
    var number = network.number
    #expect(try number.gradientError(at: network.everything) < 1e-7)
    var plain = try SmallNetwork(Activation(function)).number
    #expect(try plain.gradientError(at: network.everything.map { $0.map { 0.3 * $0 } }) < 1e-7)
  }

  @Test(arguments: losses) func gradientOfEveryLoss(loss: Loss) throws {
    let network = try SmallNetwork(Activation(.tanh), loss: loss, outputs: 3)
    var number = network.number
    #expect(try number.gradientError(at: network.everything) < 1e-7)
  }

  /// For one hidden linear layer f = A B x: ∂L/∂A = (f − y)(Bx)ᵀ, ∂L/∂B = Aᵀ(f − y)xᵀ, written out by hand.
  @Test func gradientOfADeepLinearNetworkByHand() throws {
    let network = try SmallNetwork(
      Activation(.linear), loss: .meanSquaredError(reduction: .sum, half: true), widths: [2], inputs: 2, outputs: 1,
      samples: 1)
    var number = network.number
    // B = ((1, 2), (3, 4)), b = 0; A = (1, −1), a = 0; x = (1, 1), y = 1: Bx = (3, 7), f = −4, f − y = −5.
    let point: [[Double]] = [[1, 2, 3, 4], [0, 0], [1, -1], [0], [1, 1], [1]]
    let gradient = try number.graph.gradient(of: number.value, to: number.arrays).map { $0! }
    let found = number.at(point, gradient)
    #expect(found == [[-5, -5, 5, 5], [-5, 5], [-15, -35], [-5], [10, 10], [5]])
  }

  /// Hessian-vector products, forward over reverse and reverse over reverse, against differences of gradients.
  @Test(arguments: [ActivationFunction.tanh, .gelu, .sin, .reluSquared, .relu])
  func hessianVectorProducts(function: ActivationFunction) throws {
    let network = try SmallNetwork(Activation(function), loss: .crossEntropy, outputs: 3)
    var number = network.number
    let parameters = network.parameters
    var random = SplitMix(seed: 3)
    let directions = network.point.map { random.normals($0.count) }
    let tangents = parameters.map { number.graph.input(number.graph.shape($0)) }
    let extra = Array(zip(tangents, directions))
    let gradient = try number.graph.gradient(of: number.value, to: parameters).map { $0! }
    let forward = try number.graph.pushforward(
      zip(parameters, tangents).map { ($0, $1) }, to: gradient)
    let reverse = try number.graph.pullback(zip(gradient, tangents).map { ($0, $1) }, to: parameters)
    let step = 1e-5
    func gradientAt(_ sign: Double) -> [[Double]] {
      let point = zip(network.point, directions).map { zip($0, $1).map { $0 + sign * step * $1 } }
      return number.at(point + network.data, gradient)
    }
    let (above, below) = (gradientAt(1), gradientAt(-1))
    let products = number.at(network.everything, forward.map { $0! }, extra: extra)
    let transposed = number.at(network.everything, reverse.map { $0! }, extra: extra)
    for tensor in products.indices {
      for i in products[tensor].indices {
        let difference = (above[tensor][i] - below[tensor][i]) / (2 * step)
        #expect(abs(products[tensor][i] - difference) < 1e-7 * max(1, abs(difference)))
        #expect(abs(products[tensor][i] - transposed[tensor][i]) < 1e-12 * max(1, abs(difference)))
      }
    }
  }

  /// ⟨z̄, Jθ̇⟩ = ⟨Jᵀz̄, θ̇⟩, and Jθ̇ against differences.
  @Test func pushforwardIsTheTransposeOfThePullback() throws {
    let network = try SmallNetwork(Activation(.gelu))
    var number = network.number
    let parameters = network.parameters
    var random = SplitMix(seed: 4)
    let directions = network.point.map { random.normals($0.count) }
    let tangents = parameters.map { number.graph.input(number.graph.shape($0)) }
    let output = network.lowered.output
    let cotangent = number.graph.input(number.graph.shape(output))
    let weights = random.normals(8)
    let pushed = try number.graph.pushforward(zip(parameters, tangents).map { ($0, $1) }, to: [output])[0]!
    let pulled = try number.graph.pullback([(output, cotangent)], to: parameters).map { $0! }
    let extra = Array(zip(tangents, directions))
    let forward = number.at(network.everything, [pushed], extra: extra)[0]
    let back = number.at(network.everything, pulled, extra: [(cotangent, weights)])
    let left = zip(forward, weights).reduce(0) { $0 + $1.0 * $1.1 }
    let right = zip(back, directions).reduce(0) { $0 + zip($1.0, $1.1).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(abs(left - right) < 1e-12 * abs(left))
    let step = 1e-6
    func outputAt(_ sign: Double) -> [Double] {
      let point = zip(network.point, directions).map { zip($0, $1).map { $0 + sign * step * $1 } }
      return number.at(point + network.data, [output])[0]
    }
    for (i, (above, below)) in zip(outputAt(1), outputAt(-1)).enumerated() {
      #expect(abs((above - below) / (2 * step) - forward[i]) < 1e-7)
    }
  }

  /// The third derivative along a direction, three times forward, against differences of second derivatives.
  @Test func thirdDerivatives() throws {
    let network = try SmallNetwork(Activation(.tanh), samples: 2)
    var number = network.number
    let parameters = network.parameters
    var random = SplitMix(seed: 5)
    let directions = network.point.map { random.normals($0.count) }
    let tangents = parameters.map { number.graph.input(number.graph.shape($0)) }
    let sources = zip(parameters, tangents).map { ($0, $1) }
    let output = network.lowered.output
    let first = try number.graph.pushforward(sources, to: [output])[0]!
    let second = try number.graph.pushforward(sources, to: [first])[0]!
    let third = try number.graph.pushforward(sources, to: [second])[0]!
    let extra = Array(zip(tangents, directions))
    let step = 1e-5
    func at(_ sign: Double, _ value: Value) -> [Double] {
      let point = zip(network.point, directions).map { zip($0, $1).map { $0 + sign * step * $1 } }
      return number.at(point + network.data, [value], extra: extra)[0]
    }
    let exact = number.at(network.everything, [second, third], extra: extra)
    for i in exact[0].indices {
      #expect(abs((at(1, first)[i] - at(-1, first)[i]) / (2 * step) - exact[0][i]) < 1e-7 * (1 + abs(exact[0][i])))
      #expect(abs((at(1, second)[i] - at(-1, second)[i]) / (2 * step) - exact[1][i]) < 1e-6 * (1 + abs(exact[1][i])))
    }
  }

  /// Σ_i σ(x_i), differentiated and summed again: five derivatives on arrays, and a sixth that is refused.
  @Test func activationsHaveDerivativesToTheFifth() throws {
    let activation = Activation(.gelu)
    var graph = Graph()
    let x = graph.input([3])
    var values = [graph.total(graph.activation(activation, of: x))]
    for order in 0..<5 { values.append(graph.total(try graph.gradient(of: values[order], to: [x])[0]!)) }
    #expect(throws: ExperimentError.self) { try graph.gradient(of: values[5], to: [x]) }
    let arena = Arena<Double>(Program(graph, inlets: [.init(x)], outputs: values))
    let point = [-1.3, 0.2, 0.9]
    for (i, z) in point.enumerated() { arena.input(0)[i] = z }
    arena.run()
    for order in 0...5 {
      let expected = point.reduce(0) { $0 + activation.derivative(order, at: $1) }
      #expect(abs(arena.output(order)[0] - expected) < 1e-13, "order \(order)")
    }
  }
}
