import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import Testing

@Suite("Ensembles of differentiated networks")
struct TangentDifferentialsExperimentTests {
  private static func experiment(rates: [LayerLearningRates]? = nil) throws -> TangentDifferentialsExperiment {
    let network = ExperimentNetworks.network(.tanh, widths: [5], inputs: 2, weight: 1.2, bias: 0.1, outputs: 2)
    return try TangentDifferentialsExperiment(
      network, inputs: Matrix(rows: 1, columns: 2, elements: [0.5, -1]), learningRates: rates)
  }

  @Test("An ensemble in two parts has the same networks")
  func parts() throws {
    let experiment = try Self.experiment()
    let whole = try experiment.run(networks: 6, seed: 3)
    let (head, tail) = (
      try experiment.run(networks: 4, seed: 3), try experiment.run(networks: 2, seed: 3, firstMember: 4)
    )
    for tensor in TangentDifferentialStatistics.Tensor.allCases {
      #expect(whole.values(tensor, 0, 0, 0, 0) == head.values(tensor, 0, 0, 0, 0) + tail.values(tensor, 0, 0, 0, 0))
    }
  }

  @Test("Bad input is a typed error")
  func errors() throws {
    let experiment = try Self.experiment()
    #expect(throws: ExperimentError.tooFewNetworks(1)) { try experiment.run(networks: 1, seed: 1) }
    // Six tensors of one element for each network.
    #expect(throws: ExperimentError.tooMuchMemory(needed: 480, allowed: 479, networks: 10)) {
      try experiment.run(networks: 10, seed: 1, memoryLimit: 479)
    }
    #expect(throws: ExperimentError.tooMuchMemory(needed: .max, allowed: 1 << 30, networks: .max)) {
      try experiment.run(networks: .max, seed: 1)
    }
    let good = LayerLearningRates(bias: 0, weight: 1)
    for bad in [LayerLearningRates(bias: -1, weight: 1), LayerLearningRates(bias: 0, weight: .nan)] {
      #expect(throws: ExperimentError.self) { try Self.experiment(rates: [good, bad]) }
    }
  }

  @Test("Layers that are not trained move nothing")
  func frozen() throws {
    let (none, one) = (LayerLearningRates(bias: 0, weight: 0), LayerLearningRates(bias: 1, weight: 1))
    let frozen = try Self.experiment(rates: [none, none]).run(networks: 3, seed: 1)
    let readout = try Self.experiment(rates: [none, one]).run(networks: 3, seed: 1)
    let all = try Self.experiment(rates: [one, one]).run(networks: 3, seed: 1)
    for tensor in TangentDifferentialStatistics.Tensor.allCases {
      // A trained last layer alone is a linear model, whose kernel stays.
      #expect(frozen.values(tensor, 0, 0, 0, 0) == [0, 0, 0])
      #expect(readout.values(tensor, 0, 0, 0, 0) == [0, 0, 0])
    }
    #expect(all.values(.q, 0, 0, 0, 0).allSatisfy { $0 != 0 && $0.isFinite })
  }
}
