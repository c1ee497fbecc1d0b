import Foundation
import Yams

extension SpecificationNode {
  /// Parses YAML text.
  ///
  /// - Throws: `SpecificationError` for text that is not YAML, repeated keys, keys that are not words, anchors and aliases.
  package init(yaml: String, origin: String) throws {
    guard let node = try Self.parse(yaml: yaml, origin: origin, hasLines: true, path: []) else {
      throw SpecificationError(
        origin: origin, line: nil, message: "The description is empty; `orrery new` prints one to start from.")
    }
    self = node
  }

  /// The value in a text; nil when there is none.
  static func parse(yaml: String, origin: String, hasLines: Bool, path: [String]) throws -> SpecificationNode? {
    guard yaml.utf8.count <= Specification.largestSize else {
      throw SpecificationError(origin: origin, line: nil, message: Specification.sizeMessage)
    }
    if let line = suspiciousLine(yaml) {
      throw SpecificationError(origin: origin, line: hasLines ? line : nil, message: aliasMessage)
    }
    do {
      // Nodes know their anchors only for as long as the parser lives.
      let parser = try Parser(yaml: yaml)
      return try withExtendedLifetime(parser) {
        try parser.singleRoot().map { try SpecificationNode($0, origin: origin, hasLines: hasLines, path: path) }
      }
    } catch let error as YamlError {
      var error = Self.syntaxError(error, origin: origin)
      if !hasLines { error.line = nil }
      throw error
    }
  }

  private static let aliasMessage =
    "YAML anchors (&) and aliases (*) are not used in descriptions; write the value out, or put it in quotes."

  /// The line of the first possible anchor of a text with so many possible aliases that a parser may take for ever over
  /// it: a list of ten aliases to a list of ten aliases … has 10ⁿ entries in n lines.
  ///
  /// Any & or * before a word counts, in comments and quotes too. Few of them do no harm: the parser's own nodes say then
  /// which are anchors.
  private static func suspiciousLine(_ yaml: String) -> Int? {
    let bytes = Array(yaml.utf8)
    func isWord(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    var (line, firstAnchor, aliases) = (1, Int?.none, 0)
    for (place, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "\n") { line += 1 }
      guard place + 1 < bytes.count, isWord(bytes[place + 1]) else { continue }
      if byte == UInt8(ascii: "&"), firstAnchor == nil { firstAnchor = line }
      if byte == UInt8(ascii: "*") { aliases += 1 }
    }
    return aliases > 16 ? firstAnchor : nil
  }

  private init(_ node: Node, origin: String, hasLines: Bool, path: [String]) throws {
    self.origin = origin
    self.path = path
    line = hasLines ? node.mark?.line : nil
    // Before anything that an alias repeats: its first place has the anchor.
    guard node.anchor == nil else {
      throw SpecificationError(origin: origin, line: line, message: Self.aliasMessage)
    }
    switch node {
    case .scalar(let scalar):
      let isNull = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
      value = isNull ? .null : .scalar(scalar.string)
    case .sequence(let sequence):
      value = .sequence(
        try sequence.enumerated().map {
          try SpecificationNode($1, origin: origin, hasLines: hasLines, path: path + ["\($0 + 1)"])
        })
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (key, child) in mapping {
        let line = hasLines ? key.mark?.line : nil
        guard key.anchor == nil else {
          throw SpecificationError(origin: origin, line: line, message: Self.aliasMessage)
        }
        guard let name = key.string else {
          throw SpecificationError(origin: origin, line: line, message: "A key must be a word.")
        }
        entries.append(
          Entry(
            key: name, line: line,
            node: try SpecificationNode(child, origin: origin, hasLines: hasLines, path: path + [name])))
      }
      value = .mapping(entries)
    case .alias:
      throw SpecificationError(origin: origin, line: line, message: Self.aliasMessage)
    }
  }

  private static func syntaxError(_ error: YamlError, origin: String) -> SpecificationError {
    switch error {
    case .composer(_, let problem, let mark, _) where problem.contains("alias"):
      SpecificationError(origin: origin, line: mark.line, message: aliasMessage)
    case .parser(_, let problem, let mark, _) where problem.hasPrefix("Maximum nesting level"):
      SpecificationError(
        origin: origin, line: mark.line,
        message:
          "This is not YAML as descriptions use it: lists and keys are nested by the hundred. Check the brackets.")
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      SpecificationError(
        origin: origin, line: mark.line, message: "This is not YAML: \(problem). Check the indentation and brackets.")
    case .duplicatedKeysInMapping(let duplicates, let context):
      SpecificationError(
        origin: origin, line: context.mark.line,
        message: "The key \(duplicates.first ?? "") stands twice; keep one.")
    case .reader(let problem, let offset, _, let text):
      SpecificationError(
        origin: origin, line: offset.map { Specification.line(ofByte: $0, in: text.utf8) },
        message: "This is not YAML: \(problem). Check that it is a text file in UTF-8.")
    default:
      SpecificationError(
        origin: origin, line: nil,
        message: "This is not YAML: \("\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")).")
    }
  }
}
