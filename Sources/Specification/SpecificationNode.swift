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

  /// An error at this node.
  package func error(_ message: String) -> SpecificationError {
    SpecificationError(origin: origin, line: line, message: message)
  }

  package var name: String { path.joined(separator: ".") }

  init(value: Value, origin: String, line: Int?, path: [String]) {
    self.value = value
    self.origin = origin
    self.line = line
    self.path = path
  }
}
