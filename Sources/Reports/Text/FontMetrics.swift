/// Estimated advance widths, in units of the font size, for laying out labels where no font can be asked.
///
/// The classes follow Helvetica's metrics, widened by a few per cent because the reader's system face is unknown.
enum FontMetrics {
  static func width(of text: String) -> Double {
    text.reduce(0) { $0 + width(of: $1) }
  }

  static func width(of character: Character) -> Double {
    switch character {
    case "i", "j", "l", "|", "'", ".", ",", ":", ";", "!", "ı", "ℓ": 0.3
    case " ", "f", "t", "I", "(", ")", "[", "]", "/", "r", "-", "·": 0.37
    case "m", "M", "W", "w", "%", "@", "—", "→": 0.9
    case "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "⁻", "₀", "₁", "₂", "₃", "₄", "₅": 0.42
    case _ where character.isUppercase: 0.72
    case _ where character.isNumber: 0.59
    case _ where character.isLetter: 0.58
    default: 0.64
    }
  }
}
