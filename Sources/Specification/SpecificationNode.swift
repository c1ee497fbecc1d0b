import Foundation
import OrreryNetworks
import Yams

/// A piece of a description, with the place that it was written at.
package struct SpecificationNode: Sendable {
  package enum Value: Sendable {
    case null
    case scalar(String)
    case sequence([SpecificationNode])
    case mapping([Entry])
  }

  package struct Entry: Sendable {
    package var key: String
    package var line: Int?
    package var node: SpecificationNode
  }

  package var value: Value
  package var origin: String
  package var line: Int?
  /// The keys that lead here, for messages: `network.mlp.width`.
  package var path: [String]

  /// Parses YAML text.
  ///
  /// - Throws: `SpecificationError` for text that is not YAML, repeated keys, or keys that are not words.
  package init(yaml: String, origin: String) throws {
    do {
      guard let node = try Yams.compose(yaml: yaml) else {
        throw SpecificationError(
          origin: origin, line: nil, message: "The description is empty; `orrery new` prints one to start from.")
      }
      try self.init(node, origin: origin, hasLines: true, path: [])
    } catch let error as YamlError {
      throw Self.syntaxError(error, origin: origin)
    }
  }

  init(_ node: Node, origin: String, hasLines: Bool, path: [String]) throws {
    self.origin = origin
    self.path = path
    line = hasLines ? node.mark?.line : nil
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
        guard let name = key.string else {
          throw SpecificationError(
            origin: origin, line: hasLines ? key.mark?.line : nil, message: "A key must be a word.")
        }
        entries.append(
          Entry(
            key: name, line: hasLines ? key.mark?.line : nil,
            node: try SpecificationNode(child, origin: origin, hasLines: hasLines, path: path + [name])))
      }
      value = .mapping(entries)
    case .alias:
      throw SpecificationError(origin: origin, line: line, message: "YAML aliases are not used in descriptions.")
    }
  }

  private static func syntaxError(_ error: YamlError, origin: String) -> SpecificationError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      SpecificationError(
        origin: origin, line: mark.line, message: "This is not YAML: \(problem). Check the indentation and brackets.")
    case .duplicatedKeysInMapping(let duplicates, let context):
      SpecificationError(
        origin: origin, line: context.mark.line,
        message: "The key \(duplicates.first ?? "") stands twice; keep one.")
    case .reader(let problem, _, _, _):
      SpecificationError(
        origin: origin, line: nil, message: "This is not YAML: \(problem). Check that it is a text file in UTF-8.")
    default:
      SpecificationError(
        origin: origin, line: nil,
        message: "This is not YAML: \("\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")).")
    }
  }

  /// An error at this node.
  package func error(_ message: String) -> SpecificationError {
    SpecificationError(origin: origin, line: line, message: message)
  }

  package var name: String { path.joined(separator: ".") }
}

// MARK: - Typed reading

extension SpecificationNode {
  /// What a reader would call the value: "the text 'abc'", "a list".
  var shape: String {
    switch value {
    case .null: "nothing"
    case .scalar(let text): "'\(text)'"
    case .sequence: "a list"
    case .mapping: "a set of keys"
    }
  }

  package var text: String? { if case .scalar(let text) = value { text } else { nil } }

  package var isNull: Bool { if case .null = value { true } else { false } }

  package func double() throws -> Double {
    guard let text, let number = Double(text), number.isFinite else {
      throw error("\(name) must be a finite number, and is \(shape).")
    }
    return number
  }

  /// A number above 0.
  package func positive() throws -> Double {
    let number = try double()
    guard number > 0 else { throw error("\(name) must be above 0, and is \(number).") }
    return number
  }

  package func integer(atLeast minimum: Int = .min, atMost maximum: Int = .max) throws -> Int {
    guard let text, let number = Int(text.replacingOccurrences(of: "_", with: "")) else {
      throw error("\(name) must be a whole number, and is \(shape).")
    }
    guard number >= minimum else { throw error("\(name) must be at least \(minimum), and is \(number).") }
    guard number <= maximum else { throw error("\(name) must be at most \(maximum), and is \(number).") }
    return number
  }

  package func boolean() throws -> Bool {
    switch text {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default: throw error("\(name) must be true or false, and is \(shape).")
    }
  }

  /// One of several words.
  package func word(of words: [String]) throws -> String {
    guard let text else {
      throw error("\(name) must be one of \(words.joined(separator: ", ")), and is \(shape).")
    }
    guard words.contains(text) else {
      let hint = Spelling.nearest(to: text, among: words).map { "Did you mean \($0)? " } ?? ""
      throw error("\(name) is '\(text)'. \(hint)It must be one of \(words.joined(separator: ", ")).")
    }
    return text
  }

  package func choice<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) throws -> Choice
  where Choice.RawValue == String {
    Choice(rawValue: try word(of: Choice.allCases.map(\.rawValue)))!
  }

  package func list() throws -> [SpecificationNode] {
    guard case .sequence(let nodes) = value else { throw error("\(name) must be a list, and is \(shape).") }
    return nodes
  }

  /// The values of a mapping by key, after a check that every key is known.
  ///
  /// - Parameter allowingNull: Take a key without a value as a mapping without keys.
  package func keys(_ known: [String], allowingNull: Bool = false) throws -> [String: SpecificationNode] {
    if allowingNull, isNull { return [:] }
    guard case .mapping(let entries) = value else {
      let subject = path.isEmpty ? "The description" : name
      throw error("\(subject) must be a set of keys (\(known.joined(separator: ", "))), and is \(shape).")
    }
    var values: [String: SpecificationNode] = [:]
    for entry in entries {
      guard known.contains(entry.key) else {
        let place = path.isEmpty ? "" : " in \(name)"
        let hint =
          Spelling.nearest(to: entry.key, among: known).map { "Did you mean \($0)?" }
          ?? "The keys here are \(known.joined(separator: ", "))."
        throw SpecificationError(
          origin: entry.node.origin, line: entry.line, message: "Unknown key '\(entry.key)'\(place). \(hint)")
      }
      values[entry.key] = entry.node
    }
    return values
  }

  /// The single entry of a mapping such as `{ adam: { … } }`, or a plain word taken as an entry without keys.
  package func tagged() throws -> (tag: String, node: SpecificationNode?) {
    switch value {
    case .scalar(let text): return (text, nil)
    case .mapping(let entries) where entries.count == 1: return (entries[0].key, entries[0].node)
    default: throw error("\(name) must be one word, or one key with its own keys below it, and is \(shape).")
    }
  }
}
