extension PlotRenderer {
  /// Names of reference lines, marked points, annotations and directly labelled curves, each where it covers least.
  mutating func drawLabels() {
    if layout.extent.isEmpty { return }
    for (index, layer) in plot.layers.enumerated() where !layer.label.isEmpty {
      let candidates: [Box]
      switch layer {
      case .reference(let line): candidates = places(for: line)
      case .mark(let mark): candidates = places(for: mark)
      case .line(let line) where line.labelledDirectly: candidates = places(for: line)
      default: candidates = []
      }
      if candidates.isEmpty { continue }
      let box = placer.place(candidates)
      var color = layout.legend.colors[index].cssClass
      if case .line = layer { color += " own" }
      out.open("g", [("class", color)])
      // From the middle, so that a face wider than estimated overhangs on both sides alike.
      out.label(layer.label, box.x + box.width / 2, box.y + box.height - 4.5, .label, anchor: "middle")
      out.close("g")
    }
  }

  private func size(of label: InlineText) -> (width: Double, height: Double) {
    (label.width(fontSize: TextStyle.label.size), 16)
  }

  private func places(for line: ReferenceLayer) -> [Box] {
    let frame = layout.frame
    let (width, height) = size(of: line.label)
    switch line.direction {
    case .horizontal:
      guard plot.y.shows(line.position) else { return [] }
      let y = layout.y.pixel(line.position)
      guard y >= frame.y - 0.5, y <= frame.bottom + 0.5 else { return [] }
      let columns = [frame.right - width - 4, frame.x + 6, frame.x + (frame.width - width) / 2]
      return columns.flatMap { x in
        [y - height - 1, y + 2].map { Box(x: x, y: $0, width: width, height: height) }
      }
    case .vertical:
      guard plot.x.shows(line.position) else { return [] }
      let x = layout.x.pixel(line.position)
      guard x >= frame.x - 0.5, x <= frame.right + 0.5 else { return [] }
      let rows = [0.0, 1, 2, 3, 4].map { frame.y + 3 + $0 * 20 } + [frame.bottom - height - 4]
      return rows.flatMap { y in
        [x + 5, x - 5 - width].map { Box(x: $0, y: y, width: width, height: height) }
      }
    }
  }

  private func places(for mark: MarkLayer) -> [Box] {
    guard plot.x.shows(mark.x), plot.y.shows(mark.y) else { return [] }
    let (x, y) = (layout.x.pixel(mark.x), layout.y.pixel(mark.y))
    let (width, height) = size(of: mark.label)
    if !mark.hasSymbol {
      let steps = [0.0, -1, 1, -2, 2]
      return steps.flatMap { dy in
        steps.map { dx in
          Box(
            x: x - width / 2 + dx * width / 3, y: y - height / 2 + dy * height, width: width, height: height)
        }
      }
    }
    var boxes: [Box] = []
    for distance in [11.0, 20, 32] {
      let (near, up) = (distance * 0.7, distance * 0.5)
      let corners: [(Double, Double)] = [
        (x + distance, y - height / 2), (x - distance - width, y - height / 2),
        (x - width / 2, y - distance - height), (x - width / 2, y + distance),
        (x + near, y - up - height), (x - near - width, y - up - height),
        (x + near, y + up), (x - near - width, y + up),
      ]
      boxes += corners.map { Box(x: $0.0, y: $0.1, width: width, height: height) }
    }
    return boxes
  }

  /// Along the last part of the curve inside the frame, above it or below.
  private func places(for line: LineLayer) -> [Box] {
    let inside = zip(line.x, line.y).filter { plot.x.shows($0.0) && plot.y.shows($0.1) }
      .map { (x: layout.x.pixel($0.0), y: layout.y.pixel($0.1)) }.filter(layout.frame.contains)
    guard !inside.isEmpty else { return [] }
    let (width, height) = size(of: line.label)
    return [1.0, 0.9, 0.8, 0.65, 0.5, 0.35, 0.2, 0].flatMap { part in
      let point = inside[Int((Double(inside.count - 1) * part).rounded())]
      return [
        Box(x: point.x - width - 4, y: point.y - height - 4, width: width, height: height),
        Box(x: point.x - width - 4, y: point.y + 5, width: width, height: height),
        Box(x: point.x + 6, y: point.y - height - 2, width: width, height: height),
        Box(x: point.x + 6, y: point.y + 4, width: width, height: height),
      ]
    }
  }
}
