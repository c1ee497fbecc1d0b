import OrreryReports

/// A question that theory answers before it is measured: the one way from a description to a finding.
///
/// An inquiry is made of a study that is loaded and resolved; making it checks what can be checked. ``Runner`` then asks for the forecast, writes it,
/// measures, compares and writes the report. ``measure(_:_:)`` gets the setup alone, so that no measurement can know what was predicted.
public protocol Inquiry: Sendable {
  /// What will be run: every network, width, rate, sample and seed.
  associatedtype Setup: Sendable
  /// What theory says of it, as it is written down.
  associatedtype Forecast: Encodable & Sendable
  /// What was measured.
  associatedtype Evidence: Sendable
  associatedtype Finding: Reportable

  var setup: Setup { get }
  /// What theory says; nil where nothing is forecast. Runs no network.
  func forecast(_ sitting: Sitting) throws -> Forecast?
  /// Runs the networks.
  static func measure(_ setup: Setup, _ sitting: Sitting) throws -> Evidence
  /// Sets one beside the other; draws no number.
  func finding(_ forecast: Forecast?, _ evidence: Evidence) throws -> Finding
}

extension Inquiry {
  /// Forecast, measurement, comparison, without a report.
  public func run(_ sitting: Sitting = Sitting()) throws -> Finding {
    let forecast = try forecast(sitting)
    return try finding(forecast, Self.measure(setup, sitting))
  }
}

/// What is only measured: nothing is said beforehand.
public struct NoForecast: Encodable, Sendable {}
