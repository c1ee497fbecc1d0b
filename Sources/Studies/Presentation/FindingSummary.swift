import OrreryFindings
import OrreryNetworks
import OrreryReports

extension Finding {
  /// The first page and the verdicts, for a terminal.
  public var summary: String {
    let last = forecast.layerCount
    let counts = verdictCounts
    let output = confrontations.filter { $0.prediction.quantity.layer == last }
    let words = Verdict.allCases.compactMap { verdict in counts[verdict].map { "\($0) \(verdict.phrase(count: $0))" } }
    return forecast.headline.text() + "\n" + Table.confrontations(output).text()
      + "\n\(allConfrontations.count) comparisons, all layers and widths: \(words.joined(separator: ", ")).\n"
      + (dynamics.map { "In training, \($0.networks) networks: \($0.joint.verdict.rawValue). \($0.verdictText)\n" }
        ?? dynamicsExclusion.map { "Training is not confronted. \($0)\n" } ?? "")
  }
}
