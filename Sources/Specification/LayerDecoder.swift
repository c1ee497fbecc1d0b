import Foundation
import OrreryNetworks

extension SpecificationNode {
  /// A list of layers, each one key with its settings below it, or a plain word.
  ///
  /// Layers are read by their own `Codable` conformance, so that a registered layer of a user's is read like the rest. A key
  /// that a layer, written out again, does not have is not one of its settings.
  func layers() throws -> [Layer] {
    let nodes = try list()
    guard !nodes.isEmpty else { throw error("\(name) is an empty list; give the network at least one layer.") }
    guard nodes.count <= LayerBounds.mostLayers else { throw error(Self.tooMany(nodes.count, name)) }
    let layers = try nodes.map { try $0.layer() }
    let count = layers.totalCount
    guard count <= LayerBounds.mostLayers else { throw error(Self.tooMany(count, name)) }
    return layers
  }

  private static func tooMany(_ count: Int, _ name: String) -> String {
    "\(name) lists \(count) layers; list at most \(LayerBounds.mostLayers)."
  }

  private func layer() throws -> Layer {
    let object = try layerObject
    do {
      let data = try JSONSerialization.data(withJSONObject: object)
      let layer = try JSONDecoder().decode(Layer.self, from: data)
      try checkKeys(against: try JSONSerialization.jsonObject(with: JSONEncoder().encode(layer)))
      return layer
    } catch let problem as DecodingError {
      throw located(problem)
    } catch let problem as NetworkError {
      throw error("\(name): \(problem.description).")
    }
  }

  /// As JSON; a plain word is a layer without settings.
  private var layerObject: Any {
    get throws {
      if case .scalar(let word) = value { return [word: [String: Any]()] }
      guard case .mapping(let entries) = value, entries.count == 1 else {
        throw error("\(name) must be one layer, such as { dense: { units: 10 } }, and is \(shape).")
      }
      let settings = entries[0].node
      return [entries[0].key: settings.isNull ? [String: Any]() : settings.jsonObject]
    }
  }

  private var jsonObject: Any {
    switch value {
    case .null: return NSNull()
    case .scalar("true"), .scalar("yes"), .scalar("on"): return true
    case .scalar("false"), .scalar("no"), .scalar("off"): return false
    case .scalar(let text):
      if let whole = Int(text.replacingOccurrences(of: "_", with: "")) { return whole }
      if let number = Double(text), number.isFinite { return number }
      return text
    case .sequence(let nodes):
      // Layers in layers, as a residual block has them, may be plain words too.
      return nodes.map { node -> Any in
        if case .scalar(let word) = node.value, Layer.registeredKeys.contains(word) { return [word: [String: Any]()] }
        return node.jsonObject
      }
    case .mapping(let entries):
      return Dictionary(entries.map { ($0.key, $0.node.jsonObject) }, uniquingKeysWith: { $1 })
    }
  }

  /// Finds a setting that the layer, once read, does not know of.
  private func checkKeys(against known: Any) throws {
    switch (value, known) {
    case (.mapping(let entries), let known as [String: Any]):
      for entry in entries {
        guard let inner = known[entry.key] else {
          let keys = known.keys.sorted()
          let hint =
            Spelling.nearest(to: entry.key, among: keys).map { "Did you mean \($0)?" }
            ?? (keys.isEmpty ? "There are no settings here." : "The keys here are \(keys.joined(separator: ", ")).")
          throw SpecificationError(
            origin: origin, line: entry.line, message: "Unknown key '\(entry.key)' in \(name). \(hint)")
        }
        try entry.node.checkKeys(against: inner)
      }
    case (.sequence(let nodes), let known as [Any]):
      for (node, inner) in zip(nodes, known) { try node.checkKeys(against: inner) }
    default: break
    }
  }

  /// The place in the description that a layer could not be read at.
  private func located(_ problem: DecodingError) -> SpecificationError {
    switch problem {
    case .keyNotFound(let key, let context):
      let node = descendant(context.codingPath)
      return node.error("\(node.name) needs a key \(key.stringValue).")
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      let node = descendant(context.codingPath)
      let wanted =
        switch type {
        case is Int.Type: "a whole number"
        case is Double.Type: "a number"
        case is Bool.Type: "true or false"
        case is String.Type: "a word"
        default: context.debugDescription
        }
      return node.error("\(node.name) must be \(wanted), and is \(node.shape).")
    case .dataCorrupted(let context):
      let node = descendant(context.codingPath)
      return node.error("\(node.name) is \(node.shape): \(context.debugDescription)")
    @unknown default: return error("\(name) cannot be read as a layer: \(problem).")
    }
  }

  /// The deepest piece along a path of keys and places.
  private func descendant(_ path: [any CodingKey]) -> SpecificationNode {
    guard let first = path.first else { return self }
    let rest = Array(path.dropFirst())
    switch value {
    case .mapping(let entries):
      guard let entry = entries.first(where: { $0.key == first.stringValue }) else { return self }
      return entry.node.descendant(rest)
    case .sequence(let nodes):
      guard let place = first.intValue, nodes.indices.contains(place) else { return self }
      return nodes[place].descendant(rest)
    default: return self
    }
  }
}
