import OrreryFindings

extension Definition {
  /// A law as an entry that numbers link to by `#KEY`, with its publication.
  ///
  /// The statement is read as markup, so that `K^(ℓ)` and `C_b` are set as indices.
  public init(_ source: Source) {
    let citation = InlineText(verbatim: source.citation)
    let link = "[\(citation.markup)](#source-\(Markup.anchor(source.key)))"
    self.init(
      InlineText(verbatim: source.title), anchor: source.key,
      InlineText(markup: source.statement) + InlineText(markup: source.citation.isEmpty ? "" : " \(link)"))
  }
}

extension Reference {
  /// The publication behind a law.
  public init(_ source: Source) {
    self.init(
      key: source.key, title: InlineText(verbatim: source.title) + ".", citation: InlineText(verbatim: source.citation),
      link: source.link)
  }

  /// The publications of what a page shows, each source once, in order of first use.
  public static func list(_ sources: [Source]) -> [Reference] {
    var seen: Set<String> = []
    return sources.filter { seen.insert($0.key).inserted }.map { Reference($0) }
  }
}
