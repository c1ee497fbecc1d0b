import Synchronization

extension Layer {
  /// The kinds of layers that can be read from a description, by key.
  private static let register = Mutex<[String: any LayerDescription.Type]>([
    Dense.key: Dense.self, Nonlinearity.key: Nonlinearity.self, Residual.key: Residual.self,
    Embedding.key: Embedding.self, PositionalEmbedding.key: PositionalEmbedding.self, LayerNorm.key: LayerNorm.self,
    RootMeanSquareNorm.key: RootMeanSquareNorm.self, SelfAttention.key: SelfAttention.self,
    Convolution.key: Convolution.self, AveragePool.key: AveragePool.self, MaxPool.key: MaxPool.self,
    GlobalAveragePool.key: GlobalAveragePool.self, Flatten.key: Flatten.self, BatchNorm.key: BatchNorm.self,
    Dropout.key: Dropout.self,
  ])

  /// Makes a new kind of layer known to descriptions and archives, under its key.
  ///
  /// - Throws: `NetworkError` when another kind has this key already. Registering the same kind again does nothing.
  public static func register<Description: LayerDescription>(_ kind: Description.Type) throws {
    try register.withLock { kinds in
      if let other = kinds[kind.key], ObjectIdentifier(other) != ObjectIdentifier(kind) {
        throw NetworkError(
          .unknownName, "the key '\(kind.key)' already belongs to the layer \(other)", remedy: "choose another key.")
      }
      kinds[kind.key] = kind
    }
  }

  /// The keys of all known kinds of layers, in alphabetical order.
  public static var registeredKeys: [String] { register.withLock { $0.keys.sorted() } }

  private static func kind(for key: String) throws -> any LayerDescription.Type {
    guard let kind = register.withLock({ $0[key] }) else {
      throw NetworkError(
        .unknownName, "there is no layer called '\(key)'", remedy: Spelling.remedy(for: key, among: registeredKeys))
    }
    return kind
  }

  /// The key of this layer in a description.
  public var key: String { type(of: description).key }
}

/// One key beside a value: `{"dense": {"units": 3, "role": "hidden"}}`.
extension Layer: Codable {
  /// - Throws: `NetworkError` for an unknown key, `DecodingError` for the wrong shape.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    guard let key = container.allKeys.first, container.allKeys.count == 1 else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "A layer has one key, its kind, and here are \(container.allKeys.count)."))
    }
    func decode<Description: LayerDescription>(_ kind: Description.Type) throws -> Layer {
      Layer(try container.decode(kind, forKey: key))
    }
    self = try decode(try Self.kind(for: key.stringValue))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: AnyKey.self)
    try container.encode(description, forKey: AnyKey(stringValue: key))
  }
}
