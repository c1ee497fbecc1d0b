/// The style of every plot: one sheet inside a page, and a copy in each picture that stands alone.
///
/// Concrete colours and `currentColor` only, no custom properties, so that converters such as librsvg read it too.
package enum PlotStylesheet {
  static let paper = (light: "#ffffff", dark: "#15181d")
  static let ink = (light: "#1d2126", dark: "#e4e6ea")
  static let muted = (light: "#5c646f", dark: "#9aa3af")
  static let grid = (light: "#e7e9ec", dark: "#2a2f37")

  package static let text: String = {
    var sheet = """
      .plot{font-family:system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,"Liberation Sans","DejaVu Sans",sans-serif}
      .plot .h{font-size:\(TextStyle.title.size)px;font-weight:600}
      .plot .a{font-size:\(TextStyle.axis.size)px}
      .plot .t,.plot .k,.plot .l{font-size:\(TextStyle.tick.size)px}
      .plot .n{font-size:\(TextStyle.note.size)px;font-style:italic}
      .plot .l{paint-order:stroke;stroke-width:3.5px;stroke-linejoin:round}
      .plot .ln{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
      .plot .cs{fill:none;stroke-width:5;stroke-opacity:.75;stroke-linejoin:round}
      .plot .da{stroke-dasharray:7 4;stroke-linecap:butt}
      .plot .do{stroke-dasharray:1 4.5}
      .plot .eb{fill:none;stroke:currentColor;stroke-width:1.3}
      .plot .pt{fill:currentColor;stroke-width:1}
      .plot .pt.cloud{stroke:none;fill-opacity:.65}
      .plot .bd{fill:currentColor;fill-opacity:.2}
      .plot .hb{fill:currentColor;fill-opacity:.3;stroke:currentColor;stroke-width:.8}
      .plot .rf{fill:none;stroke:currentColor;stroke-width:1.2;stroke-dasharray:5 3}
      .plot .ax{fill:none;stroke-width:1}
      .plot .gr{fill:none;stroke-width:1}
      .plot .mk{fill:none;stroke:currentColor;stroke-width:1.8}
      .plot .hm{image-rendering:optimizeSpeed;image-rendering:pixelated}

      """
    sheet += theme(\.light) + "@media screen and (prefers-color-scheme:dark){\n" + theme(\.dark) + "}\n"
    return sheet
  }()

  private static func theme(_ side: KeyPath<(light: String, dark: String), String>) -> String {
    let paper = paper[keyPath: side]
    let ink = ink[keyPath: side]
    let muted = muted[keyPath: side]
    var sheet = """
      .plot .paper{fill:\(paper)}
      .plot text{fill:\(ink)}
      .plot .t,.plot .n{fill:\(muted)}
      .plot .own .l{fill:currentColor}
      .plot .l,.plot .cs{stroke:\(paper)}
      .plot .pt{stroke:\(paper)}
      .plot .ax{stroke:\(muted)}
      .plot .gr{stroke:\(grid[keyPath: side])}
      .plot .ci{color:\(ink)}
      .plot .cm{color:\(muted)}

      """
    for (index, color) in PlotColor.palette.enumerated() {
      sheet += ".plot .c\(index){color:\(color[keyPath: side])}\n"
    }
    return sheet
  }
}
