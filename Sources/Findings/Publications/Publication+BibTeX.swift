import Foundation

extension Publication {
  /// The entry for BibTeX and biblatex, in ASCII: letters with accents as TeX's commands.
  ///
  /// A title stands in two pairs of braces, so that no style changes its capitals.
  public var bibTeX: String {
    var (type, fields) = ("misc", [("author", names), ("title", "{\(BibTeX.text(title))}"), ("year", String(year))])
    func add(_ name: String, _ value: String?) {
      if let value { fields.append((name, BibTeX.text(value))) }
    }
    switch kind {
    case .article(let journal, let volume, let number, let pages):
      type = "article"
      add("journal", journal)
      add("volume", volume)
      add("number", number)
      add("pages", pages)
    case .proceedings(let book, let series, let volume, let pages):
      type = "inproceedings"
      add("booktitle", book)
      add("series", series)
      add("volume", volume)
      add("pages", pages)
    case .book(let publisher, let edition):
      type = "book"
      add("publisher", publisher)
      add("edition", edition)
    case .preprint: break
    case .other(let publisher): add("howpublished", publisher)
    }
    // Addresses are taken letter by letter.
    if let doi { fields.append(("doi", doi)) }
    if let arXiv { fields += [("eprint", arXiv), ("archiveprefix", "arXiv")] }
    if let url { fields.append(("url", url)) }
    let width = fields.map(\.0.count).max() ?? 0
    let lines = fields.map { name, value in
      "  \(name.padding(toLength: width, withPad: " ", startingAt: 0)) = {\(value)}"
    }
    return "@\(type){\(key),\n\(lines.joined(separator: ",\n"))\n}\n"
  }

  /// An organization is one name, whatever words it has; "and others" stays a word of BibTeX.
  private var names: String {
    authors.map { name in
      name.contains(",") || name == "others" ? BibTeX.text(name) : "{\(BibTeX.text(name))}"
    }.joined(separator: " and ")
  }
}

/// Text as TeX reads it.
enum BibTeX {
  /// The text with every letter in ASCII and what TeX takes for commands escaped. A letter that TeX has no plain command for stays.
  ///
  /// BibTeX counts braces with a backslash before them as it does others: they are written by name.
  static func text(_ text: String) -> String {
    text.decomposedStringWithCanonicalMapping.map { character in
      let scalars = Array(character.unicodeScalars)
      let base = scalars[0]
      let plain = special[base] ?? String(base)
      guard scalars.count > 1 else { return plain }
      guard scalars.count == 2, let accent = accents[scalars[1]] else {
        return String(character).precomposedStringWithCanonicalMapping
      }
      // The accent stands in place of an i's dot.
      let letter = base == "i" ? "\\i" : plain
      return accent.last?.isLetter == true && base != "i" ? "{\(accent) \(letter)}" : "{\(accent)\(letter)}"
    }.joined()
  }

  private static let accents: [Unicode.Scalar: String] = [
    "\u{300}": "\\`", "\u{301}": "\\'", "\u{302}": "\\^", "\u{303}": "\\~", "\u{304}": "\\=", "\u{306}": "\\u",
    "\u{307}": "\\.", "\u{308}": "\\\"", "\u{30A}": "\\r", "\u{30B}": "\\H", "\u{30C}": "\\v", "\u{323}": "\\d",
    "\u{327}": "\\c", "\u{328}": "\\k", "\u{331}": "\\b",
  ]

  private static let special: [Unicode.Scalar: String] = [
    "\\": "{\\textbackslash}", "{": "{\\textbraceleft}", "}": "{\\textbraceright}", "&": "\\&", "%": "\\%", "$": "\\$",
    "#": "\\#", "_": "\\_",
    "~": "{\\textasciitilde}", "^": "{\\textasciicircum}", "ß": "{\\ss}", "ø": "{\\o}", "Ø": "{\\O}", "ł": "{\\l}",
    "Ł": "{\\L}", "æ": "{\\ae}", "Æ": "{\\AE}", "œ": "{\\oe}", "Œ": "{\\OE}", "đ": "{\\dj}", "ı": "{\\i}",
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "\u{A0}": "~",
    "²": "\\textsuperscript{2}", "³": "\\textsuperscript{3}",
  ]
}
