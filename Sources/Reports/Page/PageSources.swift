import Foundation
import OrreryFindings

/// The sources that a written page holds beside its list of publications.
public struct PageSources: Hashable, Sendable {
  /// The version of the Orrery that has written the page.
  public var version: String
  /// In the order of the page's list; empty for a page without one.
  public var sources: [Source]

  /// Nil for text that is no page of Orrery's, or whose sources are not what was written.
  public init?(html: String) {
    guard let generator = html.firstRange(of: Self.generator) else { return nil }
    version = String(html[generator.upperBound...].prefix { $0 != "\"" })
    sources = []
    var rest = html[generator.upperBound...]
    while let start = rest.firstRange(of: " \(Self.attribute)=\"") {
      rest = rest[start.upperBound...]
      let json = Self.unescaped(String(rest.prefix { $0 != "\"" }))
      guard let found = try? JSONDecoder().decode([Source].self, from: Data(json.utf8)) else { return nil }
      sources += found
    }
  }

  static let attribute = "data-sources"
  private static let generator = "<meta name=\"generator\" content=\"Orrery "

  /// The inverse of ``Markup/escape(_:)``.
  private static func unescaped(_ text: String) -> String {
    text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
      .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
  }
}
