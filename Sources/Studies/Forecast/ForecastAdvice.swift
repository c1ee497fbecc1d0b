import Foundation
import OrreryNetworks
import OrreryReports
import OrreryTheory

/// What to conclude from a forecast's numbers, and what to change: in sentences, the decisive one first.
struct ForecastAdvice {
  let own: ForecastBuilder.Column
  let columns: [ForecastBuilder.Column]
  let expansion: Forecast.ExpansionParameter
  let architecture: MultilayerPerceptron
  let optimizer: Optimizer?

  private var trained: [(name: String, trainability: Trainability)] {
    columns.compactMap { column in column.trainability.map { (column.forecast.name, $0) } }
  }

  var verdict: [Forecast.Statement] {
    var statements: [Forecast.Statement] = []
    let good = trained.filter { $0.trainability.verdict.trains }.map(\.name)
    let ownTrains = own.trainability?.verdict.trains
    if !good.isEmpty {
      statements.append(
        .init(
          tone: ownTrains == false ? .caution : .good,
          text: "Trains with \(joined(good, by: "or")), as far as initialization decides."))
    }
    for (name, trainability) in trained where !trainability.verdict.trains {
      // The verdict reads "will not train: …".
      let reason = trainability.verdict.description.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? ""
      statements.append(
        .init(tone: name == own.forecast.name ? .bad : .caution, text: "Will NOT train with \(name): \(reason)."))
    }
    for column in columns where !column.forecast.outputKernel.isFinite {
      statements.append(
        .init(tone: .caution, text: "With \(column.forecast.name) the kernel grows beyond all numbers."))
    }
    let coupling = expansion.coupling
    let tone: Forecast.Statement.Tone = coupling > 0.3 ? .caution : (coupling < 0.03 ? .good : .neutral)
    let shape = coupling > 0.3 ? "Deep for its width" : "Depth over width"
    statements.append(
      .init(
        tone: tone,
        text: "\(shape): L/n = \(NumberText.text(expansion.aspectRatio, digits: 2)), "
          + "ν L/n = \(NumberText.text(coupling, digits: 2)) (\(expansion.verdict)"
          + (expansion.isCritical ? " at criticality)." : ").")))
    // The own initialization's fate comes first.
    return statements.filter { $0.tone == .bad } + statements.filter { $0.tone != .bad }
  }

  var changes: [String] {
    var changes: [String] = []
    let better = trained.first { $0.trainability.verdict.trains }
    if let trainability = own.trainability, !trainability.verdict.trains {
      if let better {
        changes.append("Replace \(own.forecast.name) by \(better.name) (decisive).")
      } else {
        changes.append(
          "Fewer layers, or skip connections and normalization: no initialization here carries this depth.")
      }
    }
    changes += comparisons
    if expansion.coupling > 0.3, !architecture.widths.isEmpty {
      let mean = Double(architecture.layerCount) / expansion.aspectRatio
      let width = Int((mean * expansion.coupling / 0.3).rounded(.up))
      let depth = max(1, Int(Double(architecture.depth) * 0.3 / expansion.coupling))
      changes.append(
        "Less depth (to about \(depth) layers), or more width (about \(width)), or skips and LayerNorm: "
          + "kernels then differ less from network to network.")
    }
    changes += own.trainability?.remarks ?? []
    return changes.isEmpty ? ["Nothing, as far as theory at initialization can tell."] : changes
  }

  /// Which of the initializations that train differ under the optimizer: classes of equivalent ones, in order.
  private var comparisons: [String] {
    guard let optimizer else { return [] }
    var classes: [[(name: String, trainability: Trainability)]] = []
    for one in trained where one.trainability.verdict.trains {
      if let place = classes.firstIndex(where: { $0[0].trainability.isEquivalent(to: one.trainability) }) {
        classes[place].append(one)
      } else {
        classes.append([one])
      }
    }
    var lines = classes.filter { $0.count > 1 }.map { members in
      "\(members[0].name) against \(joined(members.dropFirst().map(\.name), by: "or")): no difference under "
        + "\(optimizer.method.name)."
    }
    if classes.count > 1 {
      let names = classes.map { $0[0].name }
      lines.append("\(joined(names, by: "and")): gradients differ in scale, which \(optimizer.method.name) passes on.")
    }
    return lines
  }

  var notSaid: [String] {
    var lines: [String] = []
    if let optimizer {
      lines.append(
        "Final accuracy, and the loss curve under \(optimizer.method.name): no theory here covers them yet. "
          + "The largest stable learning rate belongs to training, not to initialization.")
    } else {
      lines.append(
        "Gradients against an optimizer's ε, and differences against rounding: the description names no optimizer.")
    }
    if own.forecast.layers.contains(where: { $0.weightDistribution != .gaussian }) {
      lines.append(
        "The shift of the mean kernel by weights that are not Gaussian, beyond its size in the truncation error.")
    }
    return lines
  }

  private func joined(_ words: [String], by conjunction: String) -> String {
    words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " \(conjunction) " + words.last!
  }
}
