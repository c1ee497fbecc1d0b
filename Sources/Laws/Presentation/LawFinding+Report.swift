import OrreryReports

extension LawFinding: Reportable {
  public static let file = "finding.json"
  public var label: String { law.key }
  public var summary: String { text }
}
