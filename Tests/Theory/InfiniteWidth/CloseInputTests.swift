import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// No cancellation on diagonals and near-duplicates: 100 layers beside mpmath (`make_close_inputs.py`).
@Suite struct CloseInputTests {
  @Test(arguments: [false, true]) func keepsAllDigits(isPlain: Bool) throws {
    let inputs = Self.inputs
    for entry in try Fixtures.json("close_inputs")["cases"].elements {
      let activation = try #require(PairKernelTests.activations[entry["activation"].string])
      let depth = try entry["depth"].int
      let layer = try LayerInitialization(
        weightVariance: entry["C_W"].double, biasVariance: entry["C_b"].double)
      let network = PerceptronView(
        architecture: MultilayerPerceptron(depth: depth, width: 1, activation: activation), inputs: 784,
        layers: Array(repeating: layer, count: depth + 1), parametrization: .ntk)
      let (nngp, ntk) = try InfiniteWidthKernels(network, isPlain: isPlain).matrices(inputs)
      for (index, label) in ["same", "distance 2^-10", "distance 2^-27", "unrelated"].enumerated() {
        let name = try "\(entry["activation"].string) \(label)"
        let kernel = try entry["pairs"][label]["K"].double
        let tangent = try entry["pairs"][label]["Theta"].double
        #expect(relativeError(nngp[0, index], kernel) < 1e-12, "K \(name)")
        #expect(relativeError(ntk![0, index], tangent) < 1e-12, "Theta \(name)")
        #expect(nngp[0, index] == nngp[index, 0])
      }
    }
  }

  /// A chaotic network pulls near-duplicates apart, and their rounding too: fused and plain stay together.
  @Test(arguments: [Activation(.erf, outputScale: 3), Activation(.tanh, outputScale: 3), Activation(.gelu)])
  func chaosMagnifiesNoRounding(activation: Activation) throws {
    let layer = LayerInitialization(weightVariance: 2.2, biasVariance: 0.1)
    let network = PerceptronView(
      architecture: MultilayerPerceptron(depth: 8, width: 1, activation: activation), inputs: 784,
      layers: Array(repeating: layer, count: 9), parametrization: .ntk)
    let x = Matrix<Double>(
      rows: 4, columns: 784, elements: Self.inputs.tensor.elements.map { $0 / 16 })
    let plain = try InfiniteWidthKernels(network, isPlain: true).matrices(x)
    let fused = try InfiniteWidthKernels(network).matrices(x)
    let single = try InfiniteWidthKernels(network).matrices(
      Matrix<Float>(rows: 4, columns: 784, elements: x.tensor.elements.map(Float.init)))
    #expect(KernelTests.error(fused.nngp, plain.nngp) < 1e-11)
    #expect(KernelTests.error(fused.ntk!, plain.ntk!) < 1e-11)
    // In Float the data themselves are rounded: only the first and the last sample are far enough apart to compare.
    #expect(relativeError(Double(single.nngp[0, 3]), plain.nngp[0, 3]) < 1e-5)
  }

  /// x, x + 2⁻¹⁰e, x + 2⁻²⁷e and e: dyadic rationals, exactly those of the script.
  static var inputs: Matrix<Double> {
    let x = (0..<784).map { Double((7919 * $0 + 13) % 1009 - 504) / 16 }
    let e = (0..<784).map { Double((104_729 * $0 + 7) % 1013 - 506) / 16 }
    return Matrix([x, zip(x, e).map { $0 + $1 * 0x1p-10 }, zip(x, e).map { $0 + $1 * 0x1p-27 }, e])
  }
}
