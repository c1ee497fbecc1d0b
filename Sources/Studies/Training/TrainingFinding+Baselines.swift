import OrreryExperiment
import OrreryReports

extension TrainingFinding {
  /// The network's held-out loss between those of counts, best first.
  var baselineTable: Table {
    var table = Table(columns: [.init("model"), .init("nats a character, held out", .decimal), .init("bits", .decimal)])
    var rows = baselines.map { (name: "\($0.order)-gram", value: $0.crossEntropy) }
    if let loss = series(.testLoss), let last = loss.median.last {
      let step = loss.steps.last == steps ? "" : " at step \(loss.steps.last ?? 0)"
      rows.append(((request.networks == 1 ? "this network" : "the median of these networks") + step, last))
    }
    for row in rows.sorted(by: { $0.value < $1.value }) {
      table.rows.append(
        Table.Row([
          .text(InlineText(verbatim: row.name)), .number(row.value, digits: 4),
          .number(row.value / 0.693_147_180_559_945_3, digits: 4),
        ]))
    }
    return table
  }

  var baselineText: InlineText {
    """
    The mean of −log P of every character that the test samples ask for. Counts are of the training samples, all orders \
    interpolated by the rule of Witten and Bell (IEEE Trans. Inf. Theory 37, 1085, 1991, method C). They look back n − 1 \
    characters everywhere; the network sees its sample's beginning as the beginning of the text.
    """
  }
}
