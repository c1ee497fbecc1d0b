/// How many terminal cells text takes.
///
/// Source: Unicode Standard Annex 11, East Asian Width (wide and fullwidth take two cells); combining marks, joiners and
/// variation selectors take none.
public enum DisplayWidth {
  /// The number of cells of a line of text.
  public static func of(_ text: String) -> Int {
    text.reduce(0) { $0 + of($1) }
  }

  /// The number of cells of one character: that of its first scalar.
  public static func of(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if character.unicodeScalars.contains(where: { $0.value == 0xFE0F }) { return 2 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// The text with spaces added up to `width` cells; longer text stays whole.
  static func padded(_ text: String, to width: Int, _ alignment: Table.Alignment) -> String {
    let missing = Swift.max(0, width - of(text))
    switch alignment {
    case .left: return text + String(repeating: " ", count: missing)
    case .right, .decimal: return String(repeating: " ", count: missing) + text
    case .center:
      return String(repeating: " ", count: missing / 2) + text + String(repeating: " ", count: missing - missing / 2)
    }
  }
}
