extension Plot {
  /// The plot's data as comma-separated values (RFC 4180): one row a datum, with the series it belongs to.
  ///
  /// Columns are `series`, x, y and, where some layer has them, errors, bounds, a bin's edges and a cell's value; titles
  /// carry the units. Numbers have full precision; values that could not be drawn are there too.
  public var csv: String {
    var rows: [[Field: Double]] = []
    var names: [String] = []
    for layer in layers {
      let added = Self.data(layer)
      rows += added
      names += Array(repeating: layer.label.plain, count: added.count)
    }
    let fields = Field.allCases.filter { field in
      field == .x || field == .y || rows.contains { $0[field] != nil }
    }
    var lines = [["series"] + fields.map(header)]
    for (name, row) in zip(names, rows) {
      lines.append([name] + fields.map { field in row[field].map { $0.isNaN ? "" : NumberText.machine($0) } ?? "" })
    }
    return CommaSeparated.text(lines)
  }

  private enum Field: CaseIterable {
    case x, xError, xLower, xUpper, y, yError, yLower, yUpper, value
  }

  private func header(_ field: Field) -> String {
    let x = Self.title(of: self.x, default: "x")
    let y = Self.title(of: self.y, default: "y")
    func with(_ title: (name: String, unit: String), _ suffix: String) -> String { title.name + suffix + title.unit }
    switch field {
    case .x: return with(x, "")
    case .xError: return with(x, " error")
    case .xLower: return with(x, " lower edge")
    case .xUpper: return with(x, " upper edge")
    case .y: return with(y, "")
    case .yError: return with(y, " error")
    case .yLower: return with(y, " lower")
    case .yUpper: return with(y, " upper")
    case .value:
      for case .heatMap(let map) in layers { return with(Self.title(of: map.axis, default: "value"), "") }
      return "value"
    }
  }

  private static func title(of axis: PlotAxis, default name: String) -> (name: String, unit: String) {
    (axis.title.isEmpty ? name : axis.title.plain, axis.unit.map { " [\($0)]" } ?? "")
  }

  private static func data(_ layer: PlotLayer) -> [[Field: Double]] {
    switch layer {
    case .line(let line): return zip(line.x, line.y).map { [.x: $0, .y: $1] }
    case .points(let points):
      return points.x.indices.map { index in
        var row: [Field: Double] = [.x: points.x[index], .y: points.y[index]]
        row[.xError] = points.xError?[index]
        row[.yError] = points.yError?[index]
        return row
      }
    case .band(let band):
      return band.x.indices.map { [.x: band.x[$0], .yLower: band.lower[$0], .yUpper: band.upper[$0]] }
    case .histogram(let histogram):
      return histogram.heights.indices.map {
        [.xLower: histogram.edges[$0], .xUpper: histogram.edges[$0 + 1], .y: histogram.heights[$0]]
      }
    case .heatMap(let map):
      let columns = Swift.max(0, map.xEdges.count - 1)
      return map.values.indices.map { index in
        let (row, column) = (index / columns, index % columns)
        return [
          .xLower: map.xEdges[column], .xUpper: map.xEdges[column + 1], .yLower: map.yEdges[row],
          .yUpper: map.yEdges[row + 1], .value: map.values[index],
        ]
      }
    case .reference(let line): return [[line.direction == .horizontal ? .y : .x: line.position]]
    case .mark(let mark): return [[.x: mark.x, .y: mark.y]]
    }
  }
}
