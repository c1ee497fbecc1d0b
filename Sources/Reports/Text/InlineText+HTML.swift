extension InlineText {
  /// The text as HTML, everything escaped.
  package var html: String {
    var result = ""
    var openLink: String?
    for span in spans {
      if span.link != openLink {
        if openLink != nil { result += "</a>" }
        if let link = span.link { result += "<a href=\"\(Markup.escape(link))\">" }
        openLink = span.link
      }
      result += Self.html(span)
    }
    if openLink != nil { result += "</a>" }
    return result
  }

  private static func html(_ span: Span) -> String {
    var text = Markup.escape(span.text)
    let tags: [(Style, String)] = [
      (.sub, "sub"), (.sup, "sup"), (.code, "code"), (.strong, "strong"), (.emphasis, "em"),
    ]
    for (style, tag) in tags where span.style.contains(style) { text = "<\(tag)>\(text)</\(tag)>" }
    return text
  }

  /// The text as the content of an SVG `<text>`: indices are shifted `<tspan>`s, shifted back by the next one.
  package func svg(fontSize: Double) -> String {
    var result = ""
    var shift = 0.0
    for span in spans {
      var target = 0.0
      if span.style.contains(.sup) { target = -0.36 * fontSize }
      if span.style.contains(.sub) { target = 0.22 * fontSize }
      var attributes = ""
      if target != shift { attributes += " dy=\"\(Markup.number(target - shift))\"" }
      if target != 0 { attributes += " font-size=\"\(Markup.number(Self.indexScale * fontSize))\"" }
      if span.style.contains(.emphasis) { attributes += " font-style=\"italic\"" }
      if span.style.contains(.strong) { attributes += " font-weight=\"600\"" }
      shift = target
      let text = Markup.escape(span.text)
      result += attributes.isEmpty ? text : "<tspan\(attributes)>\(text)</tspan>"
    }
    return result
  }

  /// The size of an index, relative to its base.
  static let indexScale = 0.74

  /// An estimate of the set width in a sans-serif face; errs on the wide side by a few per cent.
  package func width(fontSize: Double) -> Double {
    spans.reduce(0) { sum, span in
      let scale = span.style.isDisjoint(with: [.sub, .sup]) ? 1 : Self.indexScale
      let weight = span.style.contains(.strong) ? 1.06 : 1
      return sum + scale * weight * FontMetrics.width(of: span.text)
    } * fontSize
  }
}
