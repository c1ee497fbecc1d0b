import Foundation
import OrreryExperiment
import OrreryNetworks
import OrreryReports

extension TrainingFinding: Reportable {
  public static let file = "training.json"
  public static func index(of findings: [TrainingFinding]) -> Page { TrainingSweep(findings).page() }
  public static func summary(of findings: [TrainingFinding]) -> String {
    findings.count == 1 ? findings[0].summary : TrainingSweep(findings).summary
  }

  /// The report: how it ended, curves, the numbers, the resolved description.
  public func page() -> Page {
    var facts: [Page.Fact] = [
      .init("seed", InlineText(verbatim: String(study.seed))),
      .init("networks", "\(request.networks)"),
      .init("initialization", InlineText(verbatim: study.initializationName)),
      .init("precision", InlineText(verbatim: study.precision.rawValue)),
      .init("data", InlineText(verbatim: String(study.dataDigest.prefix(12)))),
      .init("run", InlineText(verbatim: String(hash.prefix(12)))),
    ]
    if let checkpoint {
      facts[2] = .init(
        "checkpoint", InlineText(verbatim: "\(checkpoint.file), SHA-256 \(checkpoint.sha256.prefix(12))"))
    }
    if steps > 0, let rate = study.optimizer?.learningRate.value {
      facts.insert(.init("learning rate", InlineText(verbatim: NumberText.text(rate, digits: 4))), at: 2)
    }
    var page = Page(
      title: InlineText(verbatim: subject),
      subtitle: (request.kind == .train
        ? "What real networks did while they were trained." : "What was measured of real networks.")
        + (label.isEmpty ? "" : InlineText(verbatim: " Point of the sweep: \(label).")), facts: facts)
    page.sections = [
      Section(
        "The end",
        [.callout(status, outcome)] + tables.map { .table($0) }
          + (outputs.isEmpty ? [] : [.table(OutputCumulants.table(outputs))]))
    ]
    if !baselines.isEmpty {
      page.sections.append(Section("Beside counts of n-grams", [.table(baselineTable), .paragraph(baselineText)]))
    }
    page.sections += [
      Section("Curves", [.figures(figures + measuredCurves)])
    ]
    if !spectra.isEmpty { page.sections.append(Section("Spectra", [.figures(spectra)])) }
    if !kernelMaps.isEmpty { page.sections.append(Section("Kernels", [.figures(kernelMaps)])) }
    page.sections += [
      Section("What was measured", [.definitions(definitions)]),
      Section("Resolved description", [.details("as JSON", [.code(study.text)])]),
    ]
    page.references = Reference.list(sources)
    return page
  }

  /// The numbers at the ends, values with bounds, and which arrays there are.
  private var tables: [Table] { [endTable].compactMap { $0 } + listTables + [arrayTable].compactMap { $0 } }

  private var status: StatusChip {
    divergences.isEmpty
      ? (isOverflown ? StatusChip(.caution, "not finite") : StatusChip(.good, "finished"))
      : StatusChip(divergences.count == request.networks ? .bad : .caution, "diverged")
  }

  /// Whether a checkpoint's own numbers leave the precision; training that does so has diverged.
  private var isOverflown: Bool {
    checkpoint != nil
      && (series.contains { $0.boundOf == nil && !$0.median.allSatisfy(\.isFinite) }
        || recorded.contains { !$0.isFinite })
  }

  private var overflow: String {
    " Some of its numbers are not finite in \(study.precision.rawValue): parameters are too large for it, or a running variance is negative."
  }

  /// One or two sentences on how training ended.
  var outcome: InlineText {
    guard !divergences.isEmpty else {
      let all = request.networks == 1 ? "The network" : "All \(request.networks) networks"
      guard steps > 0 else {
        if let checkpoint { return InlineText(verbatim: checkpoint.sentence + (isOverflown ? overflow : "")) }
        return InlineText(verbatim: "\(all) \(request.networks == 1 ? "is" : "are") as drawn, at initialization.")
      }
      return InlineText(
        verbatim: "\(all) took all \(steps) steps\(request.kind == .train ? "" : " that were asked for").")
    }
    let first = divergences.map(\.step).min()!
    return InlineText(
      verbatim:
        "\(divergences.count) of \(request.networks) network\(request.networks == 1 ? "" : "s") diverged, the first at step \(first): "
        + "the gradient was no longer finite. A smaller learning rate, clipping, or another initialization may help. "
        + "Curves behind a divergence are of the networks that are left.")
  }

  /// Training and test curves share a plot.
  var figures: [Figure] {
    [
      figure("loss", "Loss", [.loss, .batchLoss, .testLoss], isLogarithmic: true),
      figure("accuracy", "Accuracy", [.accuracy, .testAccuracy], isLogarithmic: false),
      figure("gradient-norm", "Gradient norm", [.gradientNorm], isLogarithmic: true),
      figure("weight-norm", "Weight norm", [.weightNorm], isLogarithmic: false), sharpnessFigure,
    ].compactMap { $0 }
  }

  private func layers(_ observables: [TrainingObservable]) -> [PlotLayer] {
    observables.compactMap { series($0) }.flatMap { series -> [PlotLayer] in
      let x = series.steps.map(Double.init)
      let name = InlineText(verbatim: series.title)
      let line = PlotLayer.line(name, x: x, y: series.median)
      return request.networks > 1 ? [.band(name, x: x, lower: series.lower, upper: series.upper), line] : [line]
    }
  }

  private func figure(
    _ name: String, _ title: InlineText, _ observables: [TrainingObservable], isLogarithmic: Bool
  ) -> Figure? {
    let layers = layers(observables)
    guard !layers.isEmpty else { return nil }
    // Loss and counts are the same quantity: nats a character.
    let lines =
      name == "loss"
      ? baselines.filter { $0.order > 1 && $0.order % 2 == 0 }.map {
        PlotLayer.horizontal(InlineText(verbatim: "\($0.order)-gram"), at: $0.crossEntropy)
      } : []
    let positive = observables.compactMap { series($0) }.allSatisfy { $0.lower.allSatisfy { $0 > 0 } }
    var plot = Plot(
      title: title, x: PlotAxis("step"),
      y: isLogarithmic && positive ? .log(title) : PlotAxis(title))
    plot.layers = layers + lines
    return Figure(name, plot, caption: InlineText(verbatim: definition(name)) + caption)
  }

  /// What a figure's numbers are, where a reader could doubt it.
  private func definition(_ figure: String) -> String {
    let isNatural = study.network.parametrization == .ntk
    return switch figure {
    case "loss": (study.optimizer?.loss.formula).map { "The loss: \($0). " } ?? ""
    case "accuracy":
      (try? study.network.outputShape()) == [1]
        ? "The fraction of samples whose output has the target's sign. "
        : "The fraction of samples whose largest output is their class's. "
    case "gradient-norm":
      "Euclidean, of the step's batch, before clipping"
        + (isNatural ? ", with respect to the NTK parametrization's own parameters. " : ". ")
    case "weight-norm": "Euclidean, of all weights and biases as the network multiplies with them. "
    default: ""
    }
  }

  private var caption: InlineText {
    request.networks > 1
      ? InlineText(verbatim: "Medians over \(request.networks) networks; bands hold the middle half of them.") : ""
  }

  private var sharpnessFigure: Figure? {
    var layers = layers([.sharpness])
    guard !layers.isEmpty else { return nil }
    var text: InlineText =
      "The largest eigenvalue of the Hessian of the training loss, with respect to the optimizer's own parameters."
    if let optimizer = study.optimizer, let rate = optimizer.learningRate.value, optimizer.batch == .full,
      case .gradientDescent(.none) = optimizer.method, steps > 0
    {
      layers.append(.horizontal("2/η", at: 2 / rate))
      text = text + " Above 2/η gradient descent on the quadratic approximation diverges."
    }
    var plot = Plot(title: "Sharpness", x: PlotAxis("step"), y: PlotAxis("sharpness"))
    plot.layers = layers
    return Figure("sharpness", plot, caption: text + " " + caption)
  }

  /// What the command prints.
  public var summary: String {
    var lines = [subject + (label.isEmpty ? "" : " · " + label)]
    let rate =
      steps > 0
      ? study.optimizer?.learningRate.value.map { ", learning rate \(NumberText.text($0, digits: 4))" } ?? "" : ""
    lines.append(
      "run \(hash.prefix(8))" + (isFromArchive ? ", answered from the archive" : "") + ", seed \(study.seed)\(rate)")
    lines.append(outcome.plain)
    let table = tables.map { $0.text(indent: 1) }.joined(separator: "\n")
    let counts = baselines.isEmpty ? "" : "Beside counts of n-grams:\n" + baselineTable.text(indent: 1)
    let cumulants = outputs.isEmpty ? "" : "\n" + OutputCumulants.table(outputs).text(indent: 1)
    return lines.joined(separator: "\n") + "\n" + table + counts + cumulants
  }
}
