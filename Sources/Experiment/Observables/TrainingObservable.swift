/// Something that is recorded of a network at steps of its training, by name: see ``all``.
///
/// Each is one file under `Observables/Catalogue`, with its definition, estimator, error and source.
public struct TrainingObservable: Hashable, Sendable, CaseIterable, RawRepresentable, CustomStringConvertible {
  /// In kebab-case: `loss`, `tangent-kernel`.
  public let rawValue: String

  /// Nil for a name that is not in the catalogue.
  public init?(rawValue: String) {
    guard ObservableCatalogue.definition(rawValue) != nil else { return nil }
    self.rawValue = rawValue
  }

  init(_ definition: any ObservableDefinition.Type) { rawValue = definition.key }

  /// Every observable, in the order in which reports show them.
  public static var allCases: [TrainingObservable] { ObservableCatalogue.all.map { TrainingObservable($0) } }

  public var description: String { rawValue }

  var definition: any ObservableDefinition.Type { ObservableCatalogue.definition(rawValue)! }

  /// What a report calls it.
  public var title: String { definition.title }
  /// What it is, a formula among it.
  public var meaning: String { definition.meaning }
  /// How it is estimated, and with which error.
  public var method: String { definition.method }
  /// Where it comes from; empty for what everybody knows.
  public var source: String { definition.source }
  /// Whether it depends on a loss and not on the network alone.
  public var needsLoss: Bool {
    self == .gradientNorm || self == .batchLoss || self == .loss || self == .testLoss
      || !definition.services.isDisjoint(with: [.gradient, .hessian, .gradientNoise])
  }
  /// Rises whenever the estimator gets other digits.
  public var numericsVersion: Int { definition.numericsVersion }
}

extension TrainingObservable {
  public static let loss = TrainingObservable(LossObservable.self)
  public static let accuracy = TrainingObservable(AccuracyObservable.self)
  public static let batchLoss = TrainingObservable(BatchLossObservable.self)
  public static let outputs = TrainingObservable(OutputsObservable.self)
  public static let testOutputs = TrainingObservable(TestOutputsObservable.self)
  public static let testLoss = TrainingObservable(TestLossObservable.self)
  public static let testAccuracy = TrainingObservable(TestAccuracyObservable.self)
  public static let gradientNorm = TrainingObservable(GradientNormObservable.self)
  public static let weightNorm = TrainingObservable(WeightNormObservable.self)
  public static let integration = TrainingObservable(IntegrationObservable.self)
  public static let sharpness = TrainingObservable(SharpnessObservable.self)

  /// What is recorded unless asked otherwise: everything of these that the data have; none costs more than passes over them.
  public static let usual: [TrainingObservable] = [
    .loss, .accuracy, .testLoss, .testAccuracy, .gradientNorm, .weightNorm, .integration,
  ]
}

extension TrainingObservable: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let known = TrainingObservable(rawValue: name) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "There is no observable called '\(name)'.")
    }
    self = known
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
