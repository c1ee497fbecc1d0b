import Foundation
import OrreryAnalysis
import OrreryLaws
import Testing

@Suite("The power of the width")
struct WidthSlopeTests {
  private static let widths = [8, 12, 16, 24, 32]

  private static func slope(correction: Double, relativeError: (Int) -> Double) -> WidthSlope {
    WidthSlope(
      widths: widths,
      deviations: widths.map { width in
        let n = Double(width)
        let value = -3 / (n * n) * (1 + correction / n)
        return Estimate(value: value, error: abs(value) * relativeError(width))
      })
  }

  @Test("A pure power is found, with its error")
  func pure() {
    let found = Self.slope(correction: 0) { _ in 0.05 }
    #expect(abs(found.slope.value + 2) < 1e-12)
    let logs = Self.widths.map { log(Double($0)) }
    let mean = logs.reduce(0, +) / 5
    let spread = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(abs(found.slope.error - 0.05 / spread.squareRoot()) < 1e-12)
    #expect(found.isUsed == [true, true, true, true, true])
  }

  /// To first order in the correction the drift is what the correction moves the power by; the second order is 0.3²/8 of it or so.
  @Test("The drift is the size of a correction of order 1/n", arguments: [-0.5, 0.3, 1.0])
  func drift(_ correction: Double) {
    let found = Self.slope(correction: correction) { _ in 1e-9 }
    let moved = abs(found.slope.value + 2)
    #expect(abs(found.drift - moved) < 0.25 * moved)
  }

  @Test("Widths that cannot tell leave the fit, and with too few nothing is decided")
  func significance() {
    let four = Self.slope(correction: 0) { $0 > 24 ? 0.3 : 0.01 }
    #expect(four.isUsed == [true, true, true, true, false])
    #expect(four.slope.error < 0.1)
    let two = Self.slope(correction: 0) { $0 > 12 ? 0.3 : 0.01 }
    #expect(!two.isUsed.contains(true))
    #expect(two.slope.error > WidthSlope.undecidedError)
  }

  /// A correction 1 + c/n is c/n in the logarithm up to (c/n)²/2: with c = ½, 0.002 at n = 8, of which the power takes about as much.
  @Test("The power at large n has the correction fitted along, with a larger error")
  func asymptotic() {
    let found = Self.slope(correction: 0.5) { _ in 0.01 }
    #expect(abs(found.asymptotic.value + 2) < 0.01 && abs(found.slope.value + 2) > 0.02)
    #expect(found.asymptotic.error > 2 * found.slope.error)
    let three = Self.slope(correction: 0) { $0 > 16 ? 0.3 : 0.01 }
    #expect(three.asymptotic.error > WidthSlope.undecidedError)
  }
}
