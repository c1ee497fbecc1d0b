import Foundation
import OrreryReports

extension Forecast {
  /// Every layer's numbers, on an input of typical norm and a pair of typical correlation.
  public var layerTable: Table {
    var table = Table(
      columns: [.init("ℓ", .right), .init("K", .decimal)] + (hasPairs ? [.init("1 − c", .decimal)] : [])
        + [.init("Θ", .decimal), .init("χ_∥", .decimal), .init("χ_⊥", .decimal)]
        + (hasVariance ? [.init("V/(nK²)", .decimal)] : []) + (hasShift ? [.init("G1/(nK)", .decimal)] : [])
        + (hasTies ? [.init("T_3/(nK^{3/2})", .decimal)] : [])
        + (hasGradients ? [.init("gradient rms", .decimal)] : []),
      caption: hasPairs
        ? "Layer by layer, on an input of typical norm and a pair of typical correlation:"
        : "Layer by layer, on an input of typical norm:")
    table.rows = layers.map { layer in
      var cells: [Table.Cell] = [
        .integer(layer.layer), .number(layer.kernel, digits: 4),
      ]
      func add(_ isShown: Bool, _ value: Double?, digits: Int = 3) {
        if isShown { cells.append(value.map { .number($0, digits: digits) } ?? .none) }
      }
      add(hasPairs, layer.decorrelation)
      add(true, layer.neuralTangentKernel, digits: 4)
      add(true, layer.parallelSusceptibility, digits: 4)
      add(true, layer.perpendicularSusceptibility, digits: 4)
      add(hasVariance, layer.kernelVariance.map { $0 / (layer.kernel * layer.kernel) })
      add(hasShift, layer.kernelShift.map { $0 / layer.kernel })
      add(hasTies, layer.threePointCorrelation.map { $0 / pow(layer.kernel, 1.5) })
      add(hasGradients, layer.weightGradient)
      return Table.Row(cells)
    }
    return table
  }

  private var hasPairs: Bool { layers.contains { $0.decorrelation != nil } }
  private var hasVariance: Bool { hasShift || layers.contains { $0.kernelVariance != nil && perceptron == nil } }
  /// Whether order 1/n is forecast of a perceptron's kernel at all.
  private var hasShift: Bool { expansion != nil }
  private var hasTies: Bool { layers.contains { $0.threePointCorrelation != nil } }
  private var hasGradients: Bool { perceptron != nil }
}
