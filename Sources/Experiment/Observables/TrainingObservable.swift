import OrreryFindings

/// Something that is recorded of a network at steps of its training: one of the catalogue, ``allCases``, by its name, or a
/// ``NetworkObservable`` of one's own.
///
/// Each of the catalogue is one file under `Observables/Catalogue`, with its definition, estimator, error and source.
public struct TrainingObservable: Hashable, Sendable, CaseIterable, RawRepresentable, CustomStringConvertible {
  /// In kebab-case: `loss`, `tangent-kernel`.
  public let rawValue: String

  /// Nil for a name that is not in the catalogue.
  public init?(rawValue: String) {
    guard let definition = ObservableCatalogue.definition(rawValue) else { return nil }
    self.init(definition)
  }

  /// An observable of one's own.
  ///
  /// - Throws: ``ObservableError`` for a key that the catalogue has, or that is not in kebab-case.
  public init<Observable: NetworkObservable>(_ kind: Observable.Type) throws {
    try ObservableNames.check(key: kind.key)
    self.init(UserObservable<Observable>.self)
  }

  init(_ definition: any ObservableDefinition.Type) {
    rawValue = definition.key
    self.definition = definition
  }

  public static func == (left: TrainingObservable, right: TrainingObservable) -> Bool {
    left.rawValue == right.rawValue && ObjectIdentifier(left.definition) == ObjectIdentifier(right.definition)
  }

  /// Swift's own for raw values would compare names alone.
  public static func != (left: TrainingObservable, right: TrainingObservable) -> Bool { !(left == right) }

  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }

  /// Every observable of the catalogue, in the order in which reports show them.
  public static var allCases: [TrainingObservable] { ObservableCatalogue.all.map { TrainingObservable($0) } }

  public var description: String { rawValue }

  let definition: any ObservableDefinition.Type

  /// What a report calls it.
  public var title: String { definition.title }
  /// What it is, a formula among it.
  public var meaning: String { definition.meaning }
  /// How it is estimated, and with which error.
  public var method: String { definition.method }
  /// Where it comes from; empty for what everybody knows.
  public var publications: [Publication] { definition.publications }
  /// The same in words.
  public var source: String { publications.map(\.reference).joined(separator: "; ") }
  /// Whether it depends on a loss and not on the network alone.
  public var needsLoss: Bool { definition.needsLoss }
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

/// By name.
extension TrainingObservable: Codable {
  /// Where a decoder finds those that are not of the catalogue: a list `[TrainingObservable]` in its `userInfo`.
  public static let decodingKey = CodingUserInfoKey(rawValue: "orrery.observables")!

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    let others = decoder.userInfo[Self.decodingKey] as? [TrainingObservable] ?? []
    guard let known = TrainingObservable(rawValue: name) ?? others.first(where: { $0.rawValue == name }) else {
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
