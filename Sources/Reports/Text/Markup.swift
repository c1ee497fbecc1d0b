/// What HTML, SVG and CSV have in common: escaping and short numbers.
package enum Markup {
  /// The text with `& < > " '` as entities, and without control characters, which no XML may hold.
  package static func escape(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A coordinate to a hundredth of a pixel, without trailing zeros: `12.5`, `-3`, `0.07`.
  package static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let hundredths = (Swift.min(Swift.max(value, -1e7), 1e7) * 100).rounded()
    let integer = Int(hundredths)
    let magnitude = integer.magnitude
    var text = String(magnitude / 100)
    let fraction = magnitude % 100
    if fraction % 10 != 0 {
      text += (fraction < 10 ? ".0" : ".") + String(fraction)
    } else if fraction != 0 {
      text += "." + String(fraction / 10)
    }
    return integer < 0 ? "-" + text : text
  }

  /// A name usable as an id and an anchor: lower case letters, digits and hyphens.
  package static func anchor(_ text: String) -> String {
    var result = ""
    for character in text.lowercased() {
      if character.isLetter || character.isNumber {
        result.append(character)
      } else if !result.isEmpty, result.last != "-" {
        result.append("-")
      }
    }
    while result.last == "-" { result.removeLast() }
    return result.isEmpty ? "section" : result
  }
}
