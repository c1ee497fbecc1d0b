/// Where a number comes from: a law or method by name, and the publications behind it.
public struct Source: Hashable, Sendable {
  /// A stable identifier, used for links: `kernel-recursion`.
  public var key: String
  /// What a reader calls it: "kernel recursion".
  public var title: String
  /// The statement in one line, with its formula.
  public var statement: String
  /// What it rests on: ``Publication/orrery`` where it is derived here.
  public var publications: [Publication]
  /// The publications, as a reader would look them up.
  public var citation: String
  /// An address of the first of them, if it has one.
  public var link: String?

  /// A law or method that rests on publications.
  public init(key: String, title: String, statement: String, publications: [Publication]) {
    self.init(
      key: key, title: title, statement: statement,
      citation: publications.map(\.citation).joined(separator: "; "),
      link: publications.lazy.compactMap(\.link).first)
    self.publications = publications
  }

  /// One whose publications are known as a text only: no bibliography can be made of it.
  public init(key: String, title: String, statement: String, citation: String, link: String? = nil) {
    self.key = key
    self.title = title
    self.statement = statement
    self.citation = citation
    self.link = link
    publications = []
  }
}

extension Source: Codable {
  private enum Key: String, CodingKey { case key, title, statement, publications, citation, link }

  /// - Throws: `DecodingError`. Files of versions before publications had keys are read too.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(
      key: try container.decode(String.self, forKey: .key), title: try container.decode(String.self, forKey: .title),
      statement: try container.decode(String.self, forKey: .statement),
      citation: try container.decode(String.self, forKey: .citation),
      link: try container.decodeIfPresent(String.self, forKey: .link))
    publications = try container.decodeIfPresent([Publication].self, forKey: .publications) ?? []
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(key, forKey: .key)
    try container.encode(title, forKey: .title)
    try container.encode(statement, forKey: .statement)
    try container.encode(publications, forKey: .publications)
    try container.encode(citation, forKey: .citation)
    try container.encodeIfPresent(link, forKey: .link)
  }
}
