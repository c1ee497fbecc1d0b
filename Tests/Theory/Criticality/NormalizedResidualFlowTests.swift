import Foundation
import OrreryNetworks
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Residual networks with layer normalization")
struct NormalizedResidualFlowTests {
  private static func flow(_ index: Int, skip: Double? = nil) throws -> NormalizedResidualFlow {
    let block = try Fixtures.json("effective_theory")["layernorm"][index]
    let functions: [String: ActivationFunction] = ["relu": .relu, "gelu": .gelu, "tanh": .tanh]
    return NormalizedResidualFlow(
      Activation(try #require(functions[try block["act"].string])), weightVariance: try block["C_W"].double,
      biasVariance: try block["C_b"].double, skip: try skip ?? block["mu"].double)
  }

  /// The reference is good to 1e-13: its ReLU entries are off 1 by as much.
  @Test("Drive, gradient, exponent and limit against the reference", arguments: 0..<3)
  func reference(_ index: Int) throws {
    let block = try Fixtures.json("effective_theory")["layernorm"][index]
    let flow = try Self.flow(index)
    #expect(relativeError(flow.drive, try block["drive"].double) < 1e-12)
    #expect(relativeError(flow.gradient, try block["grad"].double) < 1e-12)
    #expect(relativeError(flow.exponent, try block["zeta_mu1"].double) < 1e-12)
    #expect(relativeError(flow.limitOfSusceptibility, try block["chi_star_mu_lt1"].double) < 1e-12)
  }

  @Test("Deep networks reach the limits that are said")
  func limits() throws {
    let weak = try Self.flow(2)
    var kernel = 1.0
    for _ in 0..<200 { kernel = weak.kernel(after: kernel) }
    #expect(relativeError(weak.susceptibility(at: kernel), weak.limitOfSusceptibility) < 1e-12)
    // Σ ln(1 + g/(aℓ)) over ℓ … 2ℓ is ζ ln 2 up to 1/ℓ.
    let full = try Self.flow(1, skip: 1)
    var (stream, logarithm) = (1.0, 0.0)
    for layer in 1...8000 {
      if layer > 4000 { logarithm += log(full.susceptibility(at: stream)) }
      stream = full.kernel(after: stream)
    }
    #expect(abs(logarithm / log(2) - full.exponent) < 1e-3)
  }
}
