import Foundation
import OrreryFindings
import OrreryReports
import OrreryTheory

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
    let (law, next) = forecast.lawNames
    let opening =
      switch joint.verdict {
      case .agrees, .inTension:
        "Losses and outputs during training go as \(law) says, within what \(next) leaves open"
      case .refuted:
        "Losses and outputs during training do not go as \(law) says, by more than \(next) leaves open"
      case .cannotTell: "Whether training goes as \(law) says cannot be told"
      }
    var text = "\(opening): \(statisticText)."
    if let undecided { text += " \(undecided)" }
    if joint.verdict == .agrees, joint.pValue > 0.99 {
      text += " Deviations are smaller than what \(next) is estimated to leave open."
    }
    if resolvedDeviations > 0 {
      text +=
        " \(resolvedDeviations) of \(total) numbers differ from \(law) by four standard errors or more, and by no more than "
        + "\(next) leaves open: \(forecast.order > 0 ? "the next order" : "finite width"), resolved."
    }
    if unexpectedDeviations > 0 {
      text +=
        " \(unexpectedDeviations) of \(total) differ by four standard errors or more, and by more than twice what measurement and "
        + "\(next) leave open."
    }
    text += " Order 1/n has the relative size V/(nK²) = \(NumberText.text(forecast.relativeVariance, digits: 2))."
    if let ratio = improvement {
      text +=
        " The root mean square difference to the networks, in standard errors, is \(NumberText.text(ratio.infiniteWidth, digits: 3)) from "
        + "infinite width and \(NumberText.text(ratio.corrected, digits: 3)) from order 1/n."
    }
    if let exclusion = forecast.finiteWidthExclusion { text += " Order 1/n is estimated, not computed. \(exclusion)" }
    if let largest = forecast.largestStableRate {
      text +=
        " The learning rate \(NumberText.text(forecast.learningRate, digits: 4)) is "
        + "\(NumberText.text(forecast.learningRate / largest, digits: 2)) of the largest stable one at infinite width."
    }
    if let threshold = drawnThreshold, let own = threshold.largestStableRate {
      text +=
        " It is \(NumberText.text(forecast.learningRate / own, digits: 2)) of that of network 0 as it was drawn, by the largest "
        + "eigenvalue \(NumberText.text(threshold.sharpness, digits: 4)) of its Hessian: a number of that one network, "
        + "which no verdict rests on."
    }
    return text
  }

  /// Root mean square differences to the measurement, in its standard errors; nil where order 1/n is not computed.
  package var improvement: (infiniteWidth: Double, corrected: Double)? {
    guard forecast.order > 0, confrontations.count == forecast.infiniteWidthValues.count else { return nil }
    var (leading, corrected, count) = (0.0, 0.0, 0.0)
    for (one, infinite) in zip(confrontations, forecast.infiniteWidthValues) where one.measurement.standardError > 0 {
      let (measured, error) = (one.measurement.value, one.measurement.standardError)
      leading += pow((measured - infinite) / error, 2)
      corrected += pow((measured - one.prediction.value) / error, 2)
      count += 1
    }
    return count > 0 ? ((leading / count).squareRoot(), (corrected / count).squareRoot()) : nil
  }

  /// Infinite width, order 1/n and networks side by side; nil where order 1/n is not computed.
  private var orderTable: Table? {
    guard forecast.order > 0, confrontations.count == forecast.infiniteWidthValues.count else { return nil }
    var table = Table(
      columns: [
        .init("quantity"), .init("infinite width", .decimal), .init("order 1/n", .decimal), .init("left out", .decimal),
        .init("networks", .decimal),
      ], caption: "Infinite width, order 1/n and \(networks) networks side by side.")
    table.rows = zip(confrontations, forecast.infiniteWidthValues).map { one, infinite in
      Table.Row([
        .text(Table.name(of: one.prediction.quantity, showsWidth: false)), .number(infinite, digits: 4),
        .number(one.prediction.value, digits: 4), .number(one.prediction.truncationError, digits: 2),
        .measured(one.measurement.value, error: one.measurement.standardError),
      ])
    }
    return table
  }

  /// What a report says of training.
  var blocks: [Block] {
    let status: Status =
      switch joint.verdict {
      case .agrees: .good
      case .refuted: .bad
      case .inTension, .cannotTell: .caution
      }
    var blocks: [Block] = [
      .callout(StatusChip(status, joint.verdict.rawValue), InlineText(verbatim: verdictText)),
      .figures(DynamicsFigures(finding: self).all),
    ]
    if let orderTable { blocks.append(.table(orderTable)) }
    let caption = "The first \(forecast.jointCount) decide together; they are correlated, so that single pulls do not."
    blocks.append(
      .details(
        "Every number of training", [.table(.confrontations(confrontations, caption: InlineText(verbatim: caption)))]))
    return blocks
  }
}

extension DynamicsForecast {
  /// What is confronted, and what comes after it.
  var lawNames: (law: String, next: String) {
    order > 0 ? ("order 1/n", "the next order") : ("infinite width", "order 1/n")
  }
}
