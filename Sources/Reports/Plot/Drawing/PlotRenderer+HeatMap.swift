extension PlotRenderer {
  /// One pixel a cell where the cells are equally wide on their axes, and a fine raster otherwise.
  mutating func draw(_ map: HeatMapLayer) {
    guard map.xEdges.count > 1, map.yEdges.count > 1, let bar = layout.bar else { return }
    let isRegular = Self.isRegular(map.xEdges, layout.x) && Self.isRegular(map.yEdges, layout.y)
    let columns = isRegular ? map.xEdges.count - 1 : 240
    let rows = isRegular ? map.yEdges.count - 1 : 160
    let xSpan = (layout.x.fraction(map.xEdges[0]), layout.x.fraction(map.xEdges[map.xEdges.count - 1]))
    let ySpan = (layout.y.fraction(map.yEdges[0]), layout.y.fraction(map.yEdges[map.yEdges.count - 1]))
    guard [xSpan.0, xSpan.1, ySpan.0, ySpan.1].allSatisfy(\.isFinite) else { return }
    var pixels: [PortableNetworkGraphic.Pixel] = []
    pixels.reserveCapacity(rows * columns)
    for row in (0..<rows).reversed() {
      let part = (Double(row) + 0.5) / Double(rows)
      let y = layout.y.value(at: ySpan.0 + (ySpan.1 - ySpan.0) * part)
      let yCell = isRegular ? row : Self.cell(y, in: map.yEdges)
      for column in 0..<columns {
        let part = (Double(column) + 0.5) / Double(columns)
        let x = layout.x.value(at: xSpan.0 + (xSpan.1 - xSpan.0) * part)
        let xCell = isRegular ? column : Self.cell(x, in: map.xEdges)
        let value = map.values[yCell * (map.xEdges.count - 1) + xCell]
        pixels.append(map.axis.shows(value) ? Self.pixel(map.colors, fraction: bar.fraction(value)) : .clear)
      }
    }
    let (left, right) = (layout.x.pixel(map.xEdges[0]), layout.x.pixel(map.xEdges[map.xEdges.count - 1]))
    let (bottom, top) = (layout.y.pixel(map.yEdges[0]), layout.y.pixel(map.yEdges[map.yEdges.count - 1]))
    drawImage(pixels, width: columns, in: Box(x: left, y: top, width: right - left, height: bottom - top))
  }

  mutating func drawImage(_ pixels: [PortableNetworkGraphic.Pixel], width: Int, in box: Box) {
    let data = PortableNetworkGraphic.base64(PortableNetworkGraphic.encode(pixels, width: width))
    out.empty(
      "image",
      [
        ("class", "hm"), ("x", Markup.number(box.x)), ("y", Markup.number(box.y)),
        ("width", Markup.number(box.width)), ("height", Markup.number(box.height)), ("preserveAspectRatio", "none"),
        ("href", "data:image/png;base64," + data),
      ])
  }

  static func pixel(_ colors: ColorMap, fraction: Double) -> PortableNetworkGraphic.Pixel {
    let color = colors.color(fraction)
    return .init(red: color.0, green: color.1, blue: color.2, alpha: 255)
  }

  private static func isRegular(_ edges: [Double], _ scale: PlotScale) -> Bool {
    let places = edges.map { scale.fraction($0) }
    let step = (places[places.count - 1] - places[0]) / Double(places.count - 1)
    return places.indices.allSatisfy { Swift.abs(places[$0] - places[0] - Double($0) * step) <= 1e-6 * Swift.abs(step) }
  }

  /// The cell whose edges enclose the value; the nearest one outside.
  private static func cell(_ value: Double, in edges: [Double]) -> Int {
    var (low, high) = (0, edges.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle } else { high = middle }
    }
    return low
  }
}
