import OrreryReports

extension Forecast {
  /// Every layer's numbers, on an input of typical norm and a pair of typical correlation.
  public var layerTable: Table {
    var table = Table(
      columns: [
        .init("ℓ", .right), .init("K", .decimal), .init("1 − c", .decimal), .init("Θ", .decimal),
        .init("χ_∥", .decimal),
        .init("χ_⊥", .decimal),
      ] + (isFluctuationKnown ? [.init("V/(nK²)", .decimal), .init("G1/(nK)", .decimal)] : [])
        + [.init("gradient rms", .decimal)],
      caption: "Layer by layer, on an input of typical norm and a pair of typical correlation:")
    table.rows = layers.map { layer in
      var cells: [Table.Cell] = [
        .integer(layer.layer), .number(layer.kernel, digits: 4), .number(layer.decorrelation, digits: 3),
        .number(layer.neuralTangentKernel, digits: 4), .number(layer.parallelSusceptibility, digits: 4),
        .number(layer.perpendicularSusceptibility, digits: 4),
      ]
      if isFluctuationKnown {
        cells.append(layer.kernelVariance.map { .number($0 / (layer.kernel * layer.kernel), digits: 3) } ?? .none)
        cells.append(layer.kernelShift.map { .number($0 / layer.kernel, digits: 3) } ?? .none)
      }
      return Table.Row(cells + [layer.weightGradient.map { .number($0, digits: 3) } ?? .none])
    }
    return table
  }

  /// Whether fluctuations over networks are forecast at all.
  private var isFluctuationKnown: Bool { expansion != nil }
}
