import OrreryArchive

/// Where and how an inquiry runs; no number depends on it.
public struct Sitting: Sendable {
  /// Where trained networks' numbers are kept, and found again.
  public var archive: RunArchive?
  /// Whether to forget earlier answers.
  public var isStartingOver = false
  /// Seconds between two savings of how far a run is.
  public var savingInterval = 10.0
  /// What training is called in reports: "training", "measuring".
  public var activity = "training"
  /// What is being done, and the fraction of it that is done, where it is known.
  public var report: @Sendable (String, Double?) -> Void
  /// Asked now and then; true ends the work with an error.
  public var isCancelled: @Sendable () -> Bool

  public init(
    archive: RunArchive? = nil, report: @escaping @Sendable (String, Double?) -> Void = { _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.archive = archive
    self.report = report
    self.isCancelled = isCancelled
  }

  /// The archive of an inquiry that trains.
  ///
  /// - Throws: ``StudyError`` when there is none.
  func requireArchive() throws -> RunArchive {
    guard let archive else {
      throw StudyError(
        .missingPart, "Networks are trained into an archive, and none was given; open one with RunArchive.open().")
    }
    return archive
  }
}
