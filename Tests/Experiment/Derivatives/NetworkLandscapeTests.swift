import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// A network's loss and its derivatives up to the third: against differences, symmetries and networks where all is known.
@Suite struct NetworkLandscapeTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let layers: [Layer]
    let inputShape: [Int]
    let loss: Loss
    var parametrization = Parametrization.standard
    var samples = 5

    func network() throws -> ResolvedNetwork {
      let architecture = Architecture(layers)
      let weights = try architecture.parameters(inputShape: inputShape).filter(\.isDrawnWeight).count
      return try ResolvedNetwork(
        architecture: architecture, inputShape: inputShape,
        initializations: Array(repeating: LayerInitialization(weightVariance: 1.5, biasVariance: 0.2), count: weights),
        parametrization: parametrization)
    }

    func data() throws -> TrainingData.Part {
      let network = try network()
      let outputs = try network.outputShape().reduce(1, *)
      return try TrainingData.Part(
        inputs: ExperimentNetworks.inputs(samples, features: network.inputs),
        targets: CurvatureOperatorTests.targets(loss, samples: samples, outputs: outputs))
    }

    func landscape() throws -> any LossLandscape<Double> {
      try network().landscape(at: network().drawnParameters(seed: 4), loss: loss, data: data())
    }
  }

  static let cases = [
    Case(
      testDescription: "perceptron",
      layers: [Layer(Dense(units: 5)), Layer(Nonlinearity(Activation(.gelu))), Layer(Dense(units: 3))], inputShape: [4],
      loss: .crossEntropy, parametrization: .ntk),
    Case(
      testDescription: "convolution",
      layers: [
        Layer(Convolution(units: 3)), Layer(Nonlinearity(Activation(.tanh))), Layer(AveragePool(window: 2)),
        Layer(Flatten()), Layer(Dense(units: 2)),
      ], inputShape: [4, 4, 1], loss: .meanSquaredError(reduction: .mean, half: true)),
    Case(
      testDescription: "batch norm, in evaluation",
      layers: [
        Layer(Dense(units: 4)), Layer(BatchNorm()), Layer(Nonlinearity(Activation(.tanh))), Layer(Dropout(0.5)),
        Layer(Dense(units: 2)),
      ], inputShape: [3], loss: .logistic),
    Case(
      testDescription: "layer norm",
      layers: [
        Layer(Dense(units: 5)), Layer(LayerNorm(epsilon: 0.1)), Layer(Nonlinearity(Activation(.gelu))),
        Layer(Residual([Layer(Dense(units: 5)), Layer(Nonlinearity(Activation(.sin)))])), Layer(Dense(units: 2)),
      ], inputShape: [3], loss: .meanSquaredError(reduction: .sum, half: false), parametrization: .ntk),
    Case(
      testDescription: "attention",
      layers: [Layer(SelfAttention(heads: 2, causal: true)), Layer(Flatten()), Layer(Dense(units: 2))],
      inputShape: [3, 4], loss: .meanSquaredError(reduction: .mean, half: true), parametrization: .ntk),
  ]

  /// A central difference of step h errs by h² f‴/6, a third of how far that of step 2h lies from it, and by rounding: f to a thousand
  /// units in the last place, over h.
  private static func check(
    _ exact: [Double], _ what: Comment, _ function: (_ t: Double) throws -> [Double]
  ) throws {
    func difference(_ h: Double) throws -> [Double] {
      zip(try function(h), try function(-h)).map { ($0 - $1) / (2 * h) }
    }
    let h = 1e-3
    let (near, far) = (try difference(h), try difference(2 * h))
    func size(_ x: [Double]) -> Double { x.reduce(0) { max($0, abs($1)) } }
    let bound = size(zip(near, far).map { $0 - $1 }) + 1000 * Double.ulpOfOne * size(try function(0)) / h
    #expect(size(zip(exact, near).map { $0 - $1 }) <= bound, what)
    // The bound is small enough to tell.
    #expect(bound < 1e-3 * size(exact), what)
  }

  @Test(arguments: cases) func derivativesAreLimitsOfDifferences(_ one: Case) throws {
    let landscape = try one.landscape()
    var random = SplitMix(seed: 21)
    let (start, u, v) = (
      random.normals(landscape.count), random.normals(landscape.count), random.normals(landscape.count)
    )
    let origin = start.map { 0.1 * $0 }
    let length = dot(u, u).squareRoot()
    let direction = u.map { $0 / length }
    func moved(_ t: Double) -> any LossLandscape<Double> {
      landscape.move(to: zip(origin, direction).map { $0 + t * $1 })
      return landscape
    }
    let here = moved(0)
    let (gradient, product) = (here.gradient(), try here.hessianProduct(direction))
    let third = try here.thirdDerivative(direction, v)
    try Self.check([dot(gradient, direction)], "gradient") { [moved($0).value()] }
    try Self.check(product, "Hessian product") { moved($0).gradient() }
    try Self.check(third, "third derivative") { try moved($0).hessianProduct(v) }
  }

  /// ∇³L[u, v, w] is the same for all orders of its arguments, to rounding.
  @Test(arguments: cases) func thirdDerivativesAreSymmetric(_ one: Case) throws {
    let landscape = try one.landscape()
    var random = SplitMix(seed: 22)
    let x = (0..<3).map { _ in random.normals(landscape.count) }
    var (values, scale) = ([Double](), 0.0)
    for (a, b, c) in [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)] {
      let third = try landscape.thirdDerivative(x[b], x[c])
      values.append(dot(x[a], third))
      scale = max(scale, zip(x[a], third).reduce(0) { $0 + abs($1.0 * $1.1) })
    }
    #expect(values.allSatisfy { abs($0 - values[0]) < 1e-12 * scale })
    #expect(abs(values[0]) > 1e-6 * scale)
    let (left, right) = (try landscape.hessianProduct(x[0]), try landscape.hessianProduct(x[1]))
    #expect(abs(dot(x[1], left) - dot(x[0], right)) < 1e-12 * zip(x[1], left).reduce(0) { $0 + abs($1.0 * $1.1) })
  }

  /// One dense layer under (1/N) Σ(z − y)²: H = (2/N) X̃ᵀX̃ everywhere, X̃ the inputs with a 1 behind, and no third derivative.
  @Test func aQuadraticLoss() throws {
    let network = ResolvedNetwork(ExperimentNetworks.network(.linear, widths: [], weight: 1.3, bias: 0.2))
    let inputs = ExperimentNetworks.inputs(7)
    let loss = Loss.meanSquaredError(reduction: .mean, half: false)
    let data = try TrainingData.Part(
      inputs: inputs, targets: CurvatureOperatorTests.targets(loss, samples: 7, outputs: 1))
    let landscape = try network.landscape(at: network.drawnParameters(seed: 1), loss: loss, data: data)
    // The NTK parametrization: W = √(1.3/3) ω, b = √0.2 β.
    let units = [Double](repeating: (1.3 / 3).squareRoot(), count: 3) + [(0.2).squareRoot()]
    let rows = (0..<7).map { sample in zip(inputs.row(sample) + [1], units).map { $0 * $1 } }
    var random = SplitMix(seed: 3)
    let (v, point) = (random.normals(4), random.normals(4))
    var exact = [Double](repeating: 0, count: 4)
    for row in rows { for k in 0..<4 { exact[k] += 2 / 7 * row[k] * dot(row, v) } }
    for displacement in [[Double](repeating: 0, count: 4), point] {
      landscape.move(to: displacement)
      #expect(relativeError(try landscape.hessianProduct(v), exact) < 1e-14)
      #expect(try landscape.thirdDerivative(v, point) == [0, 0, 0, 0])
    }
  }

  /// z = b₂ + Σ_i w_i (b_i + W_i·x), bilinear: every derivative of ½Σ(z − y)² in closed form. Biases of variance 0 do not move in the NTK
  /// parametrization.
  @Test(arguments: [(Parametrization.standard, 0.3), (.ntk, 0.3), (.ntk, 0)])
  func twoLinearLayers(parametrization: Parametrization, bias: Double) throws {
    var perceptron = ExperimentNetworks.network(.linear, widths: [3], inputs: 2, weight: 1.4, bias: bias)
    perceptron.parametrization = parametrization
    let network = ResolvedNetwork(perceptron)
    let layout = try NetworkParameters(network).layout
    let units = layout.tensors.flatMap { [Double](repeating: $0.unit, count: $0.count) }
    let inputs = ExperimentNetworks.inputs(4, features: 2)
    let loss = Loss.meanSquaredError(reduction: .sum, half: true)
    let data = try TrainingData.Part(
      inputs: inputs, targets: CurvatureOperatorTests.targets(loss, samples: 4, outputs: 1))
    let weights = try network.drawnParameters(seed: 5)
    let landscape = try network.landscape(at: weights, loss: loss, data: data)
    var random = SplitMix(seed: 6)
    let (shift, u, v) = (random.normals(13), random.normals(13), random.normals(13))
    landscape.move(to: shift)
    let w = (0..<13).map { weights[$0] + units[$0] * shift[$0] }
    // W₁ in 0 ..< 6, b₁ in 6 ..< 9, w₂ in 9 ..< 12, b₂ at 12.
    func form(_ p: [Double], _ q: [Double], _ x: [Double]) -> Double {
      (0..<3).reduce(0) { $0 + p[9 + $1] * (q[6 + $1] + q[2 * $1] * x[0] + q[2 * $1 + 1] * x[1]) }
    }
    func scaled(_ x: [Double]) -> [Double] { zip(x, units).map { $0 * $1 } }
    var (value, gradient, product, third) = (0.0, [Double](), [Double](), [Double]())
    let (a, b) = (scaled(u), scaled(v))
    for k in 0..<13 {
      let s = (0..<13).map { $0 == k ? units[k] : 0 }
      var sums = (0.0, 0.0, 0.0)
      value = 0
      for sample in 0..<4 {
        let x = inputs.row(sample)
        func first(_ p: [Double]) -> Double { p[12] + form(p, w, x) + form(w, p, x) }
        func second(_ p: [Double], _ q: [Double]) -> Double { form(p, q, x) + form(q, p, x) }
        let residual = w[12] + form(w, w, x) - data.targets[sample, 0]
        value += residual * residual / 2
        sums.0 += residual * first(s)
        sums.1 += first(a) * first(s) + residual * second(a, s)
        sums.2 += second(a, b) * first(s) + second(a, s) * first(b) + second(b, s) * first(a)
      }
      gradient.append(sums.0)
      product.append(sums.1)
      third.append(sums.2)
    }
    #expect(relativeError(landscape.value(), value) < 1e-13)
    #expect(relativeError(landscape.gradient(), gradient) < 1e-13)
    #expect(relativeError(try landscape.hessianProduct(u), product) < 1e-13)
    #expect(relativeError(try landscape.thirdDerivative(u, v), third) < 1e-13)
  }

  /// More samples than go through at once: the sum of the parts, or their mean.
  @Test(arguments: [
    Loss.meanSquaredError(reduction: .mean, half: true), .meanSquaredError(reduction: .sum, half: true),
  ])
  func chunksAddUp(loss: Loss) throws {
    let network = ResolvedNetwork(ExperimentNetworks.network(.gelu, widths: [6], weight: 1.5, bias: 0.1, outputs: 2))
    let (inputs, targets) = (
      ExperimentNetworks.inputs(600), CurvatureOperatorTests.targets(loss, samples: 600, outputs: 2)
    )
    let weights = try network.drawnParameters(seed: 2)
    var random = SplitMix(seed: 2)
    func numbers(_ samples: Range<Int>, _ u: [Double], _ v: [Double]) throws -> [[Double]] {
      let data = try TrainingData.Part(
        inputs: inputs.selectingRows(Array(samples)), targets: targets.selectingRows(Array(samples)))
      let landscape = try network.landscape(at: weights, loss: loss, data: data)
      return [
        [landscape.value()], landscape.gradient(), try landscape.hessianProduct(u), try landscape.thirdDerivative(u, v),
      ]
    }
    let (u, v) = (random.normals(weights.count), random.normals(weights.count))
    let whole = try numbers(0..<600, u, v)
    let parts = try [0..<200, 200..<400, 400..<600].map { try numbers($0, u, v) }
    for (kind, expected) in whole.enumerated() {
      let sum = expected.indices.map { k in parts.reduce(0) { $0 + $1[kind][k] } / (loss.isMean ? 3 : 1) }
      #expect(relativeError(expected, sum) < 1e-13)
    }
  }

  @Test func singlePrecision() throws {
    let one = Self.cases[0]
    let network = try one.network()
    let single = try network.landscape(at: network.drawnSingleParameters(seed: 4), loss: one.loss, data: one.data())
    let double = try one.landscape()
    var random = SplitMix(seed: 8)
    let (u, v) = (random.normals(double.count), random.normals(double.count))
    let (a, b) = (u.map { Float($0) }, v.map { Float($0) })
    #expect(relativeError(single.gradient().map { Double($0) }, double.gradient()) < 1e-5)
    #expect(relativeError(try single.hessianProduct(a).map { Double($0) }, try double.hessianProduct(u)) < 1e-5)
    #expect(relativeError(try single.thirdDerivative(a, b).map { Double($0) }, try double.thirdDerivative(u, v)) < 1e-5)
  }

  /// With multipliers M of the rate, steps are those of gradient descent in units √M: √M H √M.
  @Test func multipliersAreUnits() throws {
    let network = ResolvedNetwork(ExperimentNetworks.network(.tanh, widths: [3], weight: 1.5, bias: 0.1))
    let loss = Loss.meanSquaredError(reduction: .sum, half: true)
    let data = try TrainingData.Part(
      inputs: ExperimentNetworks.inputs(5), targets: CurvatureOperatorTests.targets(loss, samples: 5, outputs: 1))
    let weights = try network.drawnParameters(seed: 9)
    let plain = try network.landscape(at: weights, loss: loss, data: data)
    let multipliers: LearningRateMultipliers = ["W1": 4, "b1": 0, "readout": 0.25]
    let scaled = try network.landscape(at: weights, loss: loss, data: data, multipliers: multipliers)
    // W1 of 9, b1 of 3, W2 of 3, b2.
    let roots = [Double](repeating: 2, count: 9) + [0, 0, 0] + [0.5, 0.5, 0.5] + [1]
    func times(_ x: [Double]) -> [Double] { zip(x, roots).map { $0 * $1 } }
    var random = SplitMix(seed: 10)
    let (shift, u, v) = (random.normals(16), random.normals(16), random.normals(16))
    scaled.move(to: shift)
    plain.move(to: times(shift))
    #expect(relativeError(scaled.value(), plain.value()) < 1e-14)
    #expect(relativeError(scaled.gradient(), times(plain.gradient())) < 1e-14)
    #expect(relativeError(try scaled.hessianProduct(u), times(try plain.hessianProduct(times(u)))) < 1e-14)
    #expect(
      relativeError(try scaled.thirdDerivative(u, v), times(try plain.thirdDerivative(times(u), times(v)))) < 1e-13)
    #expect(throws: TrainingSetupError.self) {
      try network.landscape(at: weights, loss: loss, data: data, multipliers: ["W7": 2])
    }
  }

  /// Running averages stand behind the weights, or are those of the beginning.
  @Test func runningAveragesAreGiven() throws {
    let one = Self.cases[2]
    let (network, data) = (try one.network(), try one.data())
    let weights = try network.drawnParameters(seed: 4)
    func value(_ averages: [Double]) throws -> Double {
      try network.landscape(at: weights + averages, loss: one.loss, data: data).value()
    }
    #expect(try value([0, 0, 0, 0, 1, 1, 1, 1]) == value([]))
    #expect(try abs(value([0.5, 0, 0, 0, 1, 1, 2, 1]) - value([])) > 1e-3)
  }

  @Test func whatCannotBeHad() throws {
    let one = Self.cases[0]
    let (network, data) = (try one.network(), try one.data())
    let wrong = try TrainingData.Part(inputs: ExperimentNetworks.inputs(5, features: 7), targets: data.targets)
    #expect(throws: ExperimentError.featureMismatch(expected: 4, found: 7)) {
      try network.landscape(at: network.drawnParameters(seed: 1), loss: one.loss, data: wrong)
    }
    let empty = try ResolvedNetwork(
      architecture: Architecture([Layer(Nonlinearity(Activation(.tanh)))]), inputShape: [2], initializations: [],
      parametrization: .standard)
    let loss = Loss.meanSquaredError(reduction: .sum, half: true)
    let pairs = try TrainingData.Part(
      inputs: ExperimentNetworks.inputs(5, features: 2),
      targets: CurvatureOperatorTests.targets(loss, samples: 5, outputs: 2))
    #expect(throws: ExperimentError.noParameters) { try empty.landscape(at: [Double](), loss: loss, data: pairs) }
  }
}
