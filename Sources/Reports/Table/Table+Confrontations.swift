import OrreryFindings

extension Table {
  /// Predictions beside measurements: both values with their errors, what the theory leaves out, the pull, the verdict.
  ///
  /// - Parameter name: what a reader calls a quantity; the default names its kind, layer, samples and width.
  public static func confrontations(
    _ confrontations: [Confrontation], caption: InlineText? = nil,
    name: (Quantity) -> InlineText = Table.name(of:)
  ) -> Table {
    var table = Table(
      columns: [
        Column("quantity"), Column("predicted", .decimal), Column("left out δ_p", .decimal), Column("measured", .decimal),
        Column("bias bound τ_m", .decimal), Column("networks", .decimal), Column("pull", .decimal), Column("law"),
      ], caption: caption,
      notes: [
        """
        Digits in parentheses are the standard error of the last digits. Pull = (measured − predicted) / √(σ_m² + τ_m² + \
        σ_p² + δ_p²); agrees below 2, in tension to 4, refuted above; cannot tell when the total error exceeds the \
        smallest effect of interest.
        """
      ])
    table.rows = confrontations.map { one in
      let prediction = one.prediction
      let measurement = one.measurement
      let link = InlineText(markup: "[\(InlineText(verbatim: prediction.source.title).markup)](#\(prediction.source.key))")
      return Row(
        [
          .text(name(prediction.quantity)),
          prediction.samplingError > 0
            ? .measured(prediction.value, error: prediction.samplingError) : .number(prediction.value, digits: 5),
          prediction.truncationError > 0 ? .number(prediction.truncationError, digits: 2) : .none,
          .measured(measurement.value, error: measurement.standardError),
          measurement.systematicBound > 0 ? .number(measurement.systematicBound, digits: 2) : .none,
          .integer(measurement.networks),
          one.pull.isFinite ? .text(InlineText(verbatim: signed(one.pull))) : .number(one.pull),
          .text(link),
        ], chip: StatusChip(one.verdict))
    }
    return table
  }

  /// "+1.3", "−0.2".
  private static func signed(_ pull: Double) -> String {
    let text = NumberText.fixed(pull, decimals: 1)
    if text.hasPrefix("-") { return "−" + text.dropFirst() }
    return text == "0.0" ? text : "+" + text
  }

  /// What a reader calls a quantity: "kernel K^(3), samples 0 and 1, n = 64".
  public static func name(of quantity: Quantity) -> InlineText {
    let layer = quantity.layer.map { "(\($0))" } ?? ""
    func symbol(_ text: String) -> String { layer.isEmpty ? text : "\(text)^{\(layer)}" }
    var parts: [String] = []
    switch quantity.kind {
    case .kernel: parts.append("kernel " + symbol("G"))
    case .kernelVariance: parts.append("variance of kernel " + symbol("G"))
    case .kernelMeanDeviation: parts.append("mean kernel over " + symbol("K") + ", less 1")
    case .correlation: parts.append("correlation " + symbol("c"))
    case .neuralTangentKernel: parts.append("neural tangent kernel " + symbol("Θ"))
    case .outputExcessKurtosis: parts.append("excess kurtosis of an output")
    case .outputVariance: parts.append("variance of an output")
    }
    if !quantity.samples.isEmpty {
      let same = Set(quantity.samples).count == 1
      let samples = same ? [quantity.samples[0]] : quantity.samples
      let list = samples.map(String.init).joined(separator: ", ")
      parts.append((samples.count == 1 ? "sample " : "samples ") + list)
    }
    if !quantity.outputs.isEmpty {
      parts.append("outputs " + quantity.outputs.map(String.init).joined(separator: ", "))
    }
    if let width = quantity.width { parts.append("n = \(width)") }
    if let step = quantity.step, step > 0 { parts.append("step \(step)") }
    return InlineText(markup: parts.joined(separator: "; "))
  }
}
