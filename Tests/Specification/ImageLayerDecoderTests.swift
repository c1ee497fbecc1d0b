import OrreryNetworks
import OrrerySpecification
import Testing

@Suite struct ImageLayerDecoderTests {
  private func network(_ layers: String) throws -> Network? {
    let text = "orrery: 1\nnetwork:\n  layers:\n\(layers)\n  init: he\n"
    return try Specification.studies(yaml: text, origin: "net.yaml")[0].study.network
  }

  @Test func aConvolutionalNetworkIsRead() throws {
    let network = try network(
      """
          - convolution: { units: 32, kernel: [3, 5], stride: 2, padding: circular }
          - batch-norm
          - activation: relu
          - max-pool: { window: 3, stride: 2, padding: same }
          - residual:
              branch: [ { convolution: { units: 8 } }, { batch-norm: { momentum: 0.99 } } ]
              skip: [ { convolution: { units: 8, kernel: 1 } } ]
          - average-pool
          - dropout: 0.2
          - global-average-pool
          - dense: { units: 10 }
      """)
    #expect(
      network?.architecture
        == Architecture([
          Layer(Convolution(units: 32, kernel: ImageExtents(height: 3, width: 5), stride: 2, padding: .circular)),
          Layer(BatchNorm()), Layer(Nonlinearity(Activation(.relu))),
          Layer(MaxPool(window: 3, stride: 2, padding: .same)),
          Layer(
            Residual(
              [Layer(Convolution(units: 8)), Layer(BatchNorm(momentum: 0.99))],
              skip: [Layer(Convolution(units: 8, kernel: 1))])), Layer(AveragePool(window: 2)), Layer(Dropout(0.2)),
          Layer(GlobalAveragePool()), Layer(Dense(units: 10)),
        ]))
  }

  @Test(arguments: [
    ("    - convolution: { kernel: 3 }", "needs a key units"),
    ("    - convolution: { units: 3, kernel: [3, 3, 3] }", "a list of both"),
    ("    - convolution: { units: 3, padding: sam }", "did you mean 'same'"),
    ("    - convolution: { units: 3, strides: 2 }", "Did you mean stride?"),
    ("    - dropout: much", "must be a number"), ("    - max-pol", "did you mean 'max-pool'"),
  ])
  func mistakesAreNamed(_ layers: String, _ what: String) {
    let error = #expect(throws: SpecificationError.self) { try network(layers) }
    #expect("\(String(describing: error))".contains(what), "\(String(describing: error))")
  }
}
