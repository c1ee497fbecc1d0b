import OrreryNetworks

extension SpecificationNode {
  /// A value read by its own `Decodable` conformance.
  ///
  /// - Throws: `SpecificationError`, which names the key, its value and what is wanted.
  func decoded<Value: Decodable>(_ type: Value.Type, settings: LayerSettings = LayerSettings()) throws -> Value {
    // Layers, and what has a form of its own in descriptions.
    if type == Layer.self { return try layer(inside: settings.depth) as! Value }
    if type == Nonlinearity.self || type == Activation.self {
      // Its reader checks the keys.
      if case .mapping(let entries) = value { for entry in entries { settings.ask(entry.key, of: self) } }
      let activation = try activation()
      return type == Activation.self ? activation as! Value : Nonlinearity(activation) as! Value
    }
    if type == Bool.self { return try boolean() as! Value }
    if type == String.self {
      guard let text else { throw error("\(name) must be a word, and is \(shape).") }
      return text as! Value
    }
    if let type = type as? any FixedWidthInteger.Type { return try whole(type) as! Value }
    if let type = type as? any BinaryFloatingPoint.Type { return try number(type) as! Value }
    do {
      return try Value(from: NodeDecoder(node: self, settings: settings))
    } catch let problem as DecodingError {
      if let type = type as? any (RawRepresentable<String> & CaseIterable).Type { throw wrongWord(type) }
      throw error("\(name) is \(shape): \(problem.sentence)")
    }
  }

  private func whole<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
    let number = try integer()
    guard let value = Value(exactly: number) else {
      throw error("\(name) must be from \(Value.min) to \(Value.max), and is \(number).")
    }
    return value
  }

  private func number<Value: BinaryFloatingPoint>(_ type: Value.Type) throws -> Value {
    guard text.flatMap({ Double($0) }) != nil else { throw error("\(name) must be a number, and is \(shape).") }
    return Value(try double())
  }

  private func wrongWord<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> SpecificationError {
    do {
      _ = try word(of: Choice.allCases.map(\.rawValue))
    } catch let problem as SpecificationError {
      return problem
    } catch {}
    return error("\(name) cannot be \(shape).")
  }
}

extension DecodingError {
  /// What a type's own decoding says, with a full stop.
  var sentence: String {
    let text =
      switch self {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
        .dataCorrupted(let context):
        context.debugDescription
      @unknown default: "it is not of the form that is wanted"
      }
    return text.last.map { ".?!".contains($0) } == true ? text : text + "."
  }
}

/// Gives a piece of a description to a `Decodable` type.
struct NodeDecoder: Decoder {
  let node: SpecificationNode
  let settings: LayerSettings
  var codingPath: [any CodingKey] { node.path.map { PathKey(stringValue: $0) } }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .mapping(let entries) = node.value else {
      throw node.error("\(node.name) must be a set of keys, and is \(node.shape).")
    }
    settings.ask(nil, of: node)
    return KeyedDecodingContainer(Keyed(node: node, entries: entries, settings: settings))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    Unkeyed(node: node, nodes: try node.list(), settings: settings)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(node: node, settings: settings) }

  /// A key of the path that leads to a piece.
  struct PathKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension NodeDecoder {
  private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let node: SpecificationNode
    let entries: [SpecificationNode.Entry]
    let settings: LayerSettings
    var codingPath: [any CodingKey] { NodeDecoder(node: node, settings: settings).codingPath }
    /// Whoever goes through all keys knows them all.
    var allKeys: [Key] {
      entries.compactMap { entry in
        settings.ask(entry.key, of: node)
        return Key(stringValue: entry.key)
      }
    }

    private func entry(_ key: Key) -> SpecificationNode? {
      settings.ask(key.stringValue, of: node)
      return entries.first { $0.key == key.stringValue }?.node
    }

    private func required(_ key: Key) throws -> SpecificationNode {
      guard let found = entry(key) else { throw node.error("\(node.name) needs a key \(key.stringValue).") }
      return found
    }

    func contains(_ key: Key) -> Bool { entry(key) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { entry(key)?.isNull ?? true }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
      try required(key).decoded(type, settings: settings)
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
      try superDecoder(forKey: key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try superDecoder(forKey: key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { NodeDecoder(node: node, settings: settings) }
    func superDecoder(forKey key: Key) throws -> any Decoder {
      NodeDecoder(node: try required(key), settings: settings)
    }
  }

  private struct Unkeyed: UnkeyedDecodingContainer {
    let node: SpecificationNode
    let nodes: [SpecificationNode]
    let settings: LayerSettings
    private(set) var currentIndex = 0
    var codingPath: [any CodingKey] { NodeDecoder(node: node, settings: settings).codingPath }
    var count: Int? { nodes.count }
    var isAtEnd: Bool { currentIndex >= nodes.count }

    init(node: SpecificationNode, nodes: [SpecificationNode], settings: LayerSettings) {
      (self.node, self.nodes, self.settings) = (node, nodes, settings)
    }

    private func current() throws -> SpecificationNode {
      guard !isAtEnd else {
        throw node.error(
          "\(node.name) has \(nodes.count) \(nodes.count == 1 ? "entry" : "entries"), and more are needed.")
      }
      return nodes[currentIndex]
    }

    mutating func decodeNil() throws -> Bool {
      guard try current().isNull else { return false }
      currentIndex += 1
      return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
      let value = try current().decoded(type, settings: settings)
      currentIndex += 1
      return value
    }

    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { try superDecoder().container(keyedBy: type) }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
      try superDecoder().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder {
      let decoder = NodeDecoder(node: try current(), settings: settings)
      currentIndex += 1
      return decoder
    }
  }

  private struct Single: SingleValueDecodingContainer {
    let node: SpecificationNode
    let settings: LayerSettings
    var codingPath: [any CodingKey] { NodeDecoder(node: node, settings: settings).codingPath }

    func decodeNil() -> Bool { node.isNull }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try node.decoded(type, settings: settings) }
  }
}
