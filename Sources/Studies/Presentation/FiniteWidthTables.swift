import OrreryAnalysis
import OrreryNetworks
import OrreryReports
import OrreryTheory

extension Forecast {
  /// What finite width does to this network: each effect in words, its size, and where it stops being small. Nil where it is not
  /// forecast.
  public var finiteWidthTable: Table? {
    guard let finiteWidth, !finiteWidth.effects.isEmpty else { return nil }
    let isFollowed = finiteWidth.effects.contains { $0.smallDepth != nil || $0.scaling != nil }
    var table = Table(
      columns: [.init("at order 1/n"), .init("value", .decimal), .init("formula"), .init("10 % at n", .right)]
        + (isFollowed ? [.init("small to depth", .right), .init("with depth")] : []),
      caption:
        "At finite width, on an input of typical norm, n = \(finiteWidth.width) before the output:")
    table.rows = finiteWidth.effects.map { effect in
      var cells: [Table.Cell] = [
        .text(InlineText(verbatim: effect.kind.meaning)), .number(effect.value, digits: 3),
        .text(InlineText(verbatim: effect.kind.symbol)), .integer(effect.smallWidth),
      ]
      if isFollowed {
        cells.append(effect.smallDepth.map { .integer($0) } ?? .text("> \(finiteWidth.followedDepth)"))
        cells.append(effect.scalingText.map { .text(InlineText(verbatim: $0)) } ?? .none)
      }
      return Table.Row(cells)
    }
    table.notes = finiteWidthNotes.map { InlineText(verbatim: $0) }
    return table
  }

  /// What the numbers mean, the aspect ratio beside r*, and what is left out.
  var finiteWidthNotes: [String] {
    guard let finiteWidth else { return [] }
    func text(_ value: Double) -> String { NumberText.text(value, digits: 2) }
    var notes = [
      "Each is 0 at infinite width and goes as 1/n; widths scale together, C_W, C_b and λ stay. D = 3R + 2(S + T + U), y² = "
        + "\(text(finiteWidth.meanSquaredTarget)): one output trained alone by gradient flow to a target of that mean square. Relevant "
        + "effects grow with depth, irrelevant ones die out."
    ]
    if let variance = finiteWidth.effects.first(where: { $0.kind == .kernelVariance }) {
      if let exact = variance.exact {
        notes.append("The kernel's relative variance is exactly \(text(exact)).")
      } else if let next = variance.truncationError {
        notes.append("The next order of the kernel's relative variance is of size \(text(next)).")
      }
    }
    if let expansion {
      var sentence = "L/n = \(text(expansion.aspectRatio))"
      if let optimal = finiteWidth.optimalAspectRatio {
        sentence +=
          " beside r* = 4/((20 + 3n_L)ν) = \(text(optimal)) for \(perceptron?.architecture.outputs ?? 1) outputs, where two groups of them "
          + "share most information at initialization: a heuristic that takes V/(nK²) to be linear in L/n, and says nothing of the "
          + "best trained depth."
      } else if perceptron.map({ $0.architecture.outputs < 2 }) ?? false {
        sentence += "; r*, where outputs share most information, needs two of them."
      } else {
        sentence += "; r* needs a critical point."
      }
      notes.append(sentence)
    }
    if let neglected = finiteWidth.neglected { notes.append(neglected) }
    let isTrained = finiteWidth.effects.contains { $0.kind == .representationLearning }
    if isTrained, let perceptron, let neglected = FiniteWidthDynamics.neglected(perceptron.architecture.activation) {
      notes.append(neglected)
    }
    return notes
  }
}

extension Forecast.FiniteWidth.Kind {
  /// The formula as short as a column wants it.
  var symbol: String { self == .representationLearning ? "[D(K+y²)/Θ−2(P+2Q)]/(nΘ²)" : formula }
}

extension Forecast.FiniteWidth.Effect {
  /// "ℓ^1.0: relevant"; nil where nothing was fitted.
  var scalingText: String? {
    guard let scaling else { return nil }
    let exponent = NumberText.text(scaling.exponent.value, error: scaling.exponent.error)
    let form = scaling.form == .power ? "ℓ^\(exponent)" : "e^(\(exponent) ℓ)"
    return relevance.map { "\(form), \($0.rawValue)" } ?? form
  }
}
