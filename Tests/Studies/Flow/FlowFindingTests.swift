import Foundation
import OrreryNetworks
import OrreryReports
import OrreryStudies
import OrreryTensors
import OrreryTheory
import Testing

@Suite("The flow of a described network")
struct FlowFindingTests {
  private static func finding(_ function: ActivationFunction = .tanh, depth: Int = 4, extent: FiniteWidthExtent)
    throws -> FlowFinding
  {
    let network = PerceptronView(
      architecture: MultilayerPerceptron(depth: depth, width: 50, activation: Activation(function)), inputs: 2,
      layers: Array(repeating: LayerInitialization(weightVariance: 1, biasVariance: 0), count: depth + 1),
      parametrization: .ntk)
    return try FlowFinding(
      subject: "a network", label: "", network: network, inputs: Matrix([[1, 0.5], [0.2, -1]]), extent: extent)
  }

  @Test("JSON holds every tensor, and comes back")
  func json() throws {
    let finding = try Self.finding(extent: .differentials)
    let data = try JSONEncoder().encode(finding)
    let back = try JSONDecoder().decode(FlowFinding.self, from: data)
    #expect(back.layers.count == 5 && back.layers[4].tensors["T"]!.count == 16)
    #expect(Set(back.layers[4].kernels.keys) == ["K", "Θ", "G1", "H1"])
    #expect(back.layers[3].couplings[1]["V/K²"] == finding.layers[3].couplings[1]["V/K²"])
    let small = try Self.finding(extent: .preactivations)
    #expect(Set(small.layers[4].tensors.keys) == ["V"] && Set(small.layers[4].kernels.keys) == ["K", "G1"])
  }

  @Test("Tensors are left out where they are not wanted, and refused where they are too large")
  func sizes() throws {
    let network = try Self.finding(extent: .preactivations).network
    let inputs = Matrix<Double>((0..<40).map { [1 + 0.01 * Double($0), 0.5] })
    let slim = try FlowFinding(
      subject: "a network", label: "", network: network, inputs: inputs.selectingRows([0, 1]), extent: .tangentKernel,
      keepsTensors: false)
    #expect(slim.layers[4].tensors.isEmpty && slim.text.contains("A_(12)(12)"))
    #expect(throws: StudyError.self) {
      try FlowFinding(subject: "a network", label: "", network: network, inputs: inputs, extent: .preactivations)
    }
  }

  @Test("Text and page show what there is")
  func shown() throws {
    let few = try Self.finding(extent: .tangentKernel)
    #expect(few.text.contains("A/Θ²") && !few.text.contains("P/Θ²") && few.scalings.isEmpty)
    #expect(few.page().html().contains("too few layers"))
    #expect(few.tuning.count == 5 && few.text.contains("ΔC_b") && few.tuning[4].weight > 0)
    let deep = try Self.finding(depth: 20, extent: .differentials)
    #expect(deep.text.contains(" relevant") && deep.page().html().contains("What training moves"))
    #expect(deep.neglected == nil)
  }

  @Test("The six-point vertex is there, and strong coupling is said")
  func strong() throws {
    let weak = try Self.finding(extent: .preactivations)
    #expect(weak.caution == nil && weak.text.contains("U6/K³"))
    #expect(weak.sixPointVertices[0] == 0 && weak.sixPointVertices[3]! > 0)
    var network = weak.network
    network.architecture.widths = network.architecture.widths.map { _ in 4 }
    let strong = try FlowFinding(
      subject: "a network", label: "", network: network, inputs: Matrix([[1, 0.5]]), extent: .preactivations)
    #expect(strong.relativeVariance > 0.3)
    #expect(strong.text.contains("log-normal") && strong.page().html().contains("log-normal"))
  }

  @Test("Weights that are not Gaussian are said to be")
  func neglected() throws {
    var network = try Self.finding(extent: .preactivations).network
    network.layers[1].weightDistribution = .uniform
    let finding = try FlowFinding(
      subject: "a network", label: "", network: network, inputs: Matrix([[1, 0.5]]), extent: .preactivations)
    #expect(finding.neglected?.contains("layer 2") == true && finding.text.contains("layer 2"))
  }
}
