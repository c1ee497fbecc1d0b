import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Empirical tangent kernels against explicit Jacobians.
@Suite struct TangentKernelTests {
  static func kernel<Result>(
    _ plain: PlainNetwork, _ inputs: Matrix<Double>, _ other: Matrix<Double>? = nil, rates: [Double]? = nil,
    isStructured: Bool = true, isDirectional: Bool = false,
    _ body: (
      TangentKernelEstimator<Double>, UnsafePointer<Double>, TangentKernelEstimator<Double>.Samples,
      TangentKernelEstimator<Double>.Samples?
    ) throws -> Result
  ) throws -> Result {
    try kernel(
      plain, inputs, other, rates: rates, isStructured: isStructured, isDirectional: isDirectional, as: Double.self,
      body)
  }

  static func kernel<Scalar: TrainingScalar, Result>(
    _ plain: PlainNetwork, _ inputs: Matrix<Double>, _ other: Matrix<Double>? = nil, rates: [Double]? = nil,
    isStructured: Bool = true, isDirectional: Bool = false, as type: Scalar.Type,
    _ body: (
      TangentKernelEstimator<Scalar>, UnsafePointer<Scalar>, TangentKernelEstimator<Scalar>.Samples,
      TangentKernelEstimator<Scalar>.Samples?
    ) throws -> Result
  ) throws -> Result {
    let programs = try TangentKernelEstimator<Scalar>.Programs(
      plain.network, samples: [inputs.rows] + (other.map { [$0.rows] } ?? []), rates: rates,
      isDirectional: isDirectional, isStructured: isStructured)
    let estimator = TangentKernelEstimator(programs)
    let w = plain.parameters.map { Scalar($0) }
    let x = inputs.tensor.elements.map { Scalar($0) }
    let y = (other ?? inputs).tensor.elements.map { Scalar($0) }
    return try w.withUnsafeBufferPointer { w in
      try x.withUnsafeBufferPointer { x in
        try y.withUnsafeBufferPointer { y in
          try body(
            estimator, w.baseAddress!, .init(x.baseAddress!, count: inputs.rows),
            other.map { .init(y.baseAddress!, count: $0.rows) })
        }
      }
    }
  }

  /// Enough samples for several tiles, and weights for inner extents of both kinds, against sums over explicit Jacobians.
  @Test func kernelsOfManySamples() throws {
    let plain = try PlainNetwork(.tanh, widths: [70, 70])
    let (inputs, other) = (ExperimentNetworks.inputs(61), ExperimentNetworks.inputs(50, seed: 6))
    let (left, right) = (try Self.rows(plain, inputs), try Self.rows(plain, other))
    for (columns, others) in [(left, nil), (right, other)] {
      let kernels = try [true, false].map { isStructured in
        try Self.kernel(plain, inputs, others, isStructured: isStructured) { $0.traced($1, $2, $3) }
      }
      for i in 0..<61 {
        for j in 0..<(others ?? inputs).rows {
          let expected = 0.5 * (0..<2).reduce(0) { $0 + dot(left[2 * i + $1], columns[2 * j + $1]) }
          // Some ten thousand products of numbers of order 0.1.
          for kernel in kernels { #expect(abs(kernel[i, j] - expected) < 1e-10) }
        }
      }
    }
  }

  /// √λ ∂z_o/∂θ for each sample, in rows (sample, output).
  static func rows(_ plain: PlainNetwork, _ inputs: Matrix<Double>, rates: [Double]? = nil) throws -> [[Double]] {
    try (0..<inputs.rows).flatMap { try plain.programJacobian(inputs.row($0)) }.map { row in
      var row = row
      if let rates {
        for (tensor, rate) in zip(plain.layout.tensors, rates) {
          for k in tensor.range { row[k] *= rate.squareRoot() / tensor.unit }
        }
      }
      return row
    }
  }

  @Test(arguments: [Parametrization.ntk, .standard], [true, false])
  func kernelsAgreeWithJacobians(parametrization: Parametrization, isStructured: Bool) throws {
    let plain = try PlainNetwork(.gelu, widths: [5, 4, 6], parametrization: parametrization)
    let (inputs, others) = (ExperimentNetworks.inputs(7), ExperimentNetworks.inputs(4, seed: 9))
    let outputs = plain.outputs
    for rates in [nil, (0..<8).map { 0.5 + 0.25 * Double($0) }] {
      let (left, right) = (try Self.rows(plain, inputs, rates: rates), try Self.rows(plain, others, rates: rates))
      func expected(_ i: Int, _ j: Int, _ second: [[Double]], _ range: Range<Int>) -> Double {
        (0..<outputs).reduce(0) { sum, o in
          let (x, y) = (left[i * outputs + o], second[j * outputs + o])
          return sum + range.reduce(0) { $0 + x[$1] * y[$1] }
        } / Double(outputs)
      }
      let all = 0..<plain.layout.count
      let (same, cross, parts, full) = try Self.kernel(
        plain, inputs, others, rates: rates, isStructured: isStructured
      ) { estimator, w, samples, other in
        (
          estimator.traced(w, samples), estimator.traced(w, samples, other), estimator.tracedTensors(w, samples, other),
          try estimator.full(w, samples, other)
        )
      }
      for i in 0..<7 {
        for j in 0..<7 { #expect(abs(same[i, j] - expected(i, j, left, all)) < 1e-12 * same[i, i]) }
        for j in 0..<4 {
          #expect(abs(cross[i, j] - expected(i, j, right, all)) < 1e-12 * same[i, i])
          for (tensor, part) in zip(plain.layout.tensors, parts) {
            #expect(abs(part[i, j] - expected(i, j, right, tensor.range)) < 1e-12 * same[i, i])
          }
          for o in 0..<outputs {
            for p in 0..<outputs {
              let value = full.elements[((i * outputs + o) * 4 + j) * outputs + p]
              #expect(abs(value - dot(left[i * outputs + o], right[j * outputs + p])) < 1e-12 * same[i, i])
            }
          }
        }
      }
      if !isStructured { continue }
      // Two sets of one size, which share a program.
      let twins = ExperimentNetworks.inputs(7, seed: 10)
      let again = try Self.kernel(plain, inputs, twins, rates: rates) { $0.traced($1, $2, $3!) }
      let rows = try Self.rows(plain, twins, rates: rates)
      for i in 0..<7 { for j in 0..<7 { #expect(abs(again[i, j] - expected(i, j, rows, all)) < 1e-12 * same[i, i]) } }
    }
  }

  @Test func singlePrecisionAgreesWithinRounding() throws {
    let plain = try PlainNetwork(.tanh, widths: [70, 90], outputs: 3)
    let inputs = ExperimentNetworks.inputs(130)
    let double = try Self.kernel(plain, inputs) { estimator, w, x, _ in estimator.traced(w, x) }
    let single = try Self.kernel(plain, inputs, as: Float.self) { estimator, w, x, _ in estimator.traced(w, x) }
    for i in 0..<130 {
      for j in 0..<130 {
        #expect(abs(Double(single[i, j]) - double[i, j]) < 2e-6 * (double[i, i] * double[j, j]).squareRoot())
        #expect(single[i, j] == single[j, i])
      }
    }
    let plainly = try Self.kernel(plain, inputs, isStructured: false) { estimator, w, x, _ in estimator.traced(w, x) }
    for (x, y) in zip(double.tensor.elements, plainly.tensor.elements) { #expect(abs(x - y) < 1e-12 * double[0, 0]) }
  }

  /// Numbers of samples that nobody announced are compiled for when they come: the same programs.
  @Test func unannouncedNumbersOfSamples() throws {
    let plain = try PlainNetwork(.gelu, widths: [5, 4])
    let (inputs, others) = (ExperimentNetworks.inputs(7), ExperimentNetworks.inputs(4, seed: 9))
    let announced = try NetworkTangentKernel<Double>(plain.network, samples: 7, 4)
    let unannounced = try NetworkTangentKernel<Double>(plain.network, samples: 3)
    let none = try NetworkTangentKernel<Double>(plain.network)
    for other in [nil, others] {
      let expected = announced.traced(plain.parameters, inputs, other)
      #expect(expected[0, 0] > 0)
      #expect(unannounced.traced(plain.parameters, inputs, other) == expected)
      #expect(none.traced(plain.parameters, inputs, other) == expected)
      #expect(
        none.tracedTensors(plain.parameters, inputs, other) == announced.tracedTensors(plain.parameters, inputs, other))
    }
  }

  /// dΘ/dt along a direction against differences, by either way.
  @Test(arguments: [true, false]) func derivativeAlongADirection(isStructured: Bool) throws {
    let plain = try PlainNetwork(.tanh, widths: [5, 4])
    let inputs = ExperimentNetworks.inputs(3)
    var random = SplitMix(seed: 21)
    let v = random.normals(plain.layout.count)
    let exact = try Self.kernel(plain, inputs, isStructured: isStructured, isDirectional: true) {
      estimator, w, samples, _ in
      v.withUnsafeBufferPointer { estimator.tracedDerivative(w, along: $0.baseAddress!, samples) }
    }
    for i in 0..<3 {
      for j in 0..<3 {
        let (difference, error) = try finiteDifference(at: 0, step: 0.02) { step in
          var moved = plain
          moved.parameters = zip(plain.parameters, v).map { $0 + step * $1 }
          return try Self.kernel(moved, inputs) { estimator, w, x, _ in estimator.traced(w, x) }[i, j]
        }
        #expect(abs(exact[i, j] - difference) <= 1e-8 * (1 + abs(difference)) + 10 * error)
      }
    }
  }

  /// A layer that no Gram matrices are known for takes the plain way, its neighbours the fast one.
  @Test func customLayersAreContractedFromJacobians() throws {
    let layers = [
      Layer(Dense(units: 4, role: .input)), Layer(Nonlinearity(Activation(.tanh))), Layer(Gated(units: 3)),
      Layer(Dense(units: 2, role: .readout)),
    ]
    let network = try ResolvedNetwork(
      architecture: Architecture(layers), inputShape: [3],
      initializations: Array(repeating: LayerInitialization(weightVariance: 1, biasVariance: 0), count: 4),
      parametrization: .ntk)
    let programs = try TangentKernelEstimator<Double>.Programs(network, samples: [2])
    #expect(try network.parameters().count == 6 && programs.throughJacobians == [2, 3])
  }
}

/// z = A x ⊙ B x, with A used twice.
private struct Gated: LayerDescription, Lowerable {
  static let key = "gated"
  var units: Int

  func outputShape(for inputShape: [Int]) throws -> [Int] { [units] }

  func parameters(for inputShape: [Int]) -> [ParameterDescription] {
    ["a", "b"].map {
      ParameterDescription(name: $0, shape: [units, inputShape[0]], fanIn: inputShape[0], role: .hidden)
    }
  }

  func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    let left = graph.matrixProduct(input, parameters[0], transposingRight: true)
    let right = graph.matrixProduct(input, graph.add(parameters[0], parameters[1]), transposingRight: true)
    return graph.multiply(left, right)
  }
}
