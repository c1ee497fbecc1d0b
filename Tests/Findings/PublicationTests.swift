import Foundation
import OrreryFindings
import OrreryTestSupport
import Testing

/// The list of publications: whole, and every entry one that BibTeX reads.
@Suite struct PublicationTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

  @Test func keysAreUniqueAndSayWhatTheyAreOf() {
    #expect(Set(Publication.all.map(\.key)).count == Publication.all.count)
    for publication in Publication.all where publication != .orrery {
      let family = publication.authors[0].prefix { $0 != "," }.lowercased().filter { $0.isLetter || $0 == " " }
      let name = family.split(separator: " ")[0]
      let word = publication.title.lowercased().prefix { $0.isLetter || $0.isNumber }
      let key = publication.key
      #expect(key.wholeMatch(of: /[a-z]+[0-9]{4}[a-z]+/) != nil, "\(key)")
      #expect(key.contains(String(publication.year)), "\(key)")
      #expect(publication == .bible1769authorized || key.hasPrefix(name), "\(key)")
      let isOfTitle = key.hasSuffix(word) || ["a", "an", "the", "on", "ieee"].contains(word)
      #expect(isOfTitle || publication == .bible1769authorized, "\(key)")
    }
  }

  /// One that is declared and forgotten in the list would be written whole, and never found by its key.
  @Test func everyEntryThatIsDeclaredIsListed() throws {
    let folder = Self.root.appending(path: "Sources/Findings/Publications")
    var names: [String] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      names += text.matches(of: /static let (\w+) = Publication\(/).map { String($0.1) }
    }
    #expect(names.sorted() == Publication.all.map(\.key).sorted())
    for name in names { #expect(Publication.listed(name)?.key == name) }
  }

  @Test(arguments: Publication.all) func fieldsAreWhatTheyShouldBe(_ publication: Publication) throws {
    #expect(!publication.authors.isEmpty && !publication.title.isEmpty && publication.part == nil)
    #expect((1600...2026).contains(publication.year))
    if let number = publication.arXiv {
      let found = try #require(number.wholeMatch(of: /(\d\d)(\d\d)\.\d{4,5}/))
      #expect(2000 + (Int(found.1) ?? 99) <= publication.year, "\(publication.key) before its preprint")
      #expect((1...12).contains(Int(found.2) ?? 0))
      #expect(number.count == (number >= "1501" ? 10 : 9), "\(publication.key)")
    }
    if let doi = publication.doi { #expect(doi.wholeMatch(of: /10\.\d{4,}\/\S+/) != nil) }
    if let url = publication.url { #expect(URL(string: url)?.scheme == "https") }
    if case .preprint = publication.kind { #expect(publication.arXiv != nil) }
  }

  @Test(arguments: Publication.all) func bibTeXIsWellFormed(_ publication: Publication) throws {
    let entry = try #require(try BibTeXEntry.all(in: publication.bibTeX).first)
    #expect(entry.key == publication.key)
    #expect(publication.bibTeX.unicodeScalars.allSatisfy { $0.isASCII })
    #expect(entry.fields["year"] == String(publication.year))
    #expect(entry.fields["title"]?.first == "{" && entry.fields["title"]?.last == "}")
    #expect(entry.fields["author"]?.components(separatedBy: " and ").count == publication.authors.count)
    #expect(entry.fields["eprint"] == publication.arXiv && entry.fields["doi"] == publication.doi)
    let needed = ["article": "journal", "inproceedings": "booktitle", "book": "publisher"]
    if let field = needed[entry.type] { #expect(entry.fields[field] != nil) }
  }

  @Test(arguments: [
    ("Bélisle", "B{\\'e}lisle"), ("Müller", "M{\\\"u}ller"), ("François", "Fran{\\c c}ois"), ("Mańke", "Ma{\\'n}ke"),
    ("Łukasz", "{\\L}ukasz"), ("naïve", "na{\\\"\\i}ve"), ("Erdős", "Erd{\\H o}s"), ("Gauß", "Gau{\\ss}"),
    ("A & B", "A \\& B"), ("50 % of #1, $2_x", "50 \\% of \\#1, \\$2\\_x"),
    ("}a{", "{\\textbraceright}a{\\textbraceleft}"),
    ("a\\b~c^d", "a{\\textbackslash}b{\\textasciitilde}c{\\textasciicircum}d"), ("3–11", "3--11"),
  ])
  func lettersAreEscaped(_ text: String, _ expected: String) throws {
    let publication = Publication("test2020x", ["Family, Given", text], text, 2020, .other(publisher: text))
    let entry = try #require(try BibTeXEntry.all(in: publication.bibTeX).first)
    #expect(entry.fields["title"] == "{\(expected)}")
    #expect(entry.fields["howpublished"] == expected)
    // An organization, or a person: names with a comma stand bare.
    #expect(entry.fields["author"] == "Family, Given and " + (text.contains(",") ? expected : "{\(expected)}"))
  }

  /// What TeX has no command for stays as it is, and braces stay balanced.
  @Test func otherAlphabetsStay() throws {
    let publication = Publication("test2020x", ["Ким, Иван"], "深層学習と}の{", 2020, .preprint)
    let entry = try #require(try BibTeXEntry.all(in: publication.bibTeX).first)
    #expect(entry.fields["title"] == "{深層学習と{\\textbraceright}の{\\textbraceleft}}")
  }

  @Test func namesAreShort() {
    #expect(Publication.kingma2015adam.citation == "Kingma and Ba 2015")
    #expect(Publication.jacot2018neural.citation == "Jacot, Gabriel and Hongler 2018")
    #expect(Publication.lee2019wide.citation == "Lee et al. 2019")
    #expect(Publication.yaida2020non.reference == "Yaida 2020, arXiv:1910.00019")
    #expect(Publication.higham2002accuracy.at("chapter 2").citation == "Higham 2002, chapter 2")
    #expect(Publication.higham2002accuracy.link == "https://doi.org/10.1137/1.9780898718027")
  }

  @Test func theListIsWrittenByKeyAndOthersWhole() throws {
    let own = Publication("mine2026", ["Me, A."], "Mine", 2026, .preprint, arXiv: "2601.00001").at("section 2, end")
    let all = [Publication.yaida2020non, .roberts2022principles.at("chapters 8, 11 and ∞"), own]
    let data = try JSONEncoder().encode(all)
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("\"yaida2020non\"") && text.contains("\"roberts2022principles, chapters 8, 11 and ∞\""))
    #expect(try JSONDecoder().decode([Publication].self, from: data) == all)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Publication].self, from: Data("[\"nobody1900nothing\"]".utf8))
    }
  }

  /// Files of versions before publications had keys have texts alone.
  @Test func olderSourcesAreRead() throws {
    let old =
      #"{"key": "a", "title": "b", "statement": "c", "citation": "Someone 2020", "link": "https://example.org"}"#
    let source = try JSONDecoder().decode(Source.self, from: Data(old.utf8))
    #expect(source.publications.isEmpty && source.citation == "Someone 2020")
    let new = Source(key: "a", title: "b", statement: "c", publications: [.yaida2020non.at("section 3")])
    #expect(try JSONDecoder().decode(Source.self, from: JSONEncoder().encode(new)) == new)
    #expect(new.citation == "Yaida 2020, section 3" && new.link == "https://arxiv.org/abs/1910.00019")
  }

  /// The project says in one more place how it is cited.
  @Test func theCitationFileSaysTheSame() throws {
    let text = try String(contentsOf: Self.root.appending(path: "CITATION.cff"), encoding: .utf8)
    #expect(text.contains("title: \"\(Publication.orrery.title)\""))
    #expect(text.contains("name: \"\(Publication.orrery.authors[0])\""))
    #expect(text.contains("version: \(OrreryVersion.current)\n"))
    #expect(text.contains("date-released: \(Publication.orrery.year)-"))
  }
}

/// What a bibliography is made of.
@Suite struct BibliographyTests {
  private static let one = Source(
    key: "one", title: "law one", statement: "", publications: [.yaida2020non.at("section 3"), .roberts2022principles])
  private static let two = Source(
    key: "two", title: "law two", statement: "", publications: [.roberts2022principles.at("chapter 4"), .orrery])

  @Test func everyPublicationIsThereOnceWithItsUses() throws {
    let bibliography = Bibliography([Self.two, Self.one, Self.two], version: "9.8")
    #expect(bibliography.entries.map(\.publication.key) == ["orrery", "roberts2022principles", "yaida2020non"])
    #expect(
      bibliography.entries.map(\.uses) == [["law two"], ["law two (chapter 4)", "law one"], ["law one (section 3)"]])
    let entries = try BibTeXEntry.all(in: bibliography.bibTeX)
    #expect(entries.map(\.key) == ["orrery", "roberts2022principles", "yaida2020non"])
    #expect(entries[0].fields["howpublished"] == "Version 9.8")
    #expect(bibliography.bibTeX.contains("% law two (chapter 4), law one\n@book{roberts2022principles,"))
    #expect(Bibliography([]).entries.map(\.publication.key) == ["orrery"])
  }

  /// Nothing that was used is left out in silence, and no text of others is taken for an entry.
  @Test func textsWithoutAnEntryAreSaid() throws {
    let text = Source(key: "mine", title: "mine @article{x,", statement: "", citation: "Someone 2020\n@misc{y,")
    let bibliography = Bibliography([text, Self.one])
    #expect(bibliography.texts == [text])
    #expect(try BibTeXEntry.all(in: bibliography.bibTeX).count == 3)
    #expect(bibliography.bibTeX.contains("without an entry: Someone 2020"))
    let json = try JSONValue(name: "bibliography", data: JSONEncoder().encode(bibliography))
    #expect(try json["entries"].elements.count == 3)
    #expect(try json["entries"][1]["bibtex"].string == Publication.roberts2022principles.bibTeX)
    #expect(try json["texts"][0]["key"].string == "mine")
  }
}
