/// The publications behind what was used, each once, with what was taken from it.
///
/// ```swift
/// print(Bibliography(statement.sources).bibTeX)
/// ```
public struct Bibliography: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public var publication: Publication
    /// What was taken from it, with the part that has it: "kernel recursion (chapter 4)".
    public var uses: [String]
  }

  /// Orrery itself, then the others by their keys.
  public var entries: [Entry]
  /// Sources whose publications are known as a text only.
  public var texts: [Source]

  /// - Parameter version: of the Orrery that computed; this one's unless given.
  public init(_ sources: [Source], version: String = OrreryVersion.current) {
    var orrery = Publication.orrery
    orrery.kind = .other(publisher: "Version \(version)")
    var program = Entry(publication: orrery, uses: [])
    var others: [String: Entry] = [:]
    texts = []
    var seen: Set<String> = []
    for source in sources where seen.insert(source.key).inserted {
      if source.publications.isEmpty { texts.append(source) }
      for publication in source.publications {
        let use = source.title + (publication.part.map { " (\($0))" } ?? "")
        if publication.key == orrery.key {
          program.uses.append(use)
        } else {
          others[publication.key, default: Entry(publication: publication.whole, uses: [])].uses.append(use)
        }
      }
    }
    entries = [program] + others.values.sorted { $0.publication.key < $1.publication.key }
  }

  /// All of it as BibTeX. What was taken from an entry stands above it, where BibTeX reads nothing.
  public var bibTeX: String {
    let entries = entries.map { entry in
      let uses = entry.uses.isEmpty ? "the program" : entry.uses.joined(separator: ", ")
      return "% \(Self.comment(uses))\n" + entry.publication.bibTeX
    }
    let texts = texts.map { "% \(Self.comment($0.title)), without an entry: \(Self.comment($0.citation))\n" }
    return (entries + texts).joined(separator: "\n")
  }

  /// Between entries BibTeX looks for an @ only.
  private static func comment(_ text: String) -> String {
    text.replacing("@", with: " at ").replacing("\n", with: " ")
  }
}

extension Bibliography: Encodable {
  private enum Key: String, CodingKey { case entries, texts }

  /// An entry as a program wants it, whether the list has it or not.
  private struct Written: Encodable {
    var key: String
    var authors: [String]
    var title: String
    var year: Int
    var doi: String?
    var arXiv: String?
    var url: String?
    var uses: [String]
    var bibtex: String

    init(_ entry: Entry) {
      let publication = entry.publication
      (key, authors, title, year) = (publication.key, publication.authors, publication.title, publication.year)
      (doi, arXiv, url) = (publication.doi, publication.arXiv, publication.url)
      (uses, bibtex) = (entry.uses, publication.bibTeX)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(entries.map(Written.init), forKey: .entries)
    try container.encode(texts, forKey: .texts)
  }
}
