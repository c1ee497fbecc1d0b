import OrreryFindings
import OrreryReports

extension DynamicsFinding {
  /// "χ² = 18 for 20 degrees of freedom, p = 0.6".
  var statisticText: String {
    guard joint.chiSquared.isFinite else {
      return "too few networks for \(forecast.jointCount) numbers together"
    }
    return "χ² = \(NumberText.text(joint.chiSquared, digits: 3)) for \(joint.degreesOfFreedom) degrees of freedom, "
      + "p = \(NumberText.text(joint.pValue, digits: 2))"
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
    if resolvedDeviations > 0 {
      text +=
        " \(resolvedDeviations) of \(total) numbers differ from infinite width by four standard errors or more"
        + (joint.verdict == .refuted ? "." : ": finite width, resolved, and of the size expected of it.")
    }
    text +=
      " Order 1/n has the relative size V/(nK²) = \(NumberText.text(forecast.relativeVariance, digits: 2)). The learning rate "
      + "\(NumberText.text(forecast.learningRate, digits: 4)) is \(NumberText.text(forecast.learningRate / forecast.largestStableRate, digits: 2)) "
      + "of the largest stable one."
    if diverged > 0 { text += " \(diverged) networks diverged, and are left out." }
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
