/// The colour of a layer, as a role: the theme decides what it looks like.
public enum PlotColor: Hashable, Codable, Sendable {
  /// A colour of the series palette, 0 … 5, taken modulo its size.
  case series(Int)
  /// The colour of text.
  case ink
  /// Quiet guides.
  case muted

  /// The palette: blue, orange and green after Okabe and Ito (<https://jfly.uni-koeln.de/color/>), and three more.
  ///
  /// Each has a contrast of at least 3:1 with its paper, and any two differ by at least ΔE = 15 in CIELAB under normal
  /// vision and under full protanopia, deuteranopia and tritanopia as modelled by Machado, Oliveira and Fernandes (2009,
  /// doi:10.1109/TVCG.2009.113). Symbols differ in shape too.
  package static let palette: [(light: String, dark: String)] = [
    ("#0b6bb0", "#5ab0e6"), ("#cf5410", "#f28a4a"), ("#0c9a57", "#30e08f"), ("#922266", "#ea4f88"),
    ("#6b5424", "#f3c03c"), ("#713eea", "#b05ff1"),
  ]

  /// The CSS class.
  var cssClass: String {
    switch self {
    case .series(let index): "c\(((index % Self.palette.count) + Self.palette.count) % Self.palette.count)"
    case .ink: "ci"
    case .muted: "cm"
    }
  }
}
