import OrreryReports

extension Table {
  /// Fixed points with their stability and depth scales.
  static func fixedPoints(_ points: [Forecast.FixedPoint], caption: InlineText = "") -> Table {
    var table = Table(
      columns: [
        .init("K^{★}", .decimal), .init("χ_∥", .decimal), .init("χ_⊥", .decimal), .init("stability"), .init("phase"),
        .init("ξ_q", .decimal), .init("c^{★}", .decimal), .init("ξ_c", .decimal), .init("ξ_∇", .decimal),
        .init("reached"),
      ], caption: caption,
      notes: [
        """
        Depth scales in layers: K approaches K^{★} by e in ξ_q, the correlation of two inputs c^{★} in ξ_c; squared gradients \
        shrink by e in ξ_∇ (negative: grow). Where none is given the change is slower than exponential, or leads away.
        """
      ])
    func scale(_ value: Double?) -> Table.Cell { value.map { .number($0, digits: 3) } ?? .none }
    table.rows = points.map { point in
      Table.Row([
        .number(point.kernel, digits: 6), .number(point.parallelSusceptibility, digits: 6),
        .number(point.perpendicularSusceptibility, digits: 6), .text(InlineText(verbatim: point.stability)),
        .text(InlineText(verbatim: point.phase)), scale(point.kernelDepthScale),
        point.correlation.map { .number($0, digits: 4) } ?? .none, scale(point.correlationDepthScale),
        scale(point.gradientDepthScale), .text(point.isReached ? "yes" : ""),
      ])
    }
    return table
  }
}
