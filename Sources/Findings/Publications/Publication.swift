/// A publication, data set or program that a number, a method or a law rests on: one entry of the list ``all``.
///
/// ```swift
/// Source(
///   key: "susceptibility", title: "susceptibilities", statement: "χ_⊥ = C_W ⟨σ′^2⟩",
///   publications: [.roberts2022principles.at("chapter 5")])
/// ```
///
/// One of your own is a value like those of the list; files that Orrery writes then hold it whole, and the list's by key.
public struct Publication: Hashable, Sendable {
  /// What an entry is, and where it appeared, as BibTeX tells them apart.
  public enum Kind: Hashable, Codable, Sendable {
    case article(journal: String, volume: String? = nil, number: String? = nil, pages: String? = nil)
    /// In proceedings, or in a collection.
    case proceedings(_ book: String, series: String? = nil, volume: String? = nil, pages: String? = nil)
    case book(publisher: String, edition: String? = nil)
    case preprint
    /// A data set, a program, a standard, a lecture: who has published it, if that says anything.
    case other(publisher: String? = nil)
  }

  /// The key in BibTeX: first author, year, first word, as in `jacot2018neural`.
  public var key: String
  /// "Family, Given" of each; an organization has no comma.
  public var authors: [String]
  public var title: String
  public var year: Int
  public var kind: Kind
  public var doi: String?
  /// The number of the arXiv: "1806.07572".
  public var arXiv: String?
  /// An address where there is neither of the two.
  public var url: String?
  /// Which part is meant: "chapter 4".
  public var part: String?

  /// - Parameter key: of lower-case letters and digits.
  public init(
    _ key: String, _ authors: [String], _ title: String, _ year: Int, _ kind: Kind, doi: String? = nil,
    arXiv: String? = nil, url: String? = nil
  ) {
    self.key = key
    self.authors = authors
    self.title = title
    self.year = year
    self.kind = kind
    self.doi = doi
    self.arXiv = arXiv
    self.url = url
  }

  /// The same, where one part is meant.
  public func at(_ part: String) -> Publication {
    var same = self
    same.part = part
    return same
  }

  /// The whole of it.
  public var whole: Publication {
    var same = self
    same.part = nil
    return same
  }

  /// "Roberts, Yaida and Hanin 2022, chapter 4"; of more than three authors the first.
  public var citation: String {
    let families = authors.map { $0.prefix { $0 != "," } }
    let names =
      families.count > 3
      ? "\(families[0]) et al."
      : families.dropLast().joined(separator: ", ") + (families.count > 1 ? " and " : "") + (families.last ?? "")
    return "\(names) \(year)" + (part.map { ", \($0)" } ?? "")
  }

  /// The same with its number: "Cohen et al. 2021, arXiv:2103.00065".
  public var reference: String {
    citation + (arXiv.map { ", arXiv:\($0)" } ?? doi.map { ", doi:\($0)" } ?? "")
  }

  /// Where a reader finds it, the arXiv first.
  public var link: String? {
    arXiv.map { "https://arxiv.org/abs/\($0)" } ?? doi.map { "https://doi.org/\($0)" } ?? url
  }
}

extension Publication {
  /// Every entry that this library cites.
  public static let all: [Publication] = theory + networks + training + measurement + data + [orrery]

  /// The entry of this key; nil if there is none.
  public static func listed(_ key: String) -> Publication? { byKey[key] }

  private static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })

  /// This program, whose derivations are cited as its own.
  public static let orrery = Publication(
    "orrery", ["The Orrery authors"], "Orrery: a laboratory for the physics of deep learning", 2026,
    .other(publisher: "Version \(OrreryVersion.current)"))
}
