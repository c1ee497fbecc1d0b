import OrreryAnalysis
import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Dense layers that act at every pixel with the same weights, then flatten: kernels of real networks beside the plain path.
@Suite("Kernels through positions, beside real networks", .tags(.statistical)) struct PixelKernelTests {
  @Test(arguments: [Parametrization.ntk, .standard])
  func tangentKernels(_ parametrization: Parametrization) throws {
    let (width, networks) = (96, 200)
    let layers = [
      Layer(Dense(units: width)), Layer(Nonlinearity(Activation(.tanh))), Layer(Dense(units: width)),
      Layer(Nonlinearity(Activation(.relu))), Layer(Flatten()), Layer(Dense(units: 1)),
    ]
    let network = try ResolvedNetwork(
      architecture: Architecture(layers), inputShape: [3, 2, 2],
      initializations: [1.5, 1.2, 1.8].map { LayerInitialization(weightVariance: $0, biasVariance: 0.1) },
      parametrization: parametrization)
    var random = SplitMix(seed: 11)
    let x = Matrix(rows: 2, columns: 12, elements: random.normals(24))
    let predicted = try NetworkKernels(network, x).tile(rows: 0..<2, columns: 0..<2)
    let kernel = try NetworkTangentKernel<Double>(network, samples: 2)
    let measured = try (0..<networks).map { member in
      kernel.traced(try network.drawnParameters(seed: 5, member: member), x)
    }
    for (i, j) in [(0, 0), (0, 1), (1, 1)] {
      let mean = Statistics.mean(measured.map { $0[i, j] })
      let theta = predicted.ntk![i, j]
      let scale = (predicted.ntk![i, i] * predicted.ntk![j, j]).squareRoot()
      #expect(abs(mean.value - theta) < 4 * mean.error + 2 * scale / Double(width), "\(mean) and \(theta)")
      // The bound tells: a readout that averaged over pixels would have other numbers.
      #expect(mean.error < scale / 20)
    }
  }
}
