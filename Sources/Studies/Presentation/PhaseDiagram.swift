import Foundation
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// Where a network stands in the plane of C_b and C_W: χ_⊥ at the fixed point that its kernel reaches, the line between
/// order and chaos, and the critical points.
struct PhaseDiagram: Sendable {
  /// C_b and C_W of the layers after the first, and their name.
  var own: (name: String, bias: Double, weight: Double)?
  var biasEdges: [Double]
  var weightEdges: [Double]
  /// χ_⊥ at each cell's centre, row by row from the lowest C_W; NaN where kernels grow without bound.
  var susceptibility: [Double]
  var line: [OrderChaosPoint]
  var critical: [CriticalPoint]

  /// - Parameter kernel: q = |x|²/n_0, from which each cell's kernel starts.
  init(_ network: PerceptronView, meanSquaredInput: Double, cells: Int = 40) {
    let activation = network.architecture.activation
    let table = MomentTable(activation)
    line = OrderChaosLine(table: table).curve
    critical = Criticality.points(of: activation, table: table).points
    let layer = network.layers.last
    own = layer.map { ("this network", $0.biasVariance, $0.weightVariance) }
    // The frame holds the network and the critical points with as much room beyond.
    let weights = critical.map(\.weightVariance) + [layer?.weightVariance ?? 1]
    let biases = critical.map(\.biasVariance) + [layer?.biasVariance ?? 0]
    let top = 2 * (weights.max() ?? 1)
    let right = max(2 * (biases.max() ?? 0), 0.25 * top)
    let biasEdges = (0...cells).map { right * Double($0) / Double(cells) }
    let weightEdges = (0...cells).map { top * Double($0) / Double(cells) }
    self.biasEdges = biasEdges
    self.weightEdges = weightEdges
    susceptibility = Parallel.map(cells * cells) { index in
      let map = KernelMap(
        activation, weightVariance: (weightEdges[index / cells] + weightEdges[index / cells + 1]) / 2,
        biasVariance: (biasEdges[index % cells] + biasEdges[index % cells + 1]) / 2)
      let start = map.biasVariance + map.weightVariance * meanSquaredInput
      return FixedPoints(map, table: table).reached(from: start, by: map)?.susceptibility.perpendicular ?? .nan
    }
  }

  var plot: Plot {
    let shown = line.filter { $0.biasVariance <= biasEdges.last! && $0.weightVariance <= weightEdges.last! }
    var plot = Plot(
      title: "Order and chaos", x: PlotAxis("C_b", range: 0...biasEdges.last!),
      y: PlotAxis("C_W", range: 0...weightEdges.last!),
      summary: "Perpendicular susceptibility at the kernel's fixed point over C_b and C_W, with the order-chaos line.")
    plot.layers = [
      .heatMap(
        HeatMapLayer(
          "log_{10} χ_⊥(K^{★})", xEdges: biasEdges, yEdges: weightEdges, values: susceptibility.map { log10($0) },
          range: -1...1, colors: .diverging(center: 0)))
    ]
    plot.layers.append(
      .line("χ_⊥ = 1", x: shown.map(\.biasVariance), y: shown.map(\.weightVariance), dash: .dashed))
    for point in critical {
      plot.layers.append(
        .mark(
          InlineText(markup: point.isUsable ? "critical" : "critical, \(point.stability.rawValue)"),
          x: point.biasVariance, y: point.weightVariance))
    }
    if let own, !critical.contains(where: { $0.biasVariance == own.bias && $0.weightVariance == own.weight }) {
      plot.layers.append(.mark(InlineText(verbatim: own.name), x: own.bias, y: own.weight))
    }
    return plot
  }
}
