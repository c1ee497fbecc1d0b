import Foundation
import OrreryNetworks
import OrreryReports
import OrreryTheory

/// What to conclude from a forecast's numbers, and what to change: in sentences, the decisive one first.
struct ForecastAdvice {
  let own: ForecastBuilder.Column
  let columns: [ForecastBuilder.Column]
  let expansion: Forecast.ExpansionParameter?
  let inputs: InputStatistics
  let study: ResolvedStudy<PerceptronView>
  let hasTargets: Bool

  private var optimizer: Optimizer? { study.optimizer }

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
    for (obstacle, names) in obstacles {
      statements.append(
        .init(
          tone: names.contains(own.forecast.name) ? .bad : .caution,
          text: "Will NOT train with \(joined(names, by: "or")): \(obstacle)."))
    }
    for (name, trainability) in trained {
      guard case .cannotSay = trainability.verdict else { continue }
      statements.append(
        .init(tone: .caution, text: "With \(name), \(trainability.verdict)."))
    }
    for column in columns where !column.forecast.outputKernel.isFinite {
      statements.append(
        .init(tone: .caution, text: "With \(column.forecast.name) the kernel grows beyond all numbers."))
    }
    statements += comparisons.map { .init(tone: .neutral, text: $0) }
    statements += (own.trainability?.remarks ?? []).map { .init(tone: .caution, text: $0) }
    if let range = own.forecast.outputKernelOverData, range.upper > 10 * range.lower {
      statements.append(
        .init(
          tone: .caution,
          text: "Inputs differ in length: |x|²/n₀ is \(NumberText.text(inputs.smallestSquare, digits: 2)) to "
            + "\(NumberText.text(inputs.largestSquare, digits: 2)), and kernels of single inputs lie far from that of "
            + "typical norm. Gradients are averaged over the data."))
    }
    if let expansion {
      let coupling = expansion.coupling
      let tone: Forecast.Statement.Tone = coupling > 0.3 ? .caution : (coupling < 0.03 ? .good : .neutral)
      let shape = coupling > 0.3 ? "Deep for its width" : "Depth over width"
      statements.append(
        .init(
          tone: tone,
          text: "\(shape): L/n = \(NumberText.text(expansion.aspectRatio, digits: 2)), "
            + "ν L/n = \(NumberText.text(coupling, digits: 2)) (\(expansion.verdict)"
            + (expansion.isCritical ? " at criticality)." : ").")))
    }
    // The own initialization's fate comes first.
    return statements.filter { $0.tone == .bad } + statements.filter { $0.tone != .bad }
  }

  /// What is in the way of initializations that will not train; those that meet the very same share a sentence.
  private var obstacles: [(obstacle: TrainabilityVerdict.Obstacle, names: [String])] {
    var result: [(obstacle: TrainabilityVerdict.Obstacle, names: [String])] = []
    for (name, trainability) in trained {
      guard case .willNotTrain(let obstacle) = trainability.verdict else { continue }
      if let place = result.firstIndex(where: { $0.obstacle == obstacle }) {
        result[place].names.append(name)
      } else {
        result.append((obstacle, [name]))
      }
    }
    return result
  }

  var changes: [String] {
    var changes: [String] = []
    if case .willNotTrain(let obstacle) = own.trainability?.verdict {
      if case .noSlope = obstacle {
        // Neither depth nor width nor variances matter to a derivative of 0.
        return ["Another activation, or a surrogate for its derivative: no initialization changes this (decisive)."]
      }
      if let better = trained.first(where: { $0.trainability.verdict.trains }) {
        changes.append("Replace \(own.forecast.name) by \(better.name) (decisive).")
      } else {
        changes.append(
          "Fewer layers, or skip connections and normalization: no initialization here carries this depth.")
      }
    }
    let architecture = study.network.architecture
    if let expansion, expansion.coupling > 0.3, !architecture.widths.isEmpty {
      let mean = Double(architecture.layerCount) / expansion.aspectRatio
      let width = Int((mean * expansion.coupling / 0.3).rounded(.up))
      let depth = max(1, Int(Double(architecture.depth) * 0.3 / expansion.coupling))
      changes.append(
        "Less depth (to about \(depth) layers), or more width (about \(width)), or skips and LayerNorm: "
          + "kernels then differ less from network to network.")
    }
    return changes.isEmpty ? ["Nothing, as far as theory at initialization can tell."] : changes
  }

  /// How the initializations that train compare under the optimizer: classes without a difference, in order, and what
  /// sets the classes apart.
  private var comparisons: [String] {
    guard let optimizer else { return [] }
    var classes: [[(name: String, trainability: Trainability)]] = []
    for one in trained where one.trainability.verdict.trains {
      if let place = classes.firstIndex(where: {
        $0[0].trainability.compared(to: one.trainability) == .noDifference
      }) {
        classes[place].append(one)
      } else {
        classes.append([one])
      }
    }
    let method = optimizer.method.name
    var lines = classes.filter { $0.count > 1 }.map { members in
      "\(members[0].name) against \(joined(members.dropFirst().map(\.name), by: "or")): no difference under \(method)."
    }
    guard classes.count > 1 else { return lines }
    let names = classes.map { $0[0].name }
    let first = classes[0][0].trainability
    if classes.dropFirst().allSatisfy({ first.compared(to: $0[0].trainability) != .different }) {
      lines.append(
        "\(names[0]) against \(joined(Array(names.dropFirst()), by: "or")): same verdict under \(method), though two "
          + "inputs' outputs are not equally alike.")
    } else if optimizer.method.isScaleFree {
      lines.append("\(joined(names, by: "and")): different layers stand still at first under \(method).")
    } else {
      lines.append("\(joined(names, by: "and")): gradients differ in scale, which \(method) passes on.")
    }
    return lines
  }

  var notSaid: [String] {
    var lines: [String] = []
    if let optimizer {
      lines.append(
        "Final accuracy, and the loss curve: `confront` sets that of gradient descent under mse beside infinite width, and beside order "
          + "1/n for up to 16 training samples; for other optimizers and losses no theory here covers it yet. The largest "
          + "stable learning rate belongs to training, not to initialization.")
      if !hasTargets {
        lines.append(
          "The description's data have no targets: gradients are those for targets of mean square 1 (labels in equal "
            + "numbers, for cross-entropy) that have nothing to do with the inputs.")
      }
      if optimizer.method.epsilon != nil, study.precision == .float16 || study.precision == .bfloat16 {
        lines.append(
          "Optimizer state in \(study.precision.rawValue): \(optimizer.method.name)'s moments and ε are assumed to be kept in float32."
        )
      }
    } else {
      lines.append(
        "Gradients against an optimizer's ε, and differences against rounding: the description names no optimizer.")
    }
    if let layer = study.network.firstDependentLayer {
      lines.append(
        "How far networks of this width are from infinite width, and whether depth is too much for it (V, G1, ν L/n): the weights of "
          + "layer \(layer) are orthogonal, and the laws of finite width are those of independent weights.")
    } else if own.forecast.layers.contains(where: { $0.weightDistribution != .gaussian }) {
      lines.append(
        "The shift of the mean kernel by weights that are not Gaussian, beyond its size in the truncation error.")
    }
    return lines
  }

  private func joined(_ words: [String], by conjunction: String) -> String {
    words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " \(conjunction) " + words.last!
  }
}
