import OrreryFindings
import OrreryReports

extension DynamicsFinding {
  /// "χ² = 18 for 20 degrees of freedom, p = 0.6".
  var statisticText: String {
    guard joint.statistic.isFinite else { return "no statistic" }
    return "Hotelling's T² = \(NumberText.text(joint.statistic, digits: 3)) for \(joint.degreesOfFreedom) numbers of "
      + "\(joint.networks) networks, p = \(NumberText.text(joint.pValue, digits: 2))"
  }

  /// The verdict in a sentence, and what finite width was seen.
  var verdictText: String {
    let total = confrontations.count
    let opening =
      switch joint.verdict {
      case .agrees, .inTension:
        "Losses and outputs during training go as infinite width says, within what order 1/n leaves open"
      case .refuted:
        "Losses and outputs during training do not go as infinite width says, by more than order 1/n leaves open"
      case .cannotTell: "Whether training goes as infinite width says cannot be told"
      }
    var text = "\(opening): \(statisticText)."
    if let undecided { text += " \(undecided)" }
    if joint.verdict == .agrees, joint.pValue > 0.99 {
      text += " Deviations are smaller than what order 1/n is estimated to leave open."
    }
    if resolvedDeviations > 0 {
      text +=
        " \(resolvedDeviations) of \(total) numbers differ from infinite width by four standard errors or more, and by no more than "
        + "order 1/n leaves open: finite width, resolved."
    }
    if unexpectedDeviations > 0 {
      text +=
        " \(unexpectedDeviations) of \(total) differ by four standard errors or more, and by more than twice what measurement and "
        + "order 1/n leave open."
    }
    text += " Order 1/n has the relative size V/(nK²) = \(NumberText.text(forecast.relativeVariance, digits: 2))."
    if let largest = forecast.largestStableRate {
      text +=
        " The learning rate \(NumberText.text(forecast.learningRate, digits: 4)) is "
        + "\(NumberText.text(forecast.learningRate / largest, digits: 2)) of the largest stable one."
    }
    return text
  }

  /// What a report says of training.
  var blocks: [Block] {
    let status: Status =
      switch joint.verdict {
      case .agrees: .good
      case .refuted: .bad
      case .inTension, .cannotTell: .caution
      }
    return [
      .callout(StatusChip(status, joint.verdict.rawValue), InlineText(verbatim: verdictText)),
      .figures(DynamicsFigures(finding: self).all),
      .details(
        "Every number of training",
        [
          .table(
            .confrontations(
              confrontations,
              caption: InlineText(
                verbatim:
                  "The first \(forecast.jointCount) decide together; they are correlated, so that single pulls do not.")
            )
          )
        ]),
    ]
  }
}
