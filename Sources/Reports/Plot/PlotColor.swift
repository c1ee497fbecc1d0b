/// The colour of a layer, as a role: the theme decides what it looks like.
public enum PlotColor: Hashable, Codable, Sendable {
  /// A colour of the series palette, 0 … 6, taken modulo its size.
  case series(Int)
  /// The colour of text.
  case ink
  /// Quiet guides.
  case muted

  /// The palette: Okabe and Ito's colours (<https://jfly.uni-koeln.de/color/>), which readers with any colour vision tell
  /// apart; darkened on light paper and lightened on dark until each has a contrast of at least 3:1 with the paper.
  package static let palette: [(light: String, dark: String)] = [
    ("#0069a8", "#5ab0e6"), ("#c8500a", "#f28a4a"), ("#00805c", "#35c49b"), ("#a9497f", "#e29ac2"),
    ("#9a6a00", "#e3b341"), ("#4d7f9e", "#a6d4ef"), ("#6b5aa8", "#b3a5ec"),
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
