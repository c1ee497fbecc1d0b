import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite struct SampleJacobianTests {
  @Test(arguments: [ActivationFunction.tanh, .gelu], [Parametrization.ntk, .standard])
  func rowsAgreeWithDifferences(function: ActivationFunction, parametrization: Parametrization) throws {
    let plain = try PlainNetwork(function, widths: [4, 3], parametrization: parametrization)
    let x = [0.4, -1.1, 0.7]
    for (row, expected) in zip(try plain.programJacobian(x), plain.jacobian(x)) {
      let size = expected.reduce(0) { max($0, abs($1)) }
      for (value, difference) in zip(row, expected) { #expect(abs(value - difference) < 1e-8 * size) }
    }
  }

  /// Readouts of many units over positions, whose inputs nothing reads but products of a later stage: rows times a direction
  /// against the forward derivative.
  @Test(arguments: [
    [Layer(Nonlinearity(Activation(.relu)))], [Layer(LayerNorm())], [Layer(Nonlinearity(Activation(.gelu)))],
  ])
  func readoutsOverPositions(last: [Layer]) throws {
    let layers = Architecture(
      [Layer(Embedding(vocabulary: 5, features: 4)), Layer(Dense(units: 20))] + last + [Layer(Dense(units: 18))])
    let weights = try layers.parameters(inputShape: [3]).filter(\.isDrawnWeight).count
    let network = try ResolvedNetwork(
      architecture: layers, inputShape: [3],
      initializations: Array(repeating: LayerInitialization(weightVariance: 1.4, biasVariance: 0.3), count: weights),
      parametrization: .standard)
    let (parameters, x) = (try network.drawnParameters(seed: 3), [4.0, 0, 2])
    let outputs = 3 * 18
    var random = SplitMix(seed: 8)
    let direction = random.normals(parameters.count)
    let jacobian = SampleJacobian<Double>(try .init(network))
    var rows = [Double](repeating: 0, count: outputs * parameters.count)
    let derivative = DirectionalDerivative(try DirectionalDerivative<Double>.Programs(network, order: 1, samples: 1))
    let forward = parameters.withUnsafeBufferPointer { w in
      x.withUnsafeBufferPointer { x in
        jacobian.move(to: w.baseAddress!)
        rows.withUnsafeMutableBufferPointer {
          jacobian.rows(of: 0..<outputs, at: x.baseAddress!, into: $0.baseAddress!, stride: parameters.count)
        }
        return Array(derivative.apply(w.baseAddress!, inputs: x.baseAddress!, along: [direction]))
      }
    }
    for output in 0..<outputs {
      let row = Array(rows[(output * parameters.count)..<((output + 1) * parameters.count)])
      #expect(abs(dot(row, direction) - forward[output]) < 1e-11)
    }
    #expect(forward.contains { abs($0) > 0.1 })
  }

  /// The second and third derivative along directions, against differences of the first and second; both symmetric.
  @Test func derivativesAlongDirections() throws {
    let plain = try PlainNetwork(.tanh, widths: [4, 3])
    let inputs = ExperimentNetworks.inputs(2)
    var random = SplitMix(seed: 8)
    let v = (0..<3).map { _ in random.normals(plain.layout.count) }
    func derivative(_ directions: [[Double]], at parameters: [Double]) throws -> [Double] {
      let programs = try DirectionalDerivative<Double>.Programs(plain.network, order: directions.count, samples: 2)
      let derivative = DirectionalDerivative(programs)
      return parameters.withUnsafeBufferPointer { w in
        inputs.tensor.elements.withUnsafeBufferPointer { x in
          Array(derivative.apply(w.baseAddress!, inputs: x.baseAddress!, along: directions))
        }
      }
    }
    func moved(_ direction: [Double], _ step: Double) -> [Double] {
      plain.parameters.indices.map { plain.parameters[$0] + step * plain.units[$0] * direction[$0] }
    }
    for order in 2...3 {
      let all = Array(v[0..<order])
      let exact = try derivative(all, at: plain.parameters)
      let turned = try derivative(all.reversed(), at: plain.parameters)
      for o in exact.indices {
        #expect(abs(exact[o] - turned[o]) < 1e-12 * (1 + abs(exact[o])))
        let (difference, error) = try finiteDifference(at: 0, step: 0.02) { step in
          try derivative(Array(all.dropLast()), at: moved(all.last!, step))[o]
        }
        #expect(abs(exact[o] - difference) <= 1e-7 * (1 + abs(exact[o])) + 10 * error)
      }
    }
    let first = try derivative([v[0]], at: plain.parameters)
    for sample in 0..<2 {
      let rows = try plain.programJacobian(inputs.row(sample))
      for o in 0..<2 { #expect(abs(first[2 * sample + o] - dot(rows[o], v[0])) < 1e-12) }
    }
  }
}
