/// The first page: what is forecast, the verdict, the numbers behind it, what to change, and what is not said.
///
/// One value gives the card on the page and, by `text(width:)`, the same lines in a terminal.
public struct Headline: Hashable, Codable, Sendable {
  /// One labelled part.
  public enum Entry: Hashable, Codable, Sendable {
    /// A label (`FORECAST`) and one or more lines.
    case lines(label: String, [Line])
    case table(Table)
  }

  /// A line, coloured by its status where it has one.
  public struct Line: Hashable, Codable, Sendable {
    public var text: InlineText
    public var status: Status?

    public init(_ text: InlineText, _ status: Status? = nil) {
      self.text = text
      self.status = status
    }
  }

  public var entries: [Entry]

  public init(_ entries: [Entry]) {
    self.entries = entries
  }

  /// The usual first page.
  ///
  /// - Parameters:
  ///   - forecast: what is forecast: the network, the data, the optimizer.
  ///   - verdict: the verdict's lines, each with its colour.
  ///   - table: the numbers, one column an initialization, the last one naming the law.
  ///   - changes: what to change, the decisive one first; numbered.
  ///   - notSaid: what the theory does not cover, and why.
  public init(
    forecast: InlineText, verdict: [Line], table: Table? = nil, changes: [InlineText] = [], notSaid: [InlineText] = []
  ) {
    entries = [.lines(label: "FORECAST", [Line(forecast)])]
    if !verdict.isEmpty { entries.append(.lines(label: "VERDICT", verdict)) }
    if let table { entries.append(.table(table)) }
    if !changes.isEmpty {
      let numbered = changes.enumerated().map { Line(InlineText(markup: "\($0.offset + 1) ") + $0.element) }
      entries.append(.lines(label: "CHANGE", numbered))
    }
    if !notSaid.isEmpty { entries.append(.lines(label: "NOT SAID", notSaid.map { Line($0) })) }
  }

  /// The lines for a terminal, broken at spaces to at most `width` cells where that is possible.
  public func text(width: Int = 100) -> String {
    var result = ""
    for entry in entries {
      switch entry {
      case .table(let table): result += table.text(indent: 1, rule: false)
      case .lines(let label, let lines):
        var first = DisplayWidth.padded(label, to: 9, .left)
        for line in lines {
          for part in Self.broken(line.text.plain, width: Swift.max(20, width - 9)) {
            result += Table.withoutTrailingSpaces(first + part) + "\n"
            first = String(repeating: " ", count: 9)
          }
        }
      }
    }
    return result
  }

  private static func broken(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if let last = lines.last, DisplayWidth.of(last) + 1 + DisplayWidth.of(String(word)) <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
