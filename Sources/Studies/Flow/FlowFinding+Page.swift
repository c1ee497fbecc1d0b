import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTheory

extension FlowFinding {
  /// The report: what flows how, then every layer's numbers.
  public func page() -> Page {
    var page = Page(
      title: InlineText(verbatim: subject),
      subtitle: "The representation group flow at order 1/n: kernel, NTK and what fluctuates of them, layer by layer.",
      facts: [
        .init("inputs", InlineText(verbatim: "\(inputs)")),
        .init("L", InlineText(verbatim: "\(layers.count)")),
        .init("∣x∣²/n_0 of input 1", InlineText(verbatim: NumberText.text(meanSquares[0], digits: 4))),
      ])
    page.sections = [
      Section(
        "Couplings against depth",
        [.figures(figures), .paragraph(explanation)]
          + (caution.map { [.callout(StatusChip(.caution, "strongly coupled"), InlineText(verbatim: $0))] } ?? [])
          + (neglected.map { [.callout(StatusChip(.caution, "left out"), InlineText(verbatim: $0))] } ?? [])),
      Section("Scaling with depth", scalingBlocks),
      Section("Every layer", [.table(couplingTable)]),
      Section("Critical tuning at this width", [.paragraph(tuningExplanation), .table(tuningTable)]),
    ]
    if inputs > 1 { page.sections.append(Section("Pairs of inputs", [.table(pairTable)])) }
    page.sections.append(Section("The laws", [.definitions(sources.map { Definition($0) })]))
    page.references = Reference.list(sources + ResolvedNetwork(network).sources)
    return page
  }

  /// The same for a terminal.
  public var text: String {
    var parts = [subject + (label.isEmpty ? "" : " (\(label))") + "\n", couplingTable.text()]
    if inputs > 1 { parts.append(pairTable.text()) }
    if !scalings.isEmpty { parts.append(scalingTable.text()) }
    parts.append(tuningTable.text())
    for sentence in [caution, neglected].compactMap({ $0 }) { parts.append(sentence + "\n") }
    return parts.joined(separator: "\n")
  }

  private var sources: [Source] {
    [.kernelRecursion, .fourPointVertex] + (hasTangents ? [.neuralTangentKernel, .tangentKernelStatistics] : [])
  }

  private var hasTangents: Bool { layers.first?.kernels["Θ"] != nil }
  private var hasDifferentials: Bool { layers.first?.tensors["P"] != nil }

  private var explanation: InlineText {
    var text: InlineText =
      "Each coupling is divided by the width of the layer before: it is the relative size of an effect in this network, on the first "
      + "input. Where the largest comes near 1, order 1/n says that it is not enough."
    if expectationError > 0 {
      text =
        text
        + " Expectations over three and four inputs are exact to \(NumberText.text(expectationError, digits: 1)) of their factors' sizes."
    }
    return text
  }

  /// Couplings that are drawn together.
  private static let groups: [(name: String, title: InlineText, couplings: [Coupling], caption: InlineText)] = [
    (
      "flow-fluctuations", "What fluctuates over networks",
      [.fourPointVertex, .tangentKernelVariance, .tangentKernelCovariance, .crossVariance, .crossCorrelation],
      "Relative variances and correlations of the kernel and the NTK over networks, at order 1/n (their magnitudes): of one output's own "
        + "NTK (A + 2B, D + 2F), and of two different outputs (A, D)."
    ),
    (
      "flow-learning", "What training moves",
      [
        .differentialP, .differentialQ, .secondDifferentialR, .secondDifferentialS, .secondDifferentialT,
        .secondDifferentialU,
      ],
      "The differentials of the NTK at order 1/n (their magnitudes): at infinite width all are 0, and nothing is learned but the output."
    ),
    (
      "flow-shifts", "What the mean is shifted by", [.kernelCorrection, .tangentKernelCorrection],
      "The shift of the mean kernel and NTK at order 1/n (their magnitudes)."
    ),
  ]

  private var figures: [Figure] {
    Self.groups.compactMap { group in
      var plot = Plot(title: group.title, x: PlotAxis("layer ℓ"), y: .log("coupling / n"))
      for coupling in group.couplings {
        let points = zip(layers, sizes(coupling, input: 0)).compactMap { layer, size in
          size.flatMap { $0 != 0 && $0.isFinite ? (Double(layer.layer), abs($0)) : nil }
        }
        guard points.count > 1, points.contains(where: { $0.1 > 1e-12 }) else { continue }
        plot.layers.append(
          .line(InlineText(verbatim: coupling.rawValue), x: points.map(\.0), y: points.map(\.1)))
      }
      return plot.layers.isEmpty ? nil : Figure(group.name, plot, caption: group.caption)
    }
  }

  private var scalingBlocks: [Block] {
    guard !scalings.isEmpty else {
      return [
        .paragraph(
          "There are too few layers to fit how couplings scale with depth: the deeper half needs eight. Ask for sixteen layers or more."
        )
      ]
    }
    return [
      .table(scalingTable),
      .paragraph(
        "Fitted over the deeper half of the layers. The recursion is exact, so the error is systematic: how much the exponent changes when the first correction or half of the layers is left out. Relevant couplings grow with depth, irrelevant ones die out, marginal ones (constants, logarithms) do neither."
      ),
    ]
  }

  private var scalingTable: Table {
    var table = Table(
      columns: [.init("coupling"), .init("scales as"), .init("exponent", .decimal), .init("is"), .init("what it is")],
      caption: "How couplings scale with depth, from the deeper half of the layers:")
    table.rows = scalings.map { entry in
      Table.Row([
        .text(InlineText(verbatim: entry.coupling.rawValue)),
        .text(Self.form(entry.scaling.form)),
        .measured(entry.scaling.exponent.value, error: entry.scaling.exponent.error),
        .text(InlineText(verbatim: entry.scaling.relevance?.rawValue ?? "open")),
        .text(InlineText(verbatim: entry.coupling.meaning)),
      ])
    }
    return table
  }

  private static func form(_ form: DepthScaling.Form) -> InlineText {
    switch form {
    case .power: "ℓ^p"
    case .logarithm: "ln ℓ"
    case .exponential: "e^(γℓ)"
    }
  }

  private var couplingTable: Table {
    let couplings = Coupling.allCases.filter { coupling in
      layers.contains { $0.couplings[0][coupling.rawValue] != nil }
    }
    var table = Table(
      columns: [.init("ℓ", .right), .init("n", .right), .init("K", .decimal)]
        + (hasTangents ? [.init("Θ", .decimal)] : [])
        + couplings.map { .init(InlineText(verbatim: $0.rawValue), .decimal) } + [.init("U6/K³", .decimal)],
      caption: inputs > 1
        ? "Couplings over the width n of the layer before (U6 over its square), on the first input (--json has all):"
        : "Couplings over the width n of the layer before (U6 over its square):")
    table.rows = layers.enumerated().map { index, layer in
      var cells: [Table.Cell] = [
        .integer(layer.layer), .integer(layer.fanIn), .number(layer.kernels["K"]![0][0], digits: 4),
      ]
      if let theta = layer.kernels["Θ"] { cells.append(.number(theta[0][0], digits: 4)) }
      for coupling in couplings {
        cells.append(sizes(coupling, input: 0)[index].map { .number($0, digits: 3) } ?? .none)
      }
      let square = Double(layer.fanIn) * Double(layer.fanIn)
      cells.append(sixPointVertices[index].map { .number($0 / square, digits: 3) } ?? .none)
      return Table.Row(cells)
    }
    return table
  }

  private var tuningExplanation: InlineText {
    "At finite width the mean kernel leaves its infinite-width trajectory by G1/n. C_W multiplied by 1 + w in every layer, or C_b raised "
      + "by ΔC_b, keeps it there up to order 1/n^2, on the first input. At criticality w tends to 2/(3n) where K^{★} = 0, and to 0 for "
      + "scale-invariant activations; no entry where C_b would become negative."
  }

  private var tuningTable: Table {
    var table = Table(
      columns: [.init("ℓ", .right), .init("w", .decimal), .init("n w", .decimal), .init("ΔC_b", .decimal)],
      caption: "Changes of C_W, by the factor 1 + w, or of C_b that keep the mean kernel as at infinite width:")
    table.rows = zip(layers, tuning).map { layer, one in
      Table.Row([
        .integer(one.layer), .number(one.weight, digits: 3), .number(one.weight * Double(layer.fanIn), digits: 3),
        one.bias.map { .number($0, digits: 3) } ?? .none,
      ])
    }
    return table
  }

  /// What two inputs do: the first two.
  private var pairTable: Table {
    var table = Table(
      columns: [
        .init("ℓ", .right), .init("c_12", .decimal), .init("V_(12)(12)/n", .decimal), .init("V_(11)(22)/n", .decimal),
        .init("V_(11)(12)/n", .decimal), .init("G1_12/n", .decimal),
      ] + (hasTangents ? [.init("Θ_12", .decimal), .init("H1_12/n", .decimal), .init("A_(12)(12)/n", .decimal)] : []),
      caption: "The first two inputs, in the units of K and Θ:")
    table.rows = layers.map { layer in
      let n = Double(layer.fanIn)
      let (k, g, pair) = (layer.kernels["K"]!, layer.kernels["G1"]!, layer.firstPair)
      func perWidth(_ name: String) -> Table.Cell { pair[name].map { .number($0 / n, digits: 3) } ?? .none }
      var cells: [Table.Cell] = [
        .integer(layer.layer), .number(k[0][1] / (k[0][0] * k[1][1]).squareRoot(), digits: 4),
        perWidth("V_(12)(12)"), perWidth("V_(11)(22)"), perWidth("V_(11)(12)"), .number(g[0][1] / n, digits: 3),
      ]
      if let theta = layer.kernels["Θ"], let h = layer.kernels["H1"] {
        cells += [
          .number(theta[0][1], digits: 4), .number(h[0][1] / n, digits: 3),
          perWidth("A_(12)(12)"),
        ]
      }
      return Table.Row(cells)
    }
    return table
  }
}
