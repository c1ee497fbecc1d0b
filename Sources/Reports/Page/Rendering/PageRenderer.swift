import Foundation
import OrreryFindings

/// Turns a page into HTML: semantic elements, everything escaped, figures and tables numbered as they come.
struct PageRenderer {
  let page: Page
  var out = ""
  var figureCount = 0
  var tableCount = 0
  var takenIDs: Set<String> = []

  init(_ page: Page) {
    self.page = page
  }

  mutating func render() -> String {
    out = ""
    writeHead()
    out += "<body>\n<main>\n"
    writeHeader()
    for section in page.sections { write(section) }
    writeReferences()
    out += "</main>\n<script>\n\(PageScript.text)</script>\n</body>\n</html>\n"
    return out
  }

  private mutating func writeHead() {
    // The policy lets nothing be loaded: the page is what the file holds.
    out += """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="Orrery \(Markup.escape(OrreryVersion.current))">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
      script-src 'unsafe-inline'; img-src data:">
      <link rel="icon" href="data:,">
      <title>\(Markup.escape(page.title.plain))</title>
      <style>
      \(PageStylesheet.text)</style>
      <style id="plot-style">
      \(PlotStylesheet.text)</style>
      </head>

      """
  }

  private mutating func writeHeader() {
    out += "<header>\n<h1>\(page.title.html)</h1>\n"
    if !page.subtitle.isEmpty { out += "<p class=\"subtitle\">\(page.subtitle.html)</p>\n" }
    if !page.facts.isEmpty {
      let facts = page.facts.map { "<div><dt>\(Markup.escape($0.name))</dt><dd>\($0.value.html)</dd></div>" }
      out += "<dl class=\"facts\">\(facts.joined())</dl>\n"
    }
    var links = page.sections.map { ($0.anchor, $0.heading) }
    if !page.references.isEmpty { links.append(("sources", "Sources")) }
    if links.count > 2 {
      let items = links.map { "<a href=\"#\(Markup.escape($0.0))\">\($0.1.html)</a>" }
      out += "<nav aria-label=\"Contents\">\(items.joined(separator: " "))</nav>\n"
    }
    out += "</header>\n"
  }

  private mutating func write(_ section: Section) {
    let id = take(section.anchor)
    out += "<section aria-labelledby=\"\(Markup.escape(id))\">\n"
    out += "<h2 id=\"\(Markup.escape(id))\"><a class=\"anchor\" href=\"#\(Markup.escape(id))\" aria-hidden=\"true\" "
    out += "tabindex=\"-1\">#</a>\(section.heading.html)</h2>\n"
    for block in section.blocks { write(block) }
    out += "</section>\n"
  }

  /// An id that no other element has.
  mutating func take(_ wish: String) -> String {
    var id = wish
    var count = 2
    while !takenIDs.insert(id).inserted {
      id = "\(wish)-\(count)"
      count += 1
    }
    return id
  }

  mutating func write(_ block: Block) {
    switch block {
    case .headline(let headline): write(headline)
    case .paragraph(let text): out += "<p>\(text.html)</p>\n"
    case .heading(let text):
      let id = take(Markup.anchor(text.plain))
      out += "<h3 id=\"\(Markup.escape(id))\">\(text.html)</h3>\n"
    case .list(let items, let ordered):
      let tag = ordered ? "ol" : "ul"
      out += "<\(tag)>\n\(items.map { "<li>\($0.html)</li>\n" }.joined())</\(tag)>\n"
    case .table(let table): write(table)
    case .figure(let figure): write(figure)
    case .figures(let figures):
      out += "<div class=\"figures\">\n"
      for figure in figures { write(figure) }
      out += "</div>\n"
    case .definitions(let definitions):
      out += "<dl class=\"definitions\">\n"
      for definition in definitions {
        let id = take(definition.anchor)
        out +=
          "<div id=\"\(Markup.escape(id))\"><dt>\(definition.term.html)</dt><dd>\(definition.text.html)</dd></div>\n"
      }
      out += "</dl>\n"
    case .callout(let chip, let text):
      out += "<p class=\"callout \(chip.status.rawValue)\">\(chip.html) \(text.html)</p>\n"
    case .code(let text): out += "<pre tabindex=\"0\"><code>\(Markup.escape(text))</code></pre>\n"
    case .details(let summary, let blocks):
      out += "<details>\n<summary>\(summary.html)</summary>\n<div class=\"inside\">\n"
      for block in blocks { write(block) }
      out += "</div>\n</details>\n"
    }
  }

  /// The sources as an attribute that ``PageSources`` reads.
  private static func data(_ sources: [Source]) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard !sources.isEmpty, let json = try? encoder.encode(sources) else { return "" }
    return " \(PageSources.attribute)=\"\(Markup.escape(String(decoding: json, as: UTF8.self)))\""
  }

  private mutating func writeReferences() {
    if page.references.isEmpty { return }
    let id = take("sources")
    out +=
      "<section aria-labelledby=\"\(id)\">\n<h2 id=\"\(id)\"><a class=\"anchor\" href=\"#\(id)\" aria-hidden=\"true\" "
    out += "tabindex=\"-1\">#</a>Sources</h2>\n<ol class=\"sources\">\n"
    for reference in page.references {
      let id = take(reference.anchor)
      out += "<li id=\"\(Markup.escape(id))\"\(Self.data(reference.sources))>"
      for key in reference.otherKeys {
        out += "<span id=\"\(Markup.escape(take(Reference.anchor(key))))\"></span>"
      }
      out += "<strong>\(reference.title.html).</strong> \(reference.citation.html)"
      if let link = reference.link, link.hasPrefix("https://") || link.hasPrefix("http://") {
        let shown = link.drop { $0 != ":" }.dropFirst(3)
        out += " <a href=\"\(Markup.escape(link))\">\(Markup.escape(String(shown)))</a>"
      }
      out += "</li>\n"
    }
    out += "</ol>\n</section>\n"
  }
}
