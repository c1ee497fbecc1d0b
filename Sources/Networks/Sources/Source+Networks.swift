import OrreryFindings

extension ActivationFunction {
  /// Where it comes from, under its name in descriptions.
  public var source: Source {
    Source(key: "activation-\(name)", title: "activation \(name)", statement: formula, publications: publications)
  }
}

extension NamedInitialization {
  public var source: Source {
    Source(
      key: "initialization-\(rawValue)", title: "initialization \(rawValue)", statement: displayName,
      publications: publications)
  }
}

extension Architecture {
  /// Where its parts come from, layers inside of blocks too: those whose origin is not what everybody knows.
  public var sources: [Source] { Self.sources(of: layers) }

  private static func sources(of layers: [Layer]) -> [Source] {
    layers.flatMap { layer -> [Source] in
      switch layer.description {
      case let own as Nonlinearity: return [own.activation.function.source]
      case let block as Residual: return sources(of: block.branch + block.skip)
      default:
        let publications = layer.description.publications
        return publications.isEmpty
          ? []
          : [Source(key: "layer-\(layer.key)", title: "layer \(layer.key)", statement: "", publications: publications)]
      }
    }
  }
}

extension ResolvedNetwork {
  /// Where its layers come from, and weights that are not independent.
  public var sources: [Source] {
    let isOrthogonal = initializations.contains { $0.weightDistribution == .orthogonal }
    return architecture.sources
      + (isOrthogonal
        ? [
          Source(
            key: "initialization-orthogonal", title: "orthogonal weights", statement: "W Wᵀ = C_W 1",
            publications: [.saxe2014exact])
        ] : [])
  }
}
