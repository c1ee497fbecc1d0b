import OrreryReports

extension Forecast {
  /// Every layer's numbers, on an input of typical norm and a pair of typical correlation.
  public var layerTable: Table {
    var table = Table(
      columns: [
        .init("ℓ", .right), .init("K", .decimal), .init("1 − c", .decimal), .init("Θ", .decimal),
        .init("χ_∥", .decimal),
        .init("χ_⊥", .decimal), .init("V/(nK²)", .decimal), .init("G1/(nK)", .decimal), .init("gradient rms", .decimal),
      ], caption: "Layer by layer, on an input of typical norm and a pair of typical correlation:")
    table.rows = layers.map { layer in
      Table.Row([
        .integer(layer.layer), .number(layer.kernel, digits: 4), .number(layer.decorrelation, digits: 3),
        .number(layer.neuralTangentKernel, digits: 4), .number(layer.parallelSusceptibility, digits: 4),
        .number(layer.perpendicularSusceptibility, digits: 4),
        .number(layer.kernelVariance / (layer.kernel * layer.kernel), digits: 3),
        .number(layer.kernelShift / layer.kernel, digits: 3),
        layer.weightGradient.map { .number($0, digits: 3) } ?? .none,
      ])
    }
    return table
  }
}
