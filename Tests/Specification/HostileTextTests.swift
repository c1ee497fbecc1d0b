import Foundation
import OrreryNetworks
import OrrerySpecification
import OrreryTestSupport
import Testing

/// Texts that are no honest description: each gets a sentence, soon, and in little memory.
@Suite struct HostileTextTests {
  private func error(
    _ yaml: String, _ overrides: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> SpecificationError {
    try #require(
      #expect(throws: SpecificationError.self, sourceLocation: sourceLocation) {
        try Specification.studies(yaml: yaml, origin: "mine.yaml", overrides: overrides)
      }, sourceLocation: sourceLocation)
  }

  /// Nine lists of ten aliases each: 10⁹ entries in less than a kilobyte.
  private static var bomb: String {
    let ones = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
    return "orrery: 1\n" + ones
      + (1...9).map { "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ","))]\n" }
      .joined()
  }

  @Test(.timeLimit(.minutes(1))) func aliasesAreRefusedBeforeTheyMultiply() throws {
    let bomb = try error(Self.bomb)
    #expect(bomb.line == 2 && bomb.message.contains("aliases"))
    // As keys, which a parser compares.
    let keys = Self.bomb.replacingOccurrences(of: "a9: ", with: "? ") + "? *a9\n"
    #expect(try error(keys).message.contains("aliases"))
    let override = "data=" + Self.bomb.split(separator: "\n").dropFirst().joined(separator: ", ")
    #expect(try error("orrery: 1", "{\(override)}").message.isEmpty == false)
    #expect(try error("orrery: 1", "data={\(override.dropFirst(5))}").message.contains("aliases"))
  }

  @Test(arguments: [
    ("orrery: &v 1\nseed: *v", 1), ("orrery: 1\nseed: &s 2", 2), ("orrery: 1\nseed: *nowhere", 2),
    ("orrery: 1\n&k seed: 2", 2), ("orrery: 1\ndata: &d { name: digits }", 2),
    ("orrery: 1\ndata:\n  classes: &c [0, 1]", 3),
  ])
  func anchorsAndAliasesAreNamed(yaml: String, line: Int) throws {
    let found = try error(yaml)
    #expect(found.line == line && found.message.contains("anchors (&) and aliases (*)"), "\(found)")
  }

  /// Signs that are no anchors and aliases do no harm.
  @Test func signsInQuotesAndCommentsAreText() throws {
    let stars = String(repeating: "# *very* *important*\n", count: 6)
    let text = "orrery: 1 # &c\n\(stars)data: { files: { inputs: \"R&D/*a.npy\" } } # *x\n"
    let study = try #require(Specification.studies(yaml: text, origin: "mine.yaml").first).study
    #expect(study.data?.source == .files(DataFiles(inputs: ArrayReference(path: "R&D/*a.npy"))))
    _ = try Specification.studies(yaml: "orrery: 1\n" + String(repeating: stars, count: 100), origin: "mine.yaml")
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      String(repeating: "[", count: 500_000), String(repeating: "{a: ", count: 200_000),
      String(repeating: "? ", count: 400_000),
      "\n" + (1...1200).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
    ])
  func nestingIsCountedNotFollowed(value: String) throws {
    #expect(try error("orrery: 1\ndata: " + value).message.contains("YAML"))
  }

  @Test func largeTextsAreRefused() throws {
    let text = "orrery: 1\n#" + String(repeating: "x", count: Specification.largestSize)
    #expect(try error(text).message.contains("larger than 1 MiB"))
    #expect(try error("orrery: 1", "seed=" + text).message.contains("larger than 1 MiB"))
    let found = #expect(throws: SpecificationError.self) {
      try Specification.text(Array(text.utf8), origin: "mine.yaml")
    }
    #expect(found?.message.contains("larger than 1 MiB") == true)
  }

  @Test func otherEncodingsAreNamedWithTheLine() throws {
    #expect(try Specification.text(Array("orrery: 1 # ü €\n".utf8), origin: "mine.yaml") == "orrery: 1 # ü €\n")
    func fault(_ bytes: [UInt8]) -> String? {
      #expect(throws: SpecificationError.self) { try Specification.text(bytes, origin: "mine.yaml") }?.description
    }
    let latin = Array("orrery: 1\nseed: 7 # M".utf8) + [0xfc] + Array("nchen\n".utf8)
    #expect(fault(latin)?.hasPrefix("mine.yaml, line 2: The byte FC") == true)
    #expect(fault(latin)?.contains("UTF-8") == true)
    #expect(fault([0xff])?.contains("line 1: The byte FF") == true)
    #expect(fault(Array("a\n€".utf8).dropLast())?.contains("line 2: The byte E2") == true)
    #expect(
      fault([0xff, 0xfe] + "a: 1".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })?.contains("UTF-16") == true)
    let control = try error("orrery: 1\nseed: \u{1}7\n")
    #expect(control.line == 2 && control.message.contains("UTF-8"))
  }
}
