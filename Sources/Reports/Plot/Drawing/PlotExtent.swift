/// The values that a plot's data reach, and how many cannot be drawn.
struct PlotExtent {
  private(set) var x: ClosedRange<Double>?
  private(set) var y: ClosedRange<Double>?
  /// Values that are NaN, infinite, or not positive on a logarithmic axis.
  private(set) var dropped = 0
  private let xAxis: PlotAxis
  private let yAxis: PlotAxis

  init(_ plot: Plot) {
    xAxis = plot.x
    yAxis = plot.y
    for layer in plot.layers { include(layer) }
  }

  var isEmpty: Bool { x == nil || y == nil }

  private mutating func includeX(_ value: Double) {
    if xAxis.shows(value) { x = Self.union(x, value) }
  }

  private mutating func includeY(_ value: Double) {
    if yAxis.shows(value) { y = Self.union(y, value) }
  }

  private static func union(_ range: ClosedRange<Double>?, _ value: Double) -> ClosedRange<Double> {
    guard let range else { return value...value }
    return Swift.min(range.lowerBound, value)...Swift.max(range.upperBound, value)
  }

  private mutating func include(_ layer: PlotLayer) {
    switch layer {
    case .line(let line): includePoints(line.x, line.y)
    case .points(let points):
      includePoints(points.x, points.y)
      for index in points.x.indices where xAxis.shows(points.x[index]) && yAxis.shows(points.y[index]) {
        let dx = points.xError?[index] ?? 0
        let dy = points.yError?[index] ?? 0
        for sign in [-1.0, 1] {
          includeX(points.x[index] + sign * dx)
          // A bar that reaches below zero on a logarithmic axis is cut at the frame, not followed.
          includeY(points.y[index] + sign * dy)
        }
      }
    case .band(let band):
      for index in band.x.indices {
        if xAxis.shows(band.x[index]) && band.lower[index].isFinite && yAxis.shows(band.upper[index]) {
          includeX(band.x[index])
          includeY(band.lower[index])
          includeY(band.upper[index])
        } else {
          dropped += 1
        }
      }
    case .histogram(let histogram):
      if yAxis.scale == .linear, !histogram.heights.isEmpty { includeY(0) }
      for (index, height) in histogram.heights.enumerated() {
        if xAxis.shows(histogram.edges[index]), xAxis.shows(histogram.edges[index + 1]), height.isFinite {
          includeX(histogram.edges[index])
          includeX(histogram.edges[index + 1])
          includeY(height)
        } else {
          dropped += 1
        }
      }
    case .heatMap(let map):
      guard map.values.contains(where: map.axis.shows) else { break }
      for edge in map.xEdges { includeX(edge) }
      for edge in map.yEdges { includeY(edge) }
    case .reference(let line):
      line.direction == .horizontal ? includeY(line.position) : includeX(line.position)
    case .mark(let mark):
      if xAxis.shows(mark.x), yAxis.shows(mark.y) {
        includeX(mark.x)
        includeY(mark.y)
      } else if mark.hasSymbol {
        dropped += 1
      }
    }
  }

  private mutating func includePoints(_ xs: [Double], _ ys: [Double]) {
    for (x, y) in zip(xs, ys) {
      if xAxis.shows(x), yAxis.shows(y) {
        includeX(x)
        includeY(y)
      } else {
        dropped += 1
      }
    }
  }
}
