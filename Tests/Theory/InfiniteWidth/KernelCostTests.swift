import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

/// What is asked beforehand.
@Suite struct KernelCostTests {
  @Test func countsHalfOfASymmetricKernel() throws {
    let kernels = try InfiniteWidthKernels(ActivationCases.network(Activation(.relu), depth: 10, inputs: 784))
    let symmetric = kernels.cost(rows: 2000, of: Double.self)
    #expect(symmetric.pairs == 2_001_000)
    #expect(symmetric.steps == 20_010_000)
    #expect(symmetric.outputBytes == 64_000_000)
    #expect(kernels.cost(rows: 2000, columns: 2000, of: Float.self).pairs == 4_000_000)
  }

  /// 20 000 images, one kernel, in 512 MiB: the data are 63 MB, a band of 1000 rows 80 MB.
  @Test func largeKernelsFitInLittleMemory() throws {
    for activation in [Activation(.relu), Activation(.tanh)] {
      let kernels = try InfiniteWidthKernels(
        ActivationCases.network(activation, depth: 5, inputs: 784), tangents: false)
      let cost = kernels.cost(rows: 20_000, of: Float.self)
      #expect(cost.workingBytes < 200 << 20)
    }
  }
}
