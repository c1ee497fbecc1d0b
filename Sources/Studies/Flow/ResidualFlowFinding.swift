import Foundation
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// The flow of a residual perceptron on single inputs.
public struct ResidualFlowFinding: Codable, Sendable {
  public static let schemaVersion = 1

  public var schema = ResidualFlowFinding.schemaVersion
  public var subject: String
  public var label: String
  public var network: ResidualView
  /// |x|²/n_0 of each input.
  public var meanSquares: [Double]
  /// By input: every layer, or fewer where the next one's numbers do not fit float64. Vertices are without 1/n.
  public var flows: [[ResidualFlow.Layer]]
  /// Why the last layers have no vertices, as a clause; nil where all have them.
  public var vertexExclusion: String?

  /// - Parameter inputs: shape (M, n_0), as the network takes them; M ≥ 1.
  init(subject: String, label: String, network: ResidualView, inputs: Matrix<Double>) {
    self.subject = subject
    self.label = label
    self.network = network
    meanSquares = (0..<inputs.rows).map { row in
      inputs.row(row).reduce(0) { $0 + $1 * $1 } / Double(inputs.columns)
    }
    let flows = meanSquares.map { ResidualFlow(network, meanSquaredInput: $0) }
    self.flows = flows.map(\.layers)
    vertexExclusion = flows.first?.vertexExclusion
  }

  /// For a terminal.
  public var text: String {
    ([subject + (label.isEmpty ? "" : " (\(label))") + "\n", table.text()] + notes.map { $0 + "\n" }).joined(
      separator: "\n")
  }

  /// The report: what flows how, then every layer's numbers.
  public func page() -> Page {
    var page = Page(
      title: InlineText(verbatim: subject),
      subtitle: "Kernel, NTK and what fluctuates of the kernel at order 1/n, layer by layer.",
      facts: [
        .init("n", InlineText(verbatim: "\(network.width)")), .init("L", InlineText(verbatim: "\(network.layerCount)")),
        .init("∣x∣²/n_0 of input 1", InlineText(verbatim: NumberText.text(meanSquares[0], digits: 4))),
      ])
    page.sections = [
      Section("Against depth", [.figures(figures)] + notes.map { .paragraph(InlineText(verbatim: $0)) }),
      Section("Every layer", [.table(table)]),
      Section("The laws", [.definitions(sources.map { Definition($0) })]),
    ]
    page.references = Reference.list(sources + network.steps.map(\.activation.function.source))
    return page
  }

  private var sources: [Source] {
    [.kernelRecursion, .neuralTangentKernel, .susceptibility] + (hasVertices ? [.residualVertices] : [])
  }

  private var hasVertices: Bool { flows[0].contains { $0.layer > 1 && $0.fourPointVertex != nil } }

  private var notes: [String] {
    var notes: [String] = []
    if flows[0].count < network.layerCount {
      notes.append("The numbers of layer \(flows[0].count + 1) do not fit float64: the stream grows without bound.")
    }
    if let vertexExclusion { notes.append("Vertices end where \(vertexExclusion).") }
    notes.append(
      "Pairs of inputs, the NTK's statistics and its differentials are known for perceptrons without skips so far.")
    return notes
  }

  /// V/(nK²), T₃/(nK^(3/2)).
  private func sizes(_ layer: ResidualFlow.Layer) -> (vertex: Double?, tie: Double?) {
    let n = Double(network.width)
    guard layer.kernel > 0 else { return (nil, nil) }
    return (
      layer.fourPointVertex.map { $0 / (n * layer.kernel * layer.kernel) },
      layer.threePointVertex.map { $0 / (n * pow(layer.kernel, 1.5)) }
    )
  }

  private var table: Table {
    var table = Table(
      columns: [
        .init("ℓ", .right), .init("γ", .decimal), .init("K", .decimal), .init("Θ", .decimal), .init("χ_∥", .decimal),
        .init("χ_⊥", .decimal),
      ] + (hasVertices ? [.init("V/(nK²)", .decimal), .init("T_3/(nK^{3/2})", .decimal)] : []),
      caption: flows.count > 1
        ? "On the first input (--json has all), γ of the step to a layer, χ of that to the next, n = \(network.width):"
        : "γ of the step to a layer, χ of that to the next, n = \(network.width):")
    table.rows = flows[0].map { layer in
      var cells: [Table.Cell] = [
        .integer(layer.layer),
        layer.layer > 1 ? .number(network.steps[layer.layer - 2].skip, digits: 3) : .none,
        .number(layer.kernel, digits: 4), layer.neuralTangentKernel.map { .number($0, digits: 4) } ?? .none,
        layer.parallelSusceptibility.map { .number($0, digits: 4) } ?? .none,
        layer.perpendicularSusceptibility.map { .number($0, digits: 4) } ?? .none,
      ]
      if hasVertices {
        let sizes = sizes(layer)
        cells += [sizes.vertex, sizes.tie].map { size in size.map { .number($0, digits: 3) } ?? .none }
      }
      return Table.Row(cells)
    }
    return table
  }

  private var figures: [Figure] {
    let layers = flows[0]
    let x = layers.map { Double($0.layer) }
    var kernels = Plot(title: "Kernel and NTK", x: PlotAxis("layer ℓ"), y: .log("K, Θ"))
    kernels.layers = [.line("K", x: x, y: layers.map(\.kernel))]
    let tangents = layers.filter { $0.neuralTangentKernel != nil }
    kernels.layers.append(
      .line("Θ", x: tangents.map { Double($0.layer) }, y: tangents.map { $0.neuralTangentKernel! }, dash: .dashed))
    var figures = [
      Figure(
        "residual-kernels", kernels, caption: "The stream's kernel and its neural tangent kernel on the first input.")
    ]
    guard hasVertices else { return figures }
    let known = layers.filter { $0.fourPointVertex != nil && $0.kernel > 0 }
    var vertices = Plot(title: "Fluctuations", x: PlotAxis("layer ℓ"), y: PlotAxis("relative size"))
    vertices.layers = [
      .line("V/(nK^{2})", x: known.map { Double($0.layer) }, y: known.map { sizes($0).vertex! }),
      .line("T_3/(nK^{3/2})", x: known.map { Double($0.layer) }, y: known.map { sizes($0).tie! }, dash: .dashed),
    ]
    figures.append(
      Figure(
        "residual-vertices", vertices,
        caption:
          "The kernel's relative variance over networks, and how far a neuron is tied to another's square, at order 1/n."
      ))
    return figures
  }
}
