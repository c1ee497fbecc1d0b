/// The legend's entries, laid out in rows above the drawing area, where they cover no data.
struct PlotLegend {
  struct Entry {
    var label: InlineText
    var color: PlotColor
    /// The layers that share the label, all drawn in the swatch.
    var layers: [PlotLayer]
    var x = 0.0
    var row = 0
  }

  private(set) var entries: [Entry] = []
  private(set) var rows = 0
  static let rowHeight = 18.0
  static let swatch = 24.0

  /// The colour of each layer, in their order: what the layer asks for, or the next of the palette for each new label.
  let colors: [PlotColor]

  init(_ plot: Plot, width: Double) {
    var named: [InlineText: PlotColor] = [:]
    var next = 0
    var colors: [PlotColor] = []
    for layer in plot.layers {
      var color = Self.wish(layer)
      if color == nil, Self.takesColor(layer) {
        if let known = named[layer.label], !layer.label.isEmpty {
          color = known
        } else {
          color = .series(next)
          next += 1
        }
      }
      let chosen = color ?? .ink
      if named[layer.label] == nil { named[layer.label] = chosen }
      colors.append(chosen)
      guard Self.isListed(layer) else { continue }
      if let index = entries.firstIndex(where: { $0.label == layer.label && $0.color == chosen }) {
        entries[index].layers.append(layer)
      } else {
        entries.append(Entry(label: layer.label, color: chosen, layers: [layer]))
      }
    }
    self.colors = colors
    layOut(width)
  }

  private mutating func layOut(_ width: Double) {
    var x = 0.0
    for index in entries.indices {
      let needed = Self.swatch + 6 + entries[index].label.width(fontSize: TextStyle.key.size)
      if x > 0, x + needed > width {
        x = 0
        rows += 1
      }
      entries[index].x = x
      entries[index].row = rows
      x += needed + 16
    }
    if !entries.isEmpty { rows += 1 }
  }

  private static func wish(_ layer: PlotLayer) -> PlotColor? {
    switch layer {
    case .line(let layer): layer.color
    case .points(let layer): layer.color
    case .band(let layer): layer.color
    case .histogram(let layer): layer.color
    case .heatMap, .reference, .mark: nil
    }
  }

  private static func takesColor(_ layer: PlotLayer) -> Bool {
    switch layer {
    case .line, .points, .band, .histogram: true
    case .heatMap, .reference, .mark: false
    }
  }

  private static func isListed(_ layer: PlotLayer) -> Bool {
    switch layer {
    case .line(let line): !line.label.isEmpty && !line.labelledDirectly
    default: !layer.label.isEmpty && takesColor(layer)
    }
  }
}
