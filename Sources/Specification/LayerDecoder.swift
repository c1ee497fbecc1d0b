import OrreryNetworks

extension SpecificationNode {
  /// A list of layers, each one key with its settings below it, or a plain word.
  ///
  /// Layers are read by their own `Codable` conformance, so that a registered layer of a user's is read like the rest. A key
  /// that a layer does not ask for is not one of its settings.
  func layers() throws -> [Layer] {
    let nodes = try list()
    guard !nodes.isEmpty else { throw error("\(name) is an empty list; give the network at least one layer.") }
    guard nodes.count <= LayerBounds.mostLayers else { throw error(Self.tooMany(nodes.count, name)) }
    let layers = try nodes.map { try $0.decoded(Layer.self) }
    let count = layers.totalCount
    guard count <= LayerBounds.mostLayers else { throw error(Self.tooMany(count, name)) }
    return layers
  }

  private static func tooMany(_ count: Int, _ name: String) -> String {
    "\(name) lists \(count) layers; list at most \(LayerBounds.mostLayers)."
  }

  /// One layer, wherever it stands: in the network's list, in a residual block, in a layer of a user's.
  ///
  /// - Parameter depth: how many layers stand around it.
  func layer(inside depth: Int = 0) throws -> Layer {
    guard depth < LayerBounds.deepestNesting else {
      throw error(
        "\(path.prefix(3).joined(separator: ".")) has layers inside layers, more than \(LayerBounds.deepestNesting) deep; nest at "
          + "most \(LayerBounds.deepestNesting).")
    }
    let node = try layerNode
    let settings = LayerSettings(depth: depth + 1)
    do {
      let layer = try Layer(from: NodeDecoder(node: node, settings: settings))
      if case .mapping(let entries) = node.value { try settings.requireAsked(entries[0].node, isWhole: true) }
      try layer.description.validate()
      return layer
    } catch let problem as NetworkError {
      throw node.located(problem)
    } catch let problem as DecodingError {
      throw error("\(name) cannot be read as a layer: \(problem.sentence)")
    }
  }

  /// With one key and its settings; a plain word is a layer without settings.
  private var layerNode: SpecificationNode {
    get throws {
      var node = self
      func settings(_ key: String, line: Int?) -> SpecificationNode {
        SpecificationNode(value: .mapping([]), origin: origin, line: line, path: path + [key])
      }
      if case .scalar(let word) = value {
        node.value = .mapping([Entry(key: word, line: line, node: settings(word, line: line))])
        return node
      }
      guard case .mapping(let entries) = value, entries.count == 1 else {
        throw error("\(name) must be one layer, such as { dense: { units: 10 } }, and is \(shape).")
      }
      if entries[0].node.isNull {
        let key = entries[0].key
        node.value = .mapping([Entry(key: key, line: entries[0].line, node: settings(key, line: entries[0].line))])
      }
      return node
    }
  }

  /// At the setting that is wrong, where the error says which.
  private func located(_ problem: NetworkError) -> SpecificationError {
    guard case .mapping(let entries) = value, let settings = entries.first?.node else {
      return error("\(name): \(problem.description)")
    }
    var place = problem.kind == .unknownName ? self : settings
    if let key = problem.key, case .mapping(let inner) = settings.value,
      let found = inner.first(where: { $0.key == key })
    {
      place = found.node
    }
    return place.error("\(place.name): \(problem.description)")
  }
}
