import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import Testing

/// What a user of the library meets.
@Suite struct NetworkCurvatureTests {
  @Test func curvatureAndKernelOfADrawnNetwork() throws {
    let network = ResolvedNetwork(ExperimentNetworks.network(.tanh, widths: [7], weight: 1.4, bias: 0.2, outputs: 2))
    let loss = Loss.meanSquaredError(reduction: .sum, half: true)
    let data = try TrainingData.Part(
      inputs: ExperimentNetworks.inputs(9), targets: CurvatureOperatorTests.targets(loss, samples: 9, outputs: 2))
    let parameters = try network.drawnParameters(seed: 3)
    let single = try network.drawnSingleParameters(seed: 3)
    #expect(zip(parameters, single).allSatisfy { abs($0 - Double($1)) < 1e-6 })
    // For ½Σ the Gauss–Newton matrix JᵀJ and the kernel JJᵀ have the same eigenvalues.
    let curvature = try NetworkCurvature<Double>(.gaussNewton, of: network, loss: loss, data: data)
    curvature.move(to: parameters)
    let (values, residuals) = curvature.largestEigenvalues(4, tolerance: 1e-9, seed: 1)
    let kernel = try NetworkTangentKernel<Double>(network, samples: 9)
    let full = try kernel.full(parameters, data.inputs)
    let exact = try Matrix(rows: 18, columns: 18, elements: full.elements).symmetricEigenvalues()
    for place in 0..<4 {
      #expect(abs(values[place] - exact[17 - place]) < 1e-10 * exact[17] && residuals[place] < 1e-7 * exact[17])
    }
    // The trace of both, by the network's own sums.
    let traced = kernel.traced(parameters, data.inputs)
    let (trace, sum) = ((0..<9).reduce(0.0) { $0 + 2 * traced[$1, $1] }, exact.reduce(0, +))
    #expect(abs(trace - sum) < 1e-11 * exact[17])
    let direction = (0..<curvature.count).map { Double($0 % 5) - 2 }
    let half = try NetworkCurvature<Float>(.gaussNewton, of: network, loss: loss, data: data)
    half.move(to: single)
    let (double, float) = (curvature.apply(direction), half.apply(direction.map { Float($0) }))
    #expect(zip(double, float).allSatisfy { abs($0 - Double($1)) < 1e-4 * exact[17] })
  }
}
