import OrreryReports

extension TrainingFinding {
  /// As many values of a list as a table shows.
  private static var mostValues: Int { 20 }

  /// Lists whose values have bounds, such as eigenvalues with their residuals: a value a row, at the first and the last step.
  var listTables: [Table] { arrays.filter { !$0.bounds.isEmpty && $0.shape.count == 1 }.compactMap { table($0) } }

  private func table(_ list: ArraySeries) -> Table? {
    guard let first = list.steps.first, let last = list.steps.last else { return nil }
    var table = Table(columns: [.init(InlineText(verbatim: list.title), .left)])
    let places = last > first ? [0, list.steps.count - 1] : [0]
    // Where networks have diverged, a step may be left with one, and no error.
    let many = list.standardErrors.count == list.steps.count
    for place in places {
      let step = checkpoint == nil ? "at step \(list.steps[place])" : "at the checkpoint"
      table.columns += [
        .init(InlineText(verbatim: many ? "mean \(step)" : step), .decimal), .init("± at most", .decimal),
      ]
    }
    for index in 0..<min(list.shape[0], Self.mostValues) {
      var cells: [Table.Cell] = [.text(InlineText(verbatim: String(index + 1)))]
      for place in places {
        let value = list.values[place][index]
        cells.append(
          many ? .measured(value, error: list.standardErrors[place][index]) : .number(value, digits: 4))
        cells.append(.number(list.bounds[place][index], digits: 2))
      }
      table.rows.append(Table.Row(cells))
    }
    if list.shape[0] > Self.mostValues {
      table.notes.append("The first \(Self.mostValues) of \(list.shape[0]); the archive has all.")
    }
    return table
  }
}
