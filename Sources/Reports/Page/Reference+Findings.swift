import OrreryFindings

extension Definition {
  /// A law as an entry that numbers link to by `#KEY`, with its publication.
  public init(_ source: Source) {
    let citation = InlineText(verbatim: source.citation)
    let link = "[\(citation.markup)](#\(Reference.anchor(source.key)))"
    self.init(
      InlineText(verbatim: source.title), anchor: source.key,
      InlineText(markup: source.statement) + InlineText(markup: source.citation.isEmpty ? "" : " \(link)"))
  }
}

extension Reference {
  /// The publication behind a law.
  public init(_ source: Source) {
    self.init(
      key: source.key, title: InlineText(verbatim: source.title), citation: InlineText(verbatim: source.citation),
      link: source.link)
    sources = [source]
  }

  /// The publications of what a page shows, in order of first use: one entry a publication, which names the laws taken
  /// from it and answers to the keys of all of them.
  public static func list(_ sources: [Source]) -> [Reference] {
    var seen: Set<String> = []
    var result: [Reference] = []
    for source in sources where seen.insert(source.key).inserted {
      let reference = Reference(source)
      let known = result.firstIndex { $0.citation == reference.citation && $0.link == reference.link }
      if let known, !source.citation.isEmpty {
        result[known].title = result[known].title + "; " + reference.title
        result[known].otherKeys.append(source.key)
        result[known].sources.append(source)
      } else {
        result.append(reference)
      }
    }
    return result
  }
}
