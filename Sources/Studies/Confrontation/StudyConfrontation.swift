import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTheory

/// A study confronted with real networks: at initialization always, and in training where theory covers it.
public struct StudyConfrontation: Inquiry {
  public struct Setup: Sendable {
    let initialization: InitializationSetup
    let training: DynamicsRun.Setup?
  }

  /// Everything that is fixed before measuring.
  public struct Forecast: Encodable, Sendable {
    /// The study's digest.
    public var hash: String
    public var forecast: OrreryStudies.Forecast { initialization.forecast }
    /// Every prediction for the study's own network at initialization.
    public var predictions: [Prediction]
    public var dynamics: DynamicsForecast?
    let initialization: InitializationConfrontation.Predictions

    private enum Key: String, CodingKey { case hash, forecast, predictions, dynamics }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(hash, forKey: .hash)
      try container.encode(forecast, forKey: .forecast)
      try container.encode(predictions, forKey: .predictions)
      try container.encodeIfPresent(dynamics, forKey: .dynamics)
    }
  }

  public struct Evidence: Sendable {
    let initialization: InitializationEvidence
    let training: DynamicsRun.Evidence?
  }

  private let loaded: LoadedStudy
  private let initialization: InitializationConfrontation
  private let training: DynamicsRun?
  private let trainingExclusion: String?

  /// - Parameter hasTraining: whether to confront training too, where it is covered.
  /// - Throws: `StudyError` for networks that theory does not cover, and for more memory than there is; what kernels and checks throw.
  public init(_ loaded: LoadedStudy, hasTraining: Bool = true) throws {
    self.loaded = loaded
    try ConfrontationDemand(loaded).requireMemory()
    initialization = try InitializationConfrontation(loaded)
    (training, trainingExclusion) = hasTraining ? try Self.training(loaded) : (nil, nil)
  }

  /// Training beside infinite width, or why it is not confronted. A rate at which training diverges is no reason to leave out
  /// initialization.
  private static func training(_ loaded: LoadedStudy) throws -> (DynamicsRun?, String?) {
    if let reason = DynamicsRun.exclusion(loaded) { return (nil, loaded.study.optimizer == nil ? nil : reason) }
    do {
      return (try DynamicsRun(loaded), nil)
    } catch DynamicsError.diverges(let rate, let largestStable, let step) {
      func text(_ number: Double) -> String { NumberText.text(number, digits: 4) }
      return (
        nil,
        "With the learning rate \(text(rate)) training diverges at infinite width, out of range by step \(step): it is stable below "
          + "\(text(largestStable))."
      )
    }
  }

  public var setup: Setup { Setup(initialization: initialization.setup, training: training?.setup) }

  public func forecast(_ sitting: Sitting) throws -> Forecast? {
    let predictions = try initialization.predictions(sitting)
    return Forecast(
      hash: loaded.hash, predictions: initialization.all(predictions), dynamics: training?.forecast,
      initialization: predictions)
  }

  public static func measure(_ setup: Setup, _ sitting: Sitting) throws -> Evidence {
    Evidence(
      initialization: try InitializationEvidence(setup.initialization, sitting),
      training: try setup.training.map { try DynamicsRun.measure($0, sitting) })
  }

  public func finding(_ forecast: Forecast?, _ evidence: Evidence) throws -> Finding {
    guard let forecast else { preconditionFailure("A confrontation is of a forecast.") }
    var finding = initialization.finding(forecast.initialization, evidence.initialization)
    finding.dynamicsExclusion = trainingExclusion
    if let training, let evidence = evidence.training { finding.dynamics = try training.finding(evidence) }
    return finding
  }
}
