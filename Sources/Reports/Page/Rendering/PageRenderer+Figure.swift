extension PageRenderer {
  /// The picture, its caption, and how to save it. A wide picture comes in a second form for narrow screens.
  mutating func write(_ figure: Figure) {
    figureCount += 1
    let id = take(figure.name)
    let isWide = figure.plot.size == .wide
    out += "<figure id=\"\(Markup.escape(id))\" class=\"\(figure.plot.size.rawValue)\">\n"
    if isWide {
      out += "<div class=\"picture broad\">\(figure.plot.inlineSVG(id: id + "-broad"))</div>\n"
      out += "<div class=\"picture narrow\">\(figure.plot.inlineSVG(id: id + "-narrow", size: .column))</div>\n"
    } else {
      out += "<div class=\"picture\">\(figure.plot.inlineSVG(id: id + "-plot"))</div>\n"
    }
    out += "<figcaption><span class=\"number\">Figure \(figureCount).</span> \(figure.caption.html)"
    let name = Markup.escape(id)
    out += "<span class=\"save\"><button type=\"button\" data-save=\"\(name)\" hidden>save SVG</button>"
    out += "<a download=\"\(name).csv\" href=\"\(Self.dataAddress(figure.plot.csv))\">save CSV</a></span>"
    out += "</figcaption>\n</figure>\n"
  }

  /// The text as an address that holds it (RFC 2397), percent-encoded.
  static func dataAddress(_ csv: String) -> String {
    var result = "data:text/csv;charset=utf-8,"
    let hexadecimal = Array("0123456789ABCDEF")
    for byte in csv.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "("), UInt8(ascii: ")"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        result.append("%")
        result.append(hexadecimal[Int(byte >> 4)])
        result.append(hexadecimal[Int(byte & 15)])
      }
    }
    return result
  }
}
