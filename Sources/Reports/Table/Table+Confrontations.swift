import OrreryFindings

extension Table {
  /// Predictions beside measurements: both values with their errors, what the theory leaves out, the pull, the verdict.
  ///
  /// A column that would be empty, or the same in every row, is left out.
  ///
  /// - Parameter name: what a reader calls a quantity; the default names its kind, layer and
  ///   samples, and its width unless all rows share one, which a note then says.
  public static func confrontations(
    _ confrontations: [Confrontation], caption: InlineText? = nil,
    name: ((Quantity) -> InlineText)? = nil
  ) -> Table {
    let leavesOut = confrontations.contains { $0.prediction.truncationError > 0 }
    let isBiased = confrontations.contains { $0.measurement.systematicBound > 0 }
    let networks = Set(confrontations.map(\.measurement.networks))
    let widths = Set(confrontations.map(\.prediction.quantity.width))
    var columns = [Column("quantity"), Column("predicted", .decimal)]
    if leavesOut { columns.append(Column("left out δ_p", .decimal)) }
    columns.append(Column("measured", .decimal))
    if isBiased { columns.append(Column("bias τ_m", .decimal)) }
    if networks.count > 1 { columns.append(Column("networks", .decimal)) }
    columns += [Column("pull", .decimal), Column("law")]
    var table = Table(columns: columns, caption: caption, notes: [explanation])
    if networks.count == 1, let count = networks.first {
      table.notes.append("Every measurement is over \(count) networks.")
    }
    if name == nil, widths.count == 1, case .some(.some(let width)) = widths.first {
      table.notes.append("Every row is at width n = \(width).")
    }
    table.rows = confrontations.map { one in
      let prediction = one.prediction
      let measurement = one.measurement
      let title = InlineText(verbatim: prediction.source.title).markup
      var cells: [Cell] = [
        .text(name?(prediction.quantity) ?? Table.name(of: prediction.quantity, showsWidth: widths.count > 1)),
        .measured(prediction.value, error: prediction.samplingError),
      ]
      if leavesOut { cells.append(size(prediction.truncationError)) }
      cells.append(.measured(measurement.value, error: measurement.standardError))
      if isBiased { cells.append(size(measurement.systematicBound)) }
      if networks.count > 1 { cells.append(.integer(measurement.networks)) }
      cells.append(one.pull.isFinite ? .text(InlineText(verbatim: signed(one.pull))) : .number(one.pull))
      cells.append(.text(InlineText(markup: "[\(title)](#\(prediction.source.key))")))
      return Row(cells, chip: StatusChip(one.verdict))
    }
    return table
  }

  private static let explanation: InlineText = """
    Digits in parentheses are the standard error of the last digits. Pull = (measured − predicted) / √(σ_m² + τ_m² + \
    σ_p² + δ_p²); agrees below 2, in tension to 4, refuted above; cannot tell when the total error exceeds the smallest \
    effect of interest.
    """

  private static func size(_ error: Double) -> Cell {
    error > 0 ? .number(error, digits: 2) : .none
  }

  /// "+1.3", "−0.2".
  private static func signed(_ pull: Double) -> String {
    let text = NumberText.fixed(pull, decimals: 1)
    if text.hasPrefix("-") { return "−" + text.dropFirst() }
    return text == "0.0" ? text : "+" + text
  }

  /// What a reader calls a quantity: "kernel G^(3); samples 0, 1; n = 64".
  public static func name(of quantity: Quantity, showsWidth: Bool = true) -> InlineText {
    let layer = quantity.layer.map { "(\($0))" } ?? ""
    func symbol(_ text: String) -> String { layer.isEmpty ? text : "\(text)^{\(layer)}" }
    var parts: [String] = []
    switch quantity.kind {
    case .kernel: parts.append("kernel " + symbol("G"))
    case .kernelVariance: parts.append("variance of kernel " + symbol("G"))
    case .threePointCorrelation: parts.append("correlation of two neurons ⟨z_i z_j^2⟩" + symbol(""))
    case .kernelMeanDeviation: parts.append("mean kernel over " + symbol("K") + ", less 1")
    case .correlation: parts.append("correlation " + symbol("c"))
    case .neuralTangentKernel: parts.append("neural tangent kernel " + symbol("Θ"))
    case .tangentKernelVariance: parts.append("variance of NTK " + symbol("Θ"))
    case .tangentKernelCovariance: parts.append("covariance of two outputs' NTKs " + symbol("Θ"))
    case .kernelTangentCovariance: parts.append("covariance of kernel " + symbol("G") + " and NTK " + symbol("Θ"))
    case .outputExcessKurtosis: parts.append("excess kurtosis of an output")
    case .outputVariance: parts.append("variance of an output")
    case .meanTrainingOutput: parts.append("mean output, training")
    case .meanTestOutput: parts.append("mean output, test")
    case .testOutputVariance: parts.append("variance of an output, test")
    case .trainingLoss: parts.append("training loss")
    case .testLoss: parts.append("test loss")
    }
    if !quantity.samples.isEmpty {
      let same = Set(quantity.samples).count == 1
      let samples = same ? [quantity.samples[0]] : quantity.samples
      let list = samples.map(String.init).joined(separator: ", ")
      parts.append((samples.count == 1 ? "sample\u{A0}" : "samples\u{A0}") + list)
    }
    if !quantity.outputs.isEmpty {
      parts.append("outputs " + quantity.outputs.map(String.init).joined(separator: ", "))
    }
    if showsWidth, let width = quantity.width { parts.append("n\u{A0}=\u{A0}\(width)") }
    if let step = quantity.step, step > 0 { parts.append("step\u{A0}\(step)") }
    return InlineText(markup: parts.joined(separator: "; "))
  }
}
