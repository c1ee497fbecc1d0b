import OrreryFindings
import OrreryReports

extension LawStatement: CustomStringConvertible {
  /// All of it for a terminal: what `orrery law show` prints.
  public var description: String {
    var parts = [
      "\(title.plain)   (\(key); \(chapter.rawValue))", text.plain, "", "Formula     \(formula.plain)",
      "Domain      \(domain.plain)", "Experiment  \(experiment.plain)", "Left out    \(truncationRule.plain)",
      "Matters     \(smallestEffect.plain)",
    ]
    parts += sources.map { "Source      \($0.title): \($0.citation)" + ($0.link.map { " <\($0)>" } ?? "") }
    return parts.joined(separator: "\n") + "\n"
  }
}
