import Foundation

/// A change to a description from the command line: `network.mlp.width=64,128,256` sweeps over three values,
/// `data.classes=[0,1]` sets one.
public struct Override: Hashable, Sendable {
  public var path: [String]
  /// One YAML value for each point of the sweep.
  public var values: [String]

  /// Reads `path=value` or `path=value,value,…`; commas inside brackets, braces or quotes do not separate, and a value
  /// that stands twice counts once.
  ///
  /// - Throws: `SpecificationError` when there is no `=`, no path, or an empty value.
  public init(_ text: String) throws {
    func fail(_ message: String) -> SpecificationError {
      SpecificationError(origin: SpecificationError.commandLine, line: nil, message: message)
    }
    guard let equals = text.firstIndex(of: "=") else {
      throw fail("'\(text)' sets nothing; write a path and a value, as in network.mlp.width=64,128.")
    }
    path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !path.contains(where: { $0.trimmingCharacters(in: .whitespaces).isEmpty }) else {
      throw fail("'\(text)' has no path before the equals sign, or an empty key in it.")
    }
    guard path.count <= Self.deepest else {
      throw fail("A path of \(path.count) keys leads nowhere; write one such as network.mlp.width=64,128.")
    }
    // A value that stands twice is one point of the sweep.
    var seen: Set<String> = []
    values = Self.split(String(text[text.index(after: equals)...])).filter { seen.insert($0).inserted }
    guard !values.contains("") else { throw fail("'\(text)' has an empty value; write one, or leave out the comma.") }
  }

  /// More keys than any path in a description has.
  private static let deepest = 16

  private static func split(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    var quote: Character?
    for character in text {
      switch character {
      case _ where quote != nil: if character == quote { quote = nil }
      case "\"", "'": quote = character
      case "[", "{": depth += 1
      case "]", "}": depth -= 1
      case "," where depth == 0:
        parts.append("")
        continue
      default: break
      }
      parts[parts.count - 1].append(character)
    }
    return parts.map { $0.trimmingCharacters(in: .whitespaces) }
  }
}

/// One point of a sweep: the description with its overrides in place.
package struct SweepPoint: Sendable {
  package var node: SpecificationNode
  /// The swept keys and this point's values, in the order of the command line; empty without a sweep.
  package var settings: [(path: String, value: String)]
}

extension SpecificationNode {
  private static let mostPoints = 10_000

  /// Every combination of the overrides' values, the last override varying fastest.
  package func sweep(_ overrides: [Override]) throws -> [SweepPoint] {
    // Cut off before it can overflow.
    let count = overrides.reduce(1) { min($0, Self.mostPoints + 1) * $1.values.count }
    guard count <= Self.mostPoints else {
      throw SpecificationError(
        origin: SpecificationError.commandLine, line: nil,
        message: "The sweep has more than \(Self.mostPoints) points; sweep over fewer values at once.")
    }
    var points = [SweepPoint(node: self, settings: [])]
    for override in overrides {
      points = try points.flatMap { point in
        try override.values.map { value in
          var next = point
          next.node = try point.node.setting(override.path[...], to: value)
          if override.values.count > 1 { next.settings.append((override.path.joined(separator: "."), value)) }
          return next
        }
      }
    }
    return points
  }

  private func setting(_ keys: ArraySlice<String>, to text: String) throws -> SpecificationNode {
    guard let key = keys.first else {
      let node: SpecificationNode?
      do {
        node = try Self.parse(yaml: text, origin: SpecificationError.commandLine, hasLines: false, path: path)
      } catch let error as SpecificationError where error.message.hasPrefix("This is not YAML") {
        // What a parser says of half a line helps nobody.
        node = nil
      }
      guard let node else {
        throw SpecificationError(
          origin: SpecificationError.commandLine, line: nil, message: "'\(text)' for \(name) is not a YAML value.")
      }
      return node
    }
    var entries: [Entry] = []
    if case .mapping(let existing) = value { entries = existing }
    let place = entries.firstIndex { $0.key == key }
    var child =
      place.map { entries[$0].node }
      ?? SpecificationNode(value: .null, origin: SpecificationError.commandLine, line: nil, path: path + [key])
    child = try child.setting(keys.dropFirst(), to: text)
    let entry = Entry(key: key, line: place.flatMap { entries[$0].line }, node: child)
    if let place { entries[place] = entry } else { entries.append(entry) }
    var copy = self
    copy.value = .mapping(entries)
    return copy
  }
}
