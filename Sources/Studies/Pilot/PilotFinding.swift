import OrreryExperiment
import OrreryNetworks

/// What a pilot's networks did, beside what was forecast of them.
public struct PilotFinding: Codable, Sendable {
  /// 2: outcomes that cannot be told.
  public static let schemaVersion = 2

  /// One initialization at one learning rate.
  public struct Point: Codable, Sendable {
    public var initialization: String
    /// The learning rate over the study's own.
    public var factor: Double
    public var finding: TrainingFinding

    /// The rate itself.
    public var learningRate: Double { finding.study.optimizer?.learningRate.value ?? .nan }
    /// The median training loss at the end; nil where a network diverged.
    public var loss: Double? { finding.divergences.isEmpty ? finding.series(.loss)?.median.last : nil }
    /// The median test accuracy at the end; nil without classes, and where a network diverged.
    public var testAccuracy: Double? {
      finding.divergences.isEmpty ? finding.series(.testAccuracy)?.median.last : nil
    }
  }

  /// One initialization at all its learning rates.
  public struct Row: Codable, Sendable {
    public var initialization: String
    public var isOwn: Bool
    /// Nil where theory says nothing, or only that it is in doubt.
    public var forecastTrains: Bool?
    public var reason: String
    /// Whether some rate got the training loss below ``PilotFinding/learningThreshold`` of the best constant's.
    public var learned: Bool
    public var outcome: Outcome
    public var points: [Point]

    /// The point of the smallest training loss.
    public var best: Point? { points.filter { $0.loss != nil }.min { $0.loss! < $1.loss! } }
  }

  public var schema = schemaVersion
  public var forecast: Forecast
  public var request: PilotRequest
  /// The training loss of the best constant output.
  public var constantLoss: Double
  public var rows: [Row]

  /// A network has learned something when its training loss is below nine tenths of the best constant output's. Networks that
  /// do not tell inputs apart stay at one; those that do are far below after some hundred steps.
  public static let learningThreshold = 0.9

  init(forecast: Forecast, request: PilotRequest, constantLoss: Double, points: [Point]) {
    self.forecast = forecast
    self.request = request
    self.constantLoss = constantLoss
    func learned(_ point: Point) -> Bool { point.loss.map { $0 < Self.learningThreshold * constantLoss } ?? false }
    let someLearned = points.contains(where: learned)
    rows = forecast.initializations.map { column in
      let own = points.filter { $0.initialization == column.name }
      let trainability = column.trainability
      let says = trainability.flatMap { $0.isOpen ? nil : $0.trains }
      let fate = own.first { $0.factor == 1 }.map { point -> Outcome.Fate in
        learned(point) ? .learned : point.finding.divergences.isEmpty ? .stood : .diverged
      }
      let outcome = Outcome(
        forecastTrains: says, forecastOverflows: trainability?.overflows == true, atOwnRate: fate,
        learnedAtSomeRate: own.contains(where: learned), someLearned: someLearned)
      return Row(
        initialization: column.name, isOwn: column.isOwn, forecastTrains: says, reason: trainability?.reason ?? "",
        learned: own.contains(where: learned), outcome: outcome, points: own)
    }
  }
}
