import OrreryStudies
import Testing

/// What a pilot may conclude: nothing is confirmed by what would have happened anyway.
@Suite struct PilotOutcomeTests {
  private typealias Outcome = PilotFinding.Outcome

  private static func outcome(
    _ trains: Bool?, _ fate: Outcome.Fate?, own: Bool = false, some: Bool = false, overflows: Bool = false
  ) -> Outcome {
    Outcome(
      forecastTrains: trains, forecastOverflows: overflows, atOwnRate: fate, learnedAtSomeRate: own, someLearned: some)
  }

  @Test func notToLearnConfirmsOnlyBesideWhatLearned() {
    #expect(Self.outcome(false, .stood) == .cannotTell)
    #expect(Self.outcome(false, .stood, some: true) == .agrees)
    #expect(Self.outcome(false, .learned, own: true, some: true) == .refuted)
  }

  @Test func divergenceConfirmsOnlyWhereItWasForecast() {
    #expect(Self.outcome(false, .diverged, some: true) == .cannotTell)
    #expect(Self.outcome(false, .diverged, some: true, overflows: true) == .agrees)
    #expect(Self.outcome(false, .diverged, overflows: true) == .cannotTell)
  }

  @Test func nothingInTheWayNeedsSomeRate() {
    #expect(Self.outcome(true, .diverged, own: true, some: true) == .agrees)
    #expect(Self.outcome(true, .stood, some: true) == .notYet)
    #expect(Self.outcome(nil, .learned, own: true, some: true) == .open)
    // Nothing was trained at the rate that the forecast is of.
    #expect(Self.outcome(false, nil, own: true, some: true) == .cannotTell)
  }
}
