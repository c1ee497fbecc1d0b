import OrreryAnalysis
import OrreryFindings
import OrreryReports

/// A statement of the physics of deep learning that an experiment can refute.
///
/// One law is one file: what it says with its formula, source and domain of validity; what theory predicts for the numbers
/// that decide it; how they are measured on real networks; and the picture. The forecast is made, and written, before the
/// measurement begins.
///
/// ```swift
/// let finding = try VertexGrowth(.quick).confront(in: Laboratory(seed: 7))
/// finding.verdict
/// ```
public protocol Law: Sendable {
  /// What it says, where it comes from, where it holds, how it is decided.
  static var statement: LawStatement { get }

  /// The law with the sizes (widths, depths, networks) of a budget.
  init(_ budget: LawBudget)

  /// What theory says of the numbers that decide the law. Runs no network.
  func forecast() throws -> LawForecast

  /// Measures what was forecast, on real networks; where it says so, on the Gram chain, whose law is theirs.
  ///
  /// - Throws: the errors of the experiments it runs; a cancelled one throws theirs.
  func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence
}

/// How long a law may be measured, on two cores of a laptop.
public enum LawBudget: String, Codable, Sendable, CaseIterable {
  /// Seconds: enough to see the law, and to refute what is plainly wrong.
  case quick
  /// About a minute.
  case standard
  /// About ten minutes.
  case thorough

  /// One of three values, by budget.
  public func pick<Value>(_ quick: Value, _ standard: Value, _ thorough: Value) -> Value {
    switch self {
    case .quick: quick
    case .standard: standard
    case .thorough: thorough
    }
  }
}

/// Where a law is measured: its random streams, and who watches.
public struct Laboratory: Sendable {
  public var seed: UInt64
  /// Told what is being done and how much of the measurement is behind, 0 … 1.
  public var progress: (@Sendable (_ stage: String, _ fraction: Double) -> Void)?
  public var isCancelled: (@Sendable () -> Bool)?

  public init(
    seed: UInt64, progress: (@Sendable (_ stage: String, _ fraction: Double) -> Void)? = nil,
    isCancelled: (@Sendable () -> Bool)? = nil
  ) {
    self.seed = seed
    self.progress = progress
    self.isCancelled = isCancelled
  }

  /// Whether the measurement is to end.
  var isStopped: Bool { isCancelled?() ?? false }

  /// The same laboratory with streams of one law's own, so that no two laws share networks (the FNV-1a hash of its name).
  package func measuring(_ key: String) -> Laboratory {
    var own = self
    own.seed ^= key.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return own
  }

  /// A seed for one part of a measurement, so that no two parts share networks.
  ///
  /// Streams are counter-based functions of the seed: seeds that differ in any bit give unrelated streams.
  public func seed(_ part: Int) -> UInt64 { seed &+ UInt64(part) &* 0x9E37_79B9_7F4A_7C15 }
}

extension Law {
  public static var key: String { statement.key }

  /// Forecasts, then measures, then judges.
  ///
  /// - Parameter forecastIsMade: gets the forecast before the first network is drawn, to keep it.
  /// - Throws: ``IncompleteEvidence`` where a claim was not measured; the errors of the law's theory and experiments.
  public func confront(
    in laboratory: Laboratory, forecastIsMade: (LawForecast) throws -> Void = { _ in }
  ) throws -> LawFinding {
    let forecast = try forecast()
    try forecastIsMade(forecast)
    let evidence = try measure(forecast, in: laboratory.measuring(Self.key))
    return try LawFinding(Self.statement, forecast: forecast, evidence: evidence, seed: laboratory.seed)
  }
}
