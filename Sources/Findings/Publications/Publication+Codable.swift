/// An entry of the list is its key, with the part that is meant behind a comma; any other is written whole.
extension Publication: Codable {
  private enum Key: String, CodingKey { case key, authors, title, year, kind, doi, arXiv, url, part }

  public func encode(to encoder: any Encoder) throws {
    if Publication.listed(key) == whole {
      var container = encoder.singleValueContainer()
      return try container.encode(key + (part.map { ", \($0)" } ?? ""))
    }
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(key, forKey: .key)
    try container.encode(authors, forKey: .authors)
    try container.encode(title, forKey: .title)
    try container.encode(year, forKey: .year)
    try container.encode(kind, forKey: .kind)
    try container.encodeIfPresent(doi, forKey: .doi)
    try container.encodeIfPresent(arXiv, forKey: .arXiv)
    try container.encodeIfPresent(url, forKey: .url)
    try container.encodeIfPresent(part, forKey: .part)
  }

  /// - Throws: `DecodingError`, also for a key that the list does not have.
  public init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      let key = String(text.prefix { $0 != "," })
      guard let listed = Publication.listed(key) else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "There is no publication '\(key)' in the list."))
      }
      self = key == text ? listed : listed.at(String(text.dropFirst(key.count + 2)))
      return
    }
    let container = try decoder.container(keyedBy: Key.self)
    self.init(
      try container.decode(String.self, forKey: .key), try container.decode([String].self, forKey: .authors),
      try container.decode(String.self, forKey: .title), try container.decode(Int.self, forKey: .year),
      try container.decode(Kind.self, forKey: .kind), doi: try container.decodeIfPresent(String.self, forKey: .doi),
      arXiv: try container.decodeIfPresent(String.self, forKey: .arXiv),
      url: try container.decodeIfPresent(String.self, forKey: .url))
    part = try container.decodeIfPresent(String.self, forKey: .part)
  }
}
