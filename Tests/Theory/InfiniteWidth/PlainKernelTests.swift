import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// The plain path, layer by layer and pair by pair.
@Suite struct PlainKernelTests {
  @Test func agreesWithNeuralTangents() throws {
    let cases = try ReferenceNetwork.all()
    #expect(cases.count == 12)
    for entry in cases {
      for (suffix, other) in [("11", entry.x1), ("12", entry.x2)] {
        let state = try KernelState(ResolvedNetwork(entry.network), rows: entry.x1, columns: other, tangents: true)
        entry.check(nngp: state.kernel, ntk: state.tangents!, suffix)
      }
    }
  }

  @Test func layerWithoutKernelIsNamed() {
    struct Mystery: LayerDescription {
      static let key = "mystery"
      func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }
      func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
    }
    let state = KernelState(rows: Matrix([[1, 2]]), tangents: true)
    #expect(throws: InfiniteWidthError.noKernel(layer: "mystery", index: 1)) {
      try state.propagated(through: [Layer(Mystery())], scales: [[]])
    }
  }
}

extension ReferenceNetwork {
  func check(nngp: [Double], ntk: [Double], _ suffix: String) {
    let columns = suffix == "11" ? x1.rows : x2.rows
    for (key, values) in [("nngp_" + suffix, nngp), ("ntk_" + suffix, ntk)] {
      let reference = expected[key]!
      let scale = reference.joined().map(\.magnitude).max()!
      for i in 0..<x1.rows {
        for j in 0..<columns {
          // Inputs whose kernels should be 1e-8 apart or collinear also lose neural-tangents' digits.
          let isDiagonal = key == "ntk_11" && i == j
          let error =
            (values[i * columns + j] - reference[i][j]).magnitude / max(reference[i][j].magnitude, 1e-3 * scale)
          #expect(error < (isDiagonal ? diagonalTolerance : tolerance), "\(name) \(key) \(i) \(j)")
        }
      }
    }
  }
}
