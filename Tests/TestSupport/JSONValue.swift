import Foundation

/// A value of a JSON document that remembers where it stands, so that a test that asks for something absent fails with
/// a sentence instead of a crash.
///
/// ```swift
/// let gelu = try Fixtures.json("effective_theory")["criticality"]["gelu"]
/// let variance = try gelu["C_W"].double
/// ```
public struct JSONValue: Sendable {
  /// The way from the document's root: `effective_theory/criticality/gelu`.
  public let path: String
  let content: Content?

  indirect enum Content: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([Content])
    case object([String: Content])
  }

  /// Parses a document; `name` begins the path of every value in it.
  public init(name: String, data: Data) throws {
    path = name
    content = try JSONDecoder().decode(Content.self, from: data)
  }

  init(path: String, content: Content?) {
    self.path = path
    self.content = content
  }

  /// The member with the given key; asking an absent member for its value throws.
  public subscript(key: String) -> JSONValue {
    guard case .object(let members) = content else { return JSONValue(path: path + "/" + key, content: nil) }
    return JSONValue(path: path + "/" + key, content: members[key])
  }

  /// The element with the given index; asking an absent element for its value throws.
  public subscript(index: Int) -> JSONValue {
    guard case .array(let elements) = content, elements.indices.contains(index) else {
      return JSONValue(path: path + "/\(index)", content: nil)
    }
    return JSONValue(path: path + "/\(index)", content: elements[index])
  }

  /// Whether there is a value here, `null` included.
  public var exists: Bool { content != nil }

  /// Whether the value is `null`.
  public var isNull: Bool { if case .null = content { true } else { false } }

  /// The value as a number.
  public var double: Double {
    get throws {
      guard case .number(let value) = content else { throw mismatch("a number") }
      return value
    }
  }

  /// The value as a whole number.
  public var int: Int {
    get throws {
      guard case .number(let value) = content, let integer = Int(exactly: value) else {
        throw mismatch("a whole number")
      }
      return integer
    }
  }

  public var string: String {
    get throws {
      guard case .string(let value) = content else { throw mismatch("a string") }
      return value
    }
  }

  public var bool: Bool {
    get throws {
      guard case .bool(let value) = content else { throw mismatch("a truth value") }
      return value
    }
  }

  /// The elements of an array, in order.
  public var elements: [JSONValue] {
    get throws {
      guard case .array(let elements) = content else { throw mismatch("an array") }
      return elements.enumerated().map { JSONValue(path: path + "/\($0.offset)", content: $0.element) }
    }
  }

  /// The keys of an object, sorted.
  public var keys: [String] {
    get throws {
      guard case .object(let members) = content else { throw mismatch("an object") }
      return members.keys.sorted()
    }
  }

  /// An array of numbers.
  public var doubles: [Double] { get throws { try elements.map { try $0.double } } }

  /// An array of rows of numbers.
  public var rows: [[Double]] { get throws { try elements.map { try $0.doubles } } }

  /// All the numbers of nested arrays in row-major order: a tensor's elements, whatever its rank.
  public var flattened: [Double] {
    get throws {
      if case .array = content { return try elements.flatMap { try $0.flattened } }
      return [try double]
    }
  }

  private func mismatch(_ expected: String) -> FixtureError {
    content == nil
      ? FixtureError(description: "The fixture has nothing at \(path); look at the file for the keys that exist.")
      : FixtureError(description: "The fixture's value at \(path) is not \(expected).")
  }
}

/// A fixture that is absent or not what the test takes it for.
public struct FixtureError: Error, CustomStringConvertible {
  public init(description: String) { self.description = description }

  public let description: String
}

extension JSONValue.Content: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Double.self) {  // The most frequent first: a miss is slow.
      self = .number(value)
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue.Content].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue.Content].self))
    }
  }
}
