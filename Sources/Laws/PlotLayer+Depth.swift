import OrreryAnalysis
import OrreryReports

extension PlotLayer {
  /// Means over networks of layers ℓ = 2 … L with standard errors, thinned where a logarithmic axis would crowd them.
  static func depth(
    _ label: InlineText, _ layers: [[Double]], offset: Double = 0, color: PlotColor, isThinned: Bool = true
  ) -> PlotLayer {
    let shown = isThinned ? thinned(layers.count) : Array(layers.indices)
    let means = shown.map { Statistics.mean(layers[$0]) }
    return .points(
      label, x: shown.map { Double($0 + 2) + offset }, y: means.map(\.value), yError: means.map(\.error), color: color)
  }

  /// The places, the last among them, that stand apart on a logarithmic axis.
  static func thinned(_ count: Int) -> [Int] {
    var shown: [Int] = []
    for place in 0..<count
    where place < 6 || Double(place) >= 1.12 * Double(shown.last ?? 1) || place == count - 1 { shown.append(place) }
    return shown
  }
}
