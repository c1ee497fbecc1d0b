import OrreryReports

extension TrainingFinding {
  /// The first and the last value of every observable, under the steps where they were taken; nil where there are no numbers.
  ///
  /// What was first or last taken at another step than most says so.
  var endTable: Table? {
    guard let first = series.compactMap(\.steps.first).min(), let last = series.compactMap(\.steps.last).max() else {
      return nil
    }
    let (many, hasEnd) = (request.networks > 1, last > first)
    var columns: [Table.Column] = [
      .init("observable"), Self.column(checkpoint == nil ? "at step \(first)" : "at the checkpoint"),
    ]
    if hasEnd { columns.append(Self.column("at step \(last)")) }
    if many {
      columns += [
        .init(InlineText(verbatim: "quartiles at step \(last)"), .right),
        .init(InlineText(verbatim: "mean at step \(last)"), .right),
      ]
    }
    var table = Table(columns: columns)
    for series in series {
      guard let place = series.steps.indices.last else { continue }
      let isAtEnd = series.steps[place] == last
      // One value stands where it was taken.
      var cells: [Table.Cell] = [.text(InlineText(verbatim: series.title))]
      cells.append(
        hasEnd && place == 0 && isAtEnd ? .none : Self.cell(series.median[0], at: series.steps[0], under: first))
      if hasEnd {
        cells.append(
          place == 0 && !isAtEnd ? .none : Self.cell(series.median[place], at: series.steps[place], under: last))
      }
      if many {
        let (lower, upper) = (series.lower[place], series.upper[place])
        let range = "\(NumberText.text(lower, digits: 3)) – \(NumberText.text(upper, digits: 3))"
        cells.append(isAtEnd ? .text(InlineText(verbatim: range)) : .none)
        cells.append(
          isAtEnd
            ? .text(
              InlineText(
                markup: NumberText.text(series.mean[place], error: series.standardError[place], style: .typographic)))
            : .none)
      }
      table.rows.append(Table.Row(cells))
    }
    return table
  }

  private static func column(_ title: String) -> Table.Column { Table.Column(InlineText(verbatim: title), .decimal) }

  /// A number under the heading of a step, with its own step where that is another.
  private static func cell(_ value: Double, at step: Int, under heading: Int) -> Table.Cell {
    step == heading
      ? .number(value, digits: 4)
      : .text(InlineText(verbatim: "\(NumberText.text(value, digits: 4)) (step \(step))"))
  }
}
