/// Values over a grid of cells, as colours with a colour bar. Cells without a drawable value stay empty.
public struct HeatMapLayer: Hashable, Codable, Sendable {
  /// The colour bar's title.
  public var label: InlineText
  public var unit: String?
  /// The cells' edges, ascending.
  public var xEdges: [Double]
  public var yEdges: [Double]
  /// Shape (y cells, x cells), row-major, the lowest y first.
  public var values: [Double]
  public var scale: PlotAxis.Scale
  /// The values of the first and last colour; nil takes them from the data.
  public var range: ClosedRange<Double>?
  public var colors: ColorMap

  /// - Precondition: (xEdges.count − 1) × (yEdges.count − 1) values.
  public init(
    _ label: InlineText, unit: String? = nil, xEdges: [Double], yEdges: [Double], values: [Double],
    scale: PlotAxis.Scale = .linear, range: ClosedRange<Double>? = nil, colors: ColorMap = .sequential
  ) {
    precondition(
      values.count == Swift.max(0, xEdges.count - 1) * Swift.max(0, yEdges.count - 1),
      "The heat map \"\(label.plain)\" has \(values.count) values for \(xEdges.count) × \(yEdges.count) edges.")
    self.label = label
    self.unit = unit
    self.xEdges = xEdges
    self.yEdges = yEdges
    self.values = values
    self.scale = scale
    self.range = range
    self.colors = colors
  }

  /// The colour bar's axis.
  var axis: PlotAxis { PlotAxis(label, unit: unit, scale: scale, range: range) }
}

/// Colours for an interval of values.
public enum ColorMap: Hashable, Codable, Sendable {
  /// Dark to light through hues that any colour vision orders (viridis, by Smith and van der Walt, public domain).
  case sequential
  /// Blue below, orange above, pale at `center`; the interval is made symmetric about it.
  case diverging(center: Double)

  /// Red, green and blue, 0 … 255, at a fraction of the interval.
  package func color(_ fraction: Double) -> (UInt8, UInt8, UInt8) {
    let stops: [UInt32]
    switch self {
    case .sequential:
      stops = [
        0x440154, 0x482878, 0x3E4989, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779, 0x6DCD59, 0xB4DE2C, 0xFDE725,
      ]
    case .diverging:
      stops = [0x0B4F7D, 0x2F86BD, 0x8CBFDF, 0xF1EEE8, 0xF2B98C, 0xDB7330, 0x963C05]
    }
    let position = Swift.min(Swift.max(fraction, 0), 1) * Double(stops.count - 1)
    let index = Swift.min(Int(position), stops.count - 2)
    let part = position - Double(index)
    func channel(_ shift: UInt32) -> UInt8 {
      let low = Double(stops[index] >> shift & 255)
      let high = Double(stops[index + 1] >> shift & 255)
      return UInt8((low + (high - low) * part).rounded())
    }
    return (channel(16), channel(8), channel(0))
  }
}
