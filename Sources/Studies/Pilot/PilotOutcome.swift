extension PilotFinding {
  /// How a forecast fared.
  public enum Outcome: String, Codable, Sendable, CaseIterable {
    case agrees
    case refuted
    /// Nothing was in the way, and yet nothing was learned in so few steps.
    case notYet = "not yet"
    /// That nothing was learned is no sign: nothing else learned in so few steps either, or the rate was too large.
    case cannotTell = "cannot tell"
    /// There is no forecast to hold against it.
    case open

    /// What the networks at the study's own rate did.
    package enum Fate: Sendable {
      case learned
      /// Neither learned nor diverged.
      case stood
      case diverged
    }

    /// The rule.
    ///
    /// - Nothing in the way: some rate will do.
    /// - In the way: refuted by learning at the study's own rate, of which the forecast is. Not to learn confirms it only where
    ///   something else (another initialization, another rate) did learn in the same steps; and to diverge only where it
    ///   was forecast that values leave the range, since a rate that is too large needs no initialization to diverge.
    ///
    /// - Parameters:
    ///   - forecastTrains: nil where theory says nothing, or only that it is in doubt.
    ///   - forecastOverflows: whether what is in the way is that values leave the precision's range.
    ///   - atOwnRate: nil where nothing was trained at the study's own rate.
    ///   - learnedAtSomeRate: whether this initialization learned at any rate.
    ///   - someLearned: whether any initialization learned at any rate.
    package init(
      forecastTrains: Bool?, forecastOverflows: Bool, atOwnRate: Fate?, learnedAtSomeRate: Bool, someLearned: Bool
    ) {
      self =
        switch (forecastTrains, atOwnRate) {
        case (nil, _): .open
        case (true?, _): learnedAtSomeRate ? .agrees : .notYet
        case (false?, .learned?): .refuted
        case (false?, .stood?): someLearned ? .agrees : .cannotTell
        case (false?, .diverged?): forecastOverflows && someLearned ? .agrees : .cannotTell
        case (false?, nil): .cannotTell
        }
    }
  }
}
