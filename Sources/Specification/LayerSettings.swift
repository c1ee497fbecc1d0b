import OrreryNetworks

/// Which keys have been asked for while a layer was read: those that it knows.
final class LayerSettings {
  private var asked: [[String]: Set<String>] = [:]
  /// How many layers stand around it, itself among them; 0 outside of layers.
  let depth: Int

  init(depth: Int = 0) { self.depth = depth }

  func ask(_ key: String?, of node: SpecificationNode) {
    asked[node.path, default: []].formUnion(key.map { [$0] } ?? [])
  }

  /// Finds a key that nobody has asked for.
  ///
  /// - Parameter isWhole: whether the node is a layer's own settings, which has none where it asks for no key.
  /// - Throws: `SpecificationError`, which names the nearest right one.
  func requireAsked(_ node: SpecificationNode, isWhole: Bool = false) throws {
    switch node.value {
    case .mapping(let entries):
      guard let known = asked[node.path] ?? (isWhole ? [] : nil) else { return }
      for entry in entries {
        guard known.contains(entry.key) else {
          let keys = known.sorted()
          let hint =
            Spelling.nearest(to: entry.key, among: keys).map { "Did you mean \($0)?" }
            ?? (keys.isEmpty ? "There are no settings here." : "The keys here are \(keys.joined(separator: ", ")).")
          throw SpecificationError(
            origin: node.origin, line: entry.line, message: "Unknown key '\(entry.key)' in \(node.name). \(hint)")
        }
        try requireAsked(entry.node)
      }
    case .sequence(let nodes):
      for inner in nodes { try requireAsked(inner) }
    default: return
    }
  }
}
