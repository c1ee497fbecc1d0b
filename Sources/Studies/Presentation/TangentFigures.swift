import OrreryAnalysis
import OrreryFindings
import OrreryReports

/// The NTK's statistics against width: order 1/n beside real networks.
struct TangentFigures {
  let points: [(width: Double, point: Finding.TangentPoint)]

  init(_ finding: Finding) {
    points = finding.widths.points.compactMap { point in point.tangentKernel.map { (Double(point.width), $0) } }
  }

  private var x: [Double] { points.map(\.width) }

  var all: [Figure] { points.count < 2 ? [] : [variance, shift].compactMap { $0 } }

  private var variance: Figure {
    var plot = Plot(
      title: "NTK variance against width", x: .log("width n", ticks: x), y: .log("Var Ĥ^(L) / Θ²"), size: .column)
    plot.layers = [
      .band(
        "left out at order 1/n", x: x,
        lower: points.map {
          max($0.point.relativeVariance - $0.point.varianceTruncation, $0.point.relativeVariance * 0.05)
        }, upper: points.map { $0.point.relativeVariance + $0.point.varianceTruncation }),
      .line("theory, (A + 2B)/(nΘ²)", x: x, y: points.map(\.point.relativeVariance)),
      .points(
        "real networks", x: x, y: points.map(\.point.measuredVariance.value),
        yError: points.map { min($0.point.measuredVariance.error, 0.95 * abs($0.point.measuredVariance.value)) }),
    ]
    return Figure(
      "tangent-variance-width", plot,
      caption:
        "How much the NTK of one output differs from network to network, on one input; all hidden layers have width n. \(networks)"
    )
  }

  /// Nil where the mean NTK has no 1/n correction, or networks cannot see it.
  private var shift: Figure? {
    guard points.contains(where: { abs($0.point.shift) > max(1e-12, 2 * $0.point.measuredShift.error) }) else {
      return nil
    }
    let sign = points[0].point.shift < 0 ? -1.0 : 1.0
    // A logarithmic axis cannot show what came out on the other side of 0.
    let shown = points.filter { sign * $0.point.measuredShift.value > 0 }
    var plot = Plot(
      title: "Mean NTK against width", x: .log("width n", ticks: x),
      y: .log(sign < 0 ? "1 − E Ĥ^(L) / Θ" : "E Ĥ^(L) / Θ − 1"), size: .column)
    plot.layers = [
      .band(
        "left out at order 1/n", x: x,
        lower: points.map { max(abs($0.point.shift) - $0.point.shiftTruncation, abs($0.point.shift) * 0.05) },
        upper: points.map { abs($0.point.shift) + $0.point.shiftTruncation }),
      .line(sign < 0 ? "theory, −H1/(nΘ)" : "theory, H1/(nΘ)", x: x, y: points.map { sign * $0.point.shift }),
      .points(
        "real networks", x: shown.map(\.width), y: shown.map { sign * $0.point.measuredShift.value },
        yError: shown.map { min($0.point.measuredShift.error, 0.95 * abs($0.point.measuredShift.value)) }),
    ]
    return Figure(
      "tangent-shift-width", plot,
      caption: "How far the mean NTK of finite networks is from infinite width, on the same input. \(networks)")
  }

  private var networks: String {
    let counts = points.map(\.point.networks)
    guard let least = counts.min(), let most = counts.max() else { return "" }
    return least == most ? "\(least) networks at each width." : "\(least) to \(most) networks at each width."
  }
}
