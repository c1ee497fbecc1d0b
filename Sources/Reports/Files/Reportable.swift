/// A finding as reports, terminals and programs get it.
public protocol Reportable: Encodable, Sendable {
  /// The name of its file in a report's folder, such as `finding.json`.
  static var file: String { get }
  /// What tells it from the other points of a sweep; empty for one alone.
  var label: String { get }
  /// For a terminal, with the line's end.
  var summary: String { get }
  func page() -> Page
  /// The page of a sweep, which leads to the pages of its points, `point-1` and so on.
  static func index(of findings: [Self]) -> Page
  /// A sweep for a terminal.
  static func summary(of findings: [Self]) -> String
}

extension Reportable {
  public static func index(of findings: [Self]) -> Page {
    var table = Table(columns: [.init("point")])
    for (index, finding) in findings.enumerated() {
      table.rows.append(Table.Row([.text(.link(finding.label, to: index + 1))]))
    }
    var page = Page(title: "A sweep", subtitle: "")
    page.sections = [Section("Points", [.table(table)])]
    return page
  }

  public static func summary(of findings: [Self]) -> String { findings.map(\.summary).joined(separator: "\n") }
}

extension InlineText {
  /// The name of a sweep's point, which leads to its page.
  public static func link(_ name: String, to point: Int) -> InlineText {
    InlineText(markup: "[\(InlineText(verbatim: name.isEmpty ? "\(point)" : name).markup)](point-\(point)/index.html)")
  }
}
