import OrreryReports

/// Runs inquiries, one after the other: each forecast is on disk before the first network is drawn.
public struct Runner: Sendable {
  /// The report's folder; nil for none.
  public var folder: ReportFolder?
  public var sitting: Sitting

  public init(_ folder: ReportFolder? = nil, _ sitting: Sitting = Sitting()) {
    self.folder = folder
    self.sitting = sitting
  }

  /// - Parameter inquiries: the points of a sweep, or one.
  /// - Returns: their findings, which are written too.
  /// - Throws: as the other.
  public func run<I: Inquiry>(_ inquiries: [I]) throws -> [I.Finding] { try run(inquiries.count) { inquiries[$0] } }

  /// - Parameters:
  ///   - count: the points of a sweep, or one.
  ///   - inquiry: makes the point of a number, from 0, when its turn comes: what theory prepares may take time and memory.
  /// - Returns: their findings, which are written too.
  /// - Throws: what the inquiries throw; `OutputError` for a folder that cannot be written, before any work.
  public func run<I: Inquiry>(_ count: Int, _ inquiry: (Int) throws -> I) throws -> [I.Finding] {
    try folder?.prepare()
    let findings = try (0..<count).map { index in
      let folder = count > 1 ? folder?.point(index + 1) : folder
      try folder?.prepare()
      return try run(inquiry(index), in: folder, prefix: count > 1 ? "[\(index + 1)/\(count)] " : "")
    }
    if count > 1 { try folder?.write(I.Finding.index(of: findings)) }
    return findings
  }

  private func run<I: Inquiry>(_ inquiry: I, in folder: ReportFolder?, prefix: String) throws -> I.Finding {
    var sitting = sitting
    let report = sitting.report
    sitting.report = { report(prefix + $0, $1) }
    let forecast = try inquiry.forecast(sitting)
    if let forecast { try folder?.write(forecast: forecast) }
    let finding = try inquiry.finding(forecast, I.measure(inquiry.setup, sitting))
    try folder?.write(finding)
    return finding
  }
}
