import OrreryNetworks
import OrreryTheory

/// An initialization that a forecast sets beside others: a column of the first page.
struct InitializationCandidate {
  var name: String
  var isOwn: Bool
  var layers: [LayerInitialization]

  /// The study's own initialization first, then PyTorch's default, He's and the critical one, each once.
  ///
  /// - Parameter own: the study's own, resolved.
  static func all(beside described: Initialization, own: PerceptronView, meanSquaredInput: Double)
    -> [InitializationCandidate]
  {
    var candidates = [
      InitializationCandidate(name: described.shortName, isOwn: true, layers: own.layers)
    ]
    for initialization in [Initialization.named(.pytorchLinear), .named(.he), .critical] {
      guard initialization != described,
        let layers = try? NetworkResolver.layers(
          of: initialization, architecture: own.architecture, inputs: own.inputs, meanSquaredInput: meanSquaredInput)
      else { continue }
      if let same = candidates.firstIndex(where: { $0.layers == layers }) {
        candidates[same].name += " = " + initialization.shortName
      } else {
        candidates.append(InitializationCandidate(name: initialization.shortName, isOwn: false, layers: layers))
      }
    }
    return candidates
  }
}

extension Initialization {
  /// What a column's head calls it.
  package var shortName: String {
    switch self {
    case .critical: "critical"
    case .named(.pytorchLinear): "nn.Linear"
    case .named(let name): name.rawValue
    case .uniform(let layer): "(\(shortest(layer.weightVariance)), \(shortest(layer.biasVariance)))"
    case .perLayer: "as listed"
    }
  }

  private func shortest(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e6 ? String(Int(value)) : String(value)
  }
}
