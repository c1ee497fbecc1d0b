import OrreryExperiment
import OrreryFindings
import OrreryNetworks

extension ResolvedStudy where Network == ResolvedNetwork {
  /// Where its network's parts, initialization, data and optimizer come from.
  public var sources: [Source] {
    network.sources + Self.sources(ofInitialization: initializationName) + data.sources + (optimizer?.sources ?? [])
  }

  /// Of one that is known by name; empty for others.
  static func sources(ofInitialization name: String) -> [Source] {
    NamedInitialization.allCases.filter { Initialization.named($0).shortName == name }.map(\.source)
  }
}

extension TrainingObservable {
  /// Where it comes from; empty for what everybody knows.
  ///
  /// Integration is asked for wherever nothing else is, and is there with gradient flow alone, which cites the same.
  var sources: [Source] {
    publications.isEmpty || self == .integration
      ? [] : [Source(key: "observable-\(rawValue)", title: title, statement: meaning, publications: publications)]
  }
}

extension TrainingFinding {
  /// Where its study's parts and what was observed come from.
  public var sources: [Source] { study.sources + request.observables.flatMap(\.sources) }
}
