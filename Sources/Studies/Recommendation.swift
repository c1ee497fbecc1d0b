import Foundation
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// The critical initialization of a described network on its data, with learning rates by layer: what `orrery tune` says.
public struct Recommendation: Hashable, Codable, Sendable {
  public var label: String
  public var activation: String
  /// C_W, C_b of every dense layer, ℓ = 1 … L.
  public var layers: [LayerInitialization]
  /// Every critical point of the activation, the one taken marked.
  public var points: [Forecast.CriticalPointForecast]
  /// Every fixed point of the kernel at this initialization, with its stability and depth scales.
  public var fixedPoints: [Forecast.FixedPoint]
  /// K^(1) … K^(L) on an input of typical norm.
  public var kernels: [Double]
  public var inputs: InputStatistics

  /// - Throws: `StudyError` when there is no critical point, or none is known of such networks, with the reason.
  public init(_ study: Study, label: String = "", relativeTo folder: URL? = nil) throws {
    if let layers = study.network?.architecture.layers {
      do {
        _ = try MultilayerPerceptron(recognizing: layers)
      } catch {
        throw StudyError.notAPerceptron(error)
      }
    }
    var critical = study
    critical.network?.initialization = .critical
    // What an optimizer or an experiment would need does not matter here.
    critical.optimizer = nil
    let loaded = try LoadedStudy(critical, label: label, relativeTo: folder)
    let network = try loaded.perceptronStudy().network
    let analysis = Criticality.points(of: network.architecture.activation)
    let choice = try? analysis.choice(meanSquaredInput: loaded.statistics.meanSquare)
    self.label = label
    activation = network.architecture.activation.text
    layers = network.layers
    points = analysis.points.map {
      Forecast.CriticalPointForecast(
        $0, isTaken: $0 == choice, layerCount: network.architecture.layerCount, inputs: loaded.statistics)
    }
    fixedPoints = Forecast.FixedPoint.all(of: network, meanSquaredInput: loaded.statistics.meanSquare)
    kernels = KernelTrajectory(network, meanSquaredInput: loaded.statistics.meanSquare).kernels
    inputs = loaded.statistics
  }

  /// The initialization as a value for `network.init`: one entry, or one for each layer where the first differs.
  public var yaml: String {
    func entry(_ layer: LayerInitialization) -> String {
      "{ weight-variance: \(layer.weightVariance), bias-variance: \(layer.biasVariance) }"
    }
    if Set(layers).count == 1 { return "init: \(entry(layers[0]))" }
    return "init:\n" + layers.map { "  - \(entry($0))" }.joined(separator: "\n")
  }

  /// What to use, and why, for a terminal.
  public var text: String {
    guard let taken = points.first(where: \.isTaken) else { return "" }
    func number(_ value: Double) -> String { NumberText.text(value, digits: 9) }
    var lines: [String] = []
    if !label.isEmpty { lines.append("At \(label):") }
    lines.append("CRITICAL  \(activation): C_W = \(number(taken.weightVariance)), C_b = \(number(taken.biasVariance))")
    lines.append("          Var W = C_W / fan-in, Var b = C_b. Class: \(taken.universalityClass); \(taken.stability).")
    lines.append("WHY       χ_∥ = χ_⊥ = 1 at K* = \(taken.kernel.map(number) ?? "any kernel").")
    lines.append("          \(taken.asymptotics).")
    lines.append("          \(taken.firstLayer)")
    let others = points.filter { !$0.isTaken }
    for other in others {
      lines.append(
        "ALSO      C_W = \(number(other.weightVariance)), C_b = \(number(other.biasVariance)) at K* = "
          + "\(other.kernel.map(number) ?? "any kernel") (\(other.stability)).")
    }
    lines.append("")
    var table = Table(
      columns: [
        .init("layer", .right), .init("C_W", .decimal), .init("C_b", .decimal), .init("K", .decimal),
        .init("rate of biases", .decimal), .init("rate of weights", .decimal),
      ],
      notes: [
        """
        Rates are λ_b and λ_W of each layer, up to one factor each; a tensor's learning rate is η λ_b, or η λ_W / fan-in. \
        With them every layer adds the same share to the NTK, whatever the depth.
        """
      ])
    for (index, layer) in layers.enumerated() {
      let rates = taken.learningRates[index]
      table.rows.append(
        Table.Row([
          .integer(index + 1), .number(layer.weightVariance, digits: 9), .number(layer.biasVariance, digits: 9),
          index < kernels.count ? .number(kernels[index], digits: 4) : .none, .number(rates.bias, digits: 4),
          .number(rates.weight, digits: 4),
        ]))
    }
    lines.append(table.text())
    if !fixedPoints.isEmpty {
      lines.append("Fixed points of the kernel with these numbers:")
      lines.append(Table.fixedPoints(fixedPoints).text())
    }
    return lines.joined(separator: "\n")
  }
}
