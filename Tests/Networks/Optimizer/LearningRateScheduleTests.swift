import Foundation
import OrreryNetworks
import Testing

/// Schedules at their corners, from their formulas.
@Suite struct LearningRateScheduleTests {
  private func factors(_ shape: LearningRateSchedule.Shape, warmUp: Int = 0, steps: Int, at places: [Int]) -> [Double] {
    places.map { LearningRateSchedule(shape, warmUp: warmUp).factor(at: $0, of: steps) }
  }

  private func isClose(_ first: [Double], _ second: [Double]) -> Bool {
    first.count == second.count && zip(first, second).allSatisfy { abs($0 - $1) <= 1e-15 }
  }

  @Test func constantIsOne() {
    #expect(factors(.constant, steps: 10, at: [0, 5, 9, 10, 1000]) == [1, 1, 1, 1, 1])
    #expect(factors(.constant, steps: 0, at: [0, 7]) == [1, 1])
  }

  /// The first step has 1/w, step w − 1 and step w have 1, whatever follows.
  @Test(arguments: [
    LearningRateSchedule.Shape.constant, .linear(final: 0.5), .cosine(final: 0.1),
    .warmUpStableDecay(decay: 0.2, final: 0), .power(exponent: 0.5, timeScale: 10), .table([0: 1]),
  ])
  func warmUpRisesLinearly(shape: LearningRateSchedule.Shape) {
    #expect(factors(shape, warmUp: 4, steps: 100, at: [0, 1, 2, 3, 4]) == [0.25, 0.5, 0.75, 1, 1])
    #expect(factors(shape, warmUp: 1, steps: 100, at: [0, 1]) == [1, 1])
  }

  @Test func linearEndsAfterTheLastStep() {
    #expect(
      isClose(factors(.linear(final: 0), steps: 10, at: [0, 5, 9, 10, 11]), [1, 0.5, 0.1, 0, 0]))
    #expect(
      isClose(factors(.linear(final: 0.5), warmUp: 2, steps: 10, at: [2, 6, 9, 10, 50]), [1, 0.75, 0.5625, 0.5, 0.5]))
  }

  @Test func cosineFallsAlongHalfAPeriod() {
    #expect(isClose(factors(.cosine(final: 0), steps: 6, at: [0, 2, 3, 4, 6, 9]), [1, 0.75, 0.5, 0.25, 0, 0]))
    #expect(isClose(factors(.cosine(final: 0.1), warmUp: 100, steps: 300, at: [100, 200, 300]), [1, 0.55, 0.1]))
  }

  @Test func warmUpStableDecayHasThreeParts() {
    let shape = LearningRateSchedule.Shape.warmUpStableDecay(decay: 0.2, final: 0.2)
    #expect(
      isClose(
        factors(shape, warmUp: 10, steps: 100, at: [0, 9, 10, 79, 80, 90, 99, 100, 200]),
        [0.1, 1, 1, 1, 1, 0.6, 0.24, 0.2, 0.2]))
    // All of it.
    #expect(
      isClose(factors(.warmUpStableDecay(decay: 1, final: 0), steps: 4, at: [0, 1, 2, 3, 4]), [1, 0.75, 0.5, 0.25, 0]))
  }

  @Test func powersFall() {
    #expect(
      isClose(factors(.power(exponent: 0.5, timeScale: 1), steps: 10, at: [0, 3, 8, 99]), [1, 0.5, 1.0 / 3, 0.1]))
    #expect(
      isClose(factors(.power(exponent: 1, timeScale: 10), warmUp: 5, steps: 0, at: [5, 15, 35]), [1, 0.5, 0.25]))
  }

  @Test func tablesAreStairs() {
    let table = LearningRateSchedule.Shape.table([10: 0.1, 20: 0.01])
    #expect(factors(table, steps: 30, at: [0, 9, 10, 19, 20, 100]) == [1, 1, 0.1, 0.1, 0.01, 0.01])
    #expect(factors(.table([0: 0.5]), warmUp: 2, steps: 30, at: [0, 1, 2]) == [0.25, 0.5, 0.5])
  }

  @Test(arguments: [
    LearningRateSchedule(.cosine(final: -1)), .init(.constant, warmUp: -1), .init(.constant, warmUp: 11),
    .init(.warmUpStableDecay(decay: 0, final: 0)), .init(.warmUpStableDecay(decay: 1.5, final: 0)),
    .init(.warmUpStableDecay(decay: 0.95, final: 0), warmUp: 2), .init(.power(exponent: .nan, timeScale: 1)),
    .init(.power(exponent: 1, timeScale: 0)), .init(.table([:])), .init(.table([-1: 1])),
    .init(.table([1: .infinity])),
  ])
  func nonsenseIsRefused(schedule: LearningRateSchedule) {
    #expect(throws: NetworkError.self) { try schedule.validate(steps: 10) }
  }

  @Test func unknownStepsDoNotLimitTheWarmUp() throws {
    try LearningRateSchedule(.constant, warmUp: 11).validate()
  }
}
