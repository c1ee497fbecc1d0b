/// Assembles SVG elements with escaped attributes and short numbers.
struct SVGBuilder {
  private(set) var text = ""

  mutating func raw(_ markup: String) {
    text += markup
  }

  mutating func open(_ name: String, _ attributes: [(String, String)] = []) {
    text += "<\(name)\(Self.list(attributes))>"
  }

  mutating func close(_ name: String) {
    text += "</\(name)>"
  }

  mutating func empty(_ name: String, _ attributes: [(String, String)]) {
    text += "<\(name)\(Self.list(attributes))/>"
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ cssClass: String) {
    empty("path", [("class", cssClass), ("d", "M\(Self.pair(x1, y1))L\(Self.pair(x2, y2))")])
  }

  mutating func path(_ d: String, _ cssClass: String, _ more: [(String, String)] = []) {
    if !d.isEmpty { empty("path", [("class", cssClass), ("d", d)] + more) }
  }

  mutating func rect(_ box: Box, _ cssClass: String, _ more: [(String, String)] = []) {
    empty(
      "rect",
      [
        ("class", cssClass), ("x", Markup.number(box.x)), ("y", Markup.number(box.y)),
        ("width", Markup.number(Swift.max(0, box.width))), ("height", Markup.number(Swift.max(0, box.height))),
      ] + more)
  }

  /// A line of text; `anchor` is start, middle or end, `turn` an angle about its own place.
  mutating func label(
    _ content: InlineText, _ x: Double, _ y: Double, _ style: TextStyle, anchor: String = "start", turn: Double = 0
  ) {
    var attributes = [("class", style.cssClass), ("x", Markup.number(x)), ("y", Markup.number(y))]
    if anchor != "start" { attributes.append(("text-anchor", anchor)) }
    if turn != 0 {
      attributes.append(("transform", "rotate(\(Markup.number(turn)) \(Self.pair(x, y, separator: " ")))"))
    }
    open("text", attributes)
    text += content.svg(fontSize: style.size)
    close("text")
  }

  static func pair(_ x: Double, _ y: Double, separator: String = ",") -> String {
    Markup.number(x) + separator + Markup.number(y)
  }

  private static func list(_ attributes: [(String, String)]) -> String {
    attributes.map { " \($0.0)=\"\(Markup.escape($0.1))\"" }.joined()
  }
}

/// The sizes of text in a plot, in its own pixels; a column plot is shown at 0.8 to 1.2 times that.
enum TextStyle {
  case title, axis, tick, key, note, label

  var cssClass: String {
    switch self {
    case .title: "h"
    case .axis: "a"
    case .tick: "t"
    case .key: "k"
    case .note: "n"
    case .label: "l"
    }
  }

  /// How much wider than the regular face the style's own face may be.
  var weight: Double { self == .title ? 1.16 : 1 }

  var size: Double {
    switch self {
    case .title: 13.5
    case .axis: 12.5
    case .tick, .key, .label: 12
    case .note: 10.5
    }
  }
}
