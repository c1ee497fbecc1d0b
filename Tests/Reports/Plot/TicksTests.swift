import Foundation
import OrreryReports
import Testing

@Suite struct TicksTests {
  static func labels(_ ticks: Ticks) -> [String] { ticks.major.map(\.label.plain) }

  @Test(arguments: [
    (0.0...1.0, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (0.0...30.0, 6, ["0", "5", "10", "15", "20", "25", "30"]),
    (-6.0...6.0, 3, ["−5", "0", "5"]), (2.0...2.5, 5, ["2.0", "2.1", "2.2", "2.3", "2.4", "2.5"]),
    (99.0...101.0, 4, ["99.0", "99.5", "100.0", "100.5", "101.0"]),
  ])
  func linearLabels(range: ClosedRange<Double>, room: Int, expected: [String]) {
    #expect(Self.labels(Ticks(scale: .linear, range: range, room: room)) == expected)
  }

  @Test func largeAndSmallNumbersShareAPowerOfTen() {
    let large = Ticks(scale: .linear, range: 0...3e6, room: 4)
    #expect(large.commonExponent == 6)
    #expect(Self.labels(large) == ["0", "1", "2", "3"])
    let small = Ticks(scale: .linear, range: 0...5e-5, room: 5)
    #expect(small.commonExponent == -5)
    #expect(Self.labels(small) == ["0", "1", "2", "3", "4", "5"])
    let offset = Ticks(scale: .linear, range: 1...1.00002, room: 4)
    #expect(offset.commonExponent == nil)
    #expect(Self.labels(offset).contains("1.000010"))
  }

  @Test func logarithmicDecades() {
    let plain = Ticks(scale: .logarithmic, range: 0.1...1000, room: 6)
    #expect(Self.labels(plain) == ["0.1", "1", "10", "100", "1000"])
    #expect(plain.minor.count == 32)
    let raised = Ticks(scale: .logarithmic, range: 1e-9...1, room: 6)
    #expect(raised.major.map(\.label.markup) == ["10^{−8}", "10^{−6}", "10^{−4}", "10^{−2}", "10^{0}"])
    #expect(raised.minor.count == 5)
    let wide = Ticks(scale: .logarithmic, range: 1e-300...1e300, room: 6)
    #expect((2...6).contains(wide.major.count))
  }

  @Test func shortLogarithmicRangesAreLabelledToo() {
    for range in [1.0...10, 2.0...9, 16.0...64, 3.0...4, 1.0...1.01, 0.5...20, 1e-7...2e-7, 8.0...12] {
      let ticks = Ticks(scale: .logarithmic, range: range, room: 6)
      #expect(ticks.major.count >= 2, "\(range): \(Self.labels(ticks))")
    }
  }

  @Test func chosenTicksOutsideAreLeftOut() {
    let ticks = Ticks(scale: .logarithmic, range: 10...300, room: 3, chosen: [8, 16, 64, 256, 1024])
    #expect(Self.labels(ticks) == ["16", "64", "256"])
    #expect(ticks.minor.isEmpty)
  }

  /// On any range: ticks inside, in order, evenly spaced by 1, 2 or 5 × 10^k, about as many as there is room for, and a
  /// label that reads back to the value.
  @Test func randomLinearRanges() {
    var state: UInt64 = 11
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    for _ in 0..<2000 {
      let size = pow(10, 24 * (uniform() - 0.5))
      let low = (uniform() - 0.5) * size
      let range = low...low + size * (0.05 + uniform())
      let room = 2 + Int(uniform() * 9)
      let ticks = Ticks(scale: .linear, range: range, room: room)
      let values = ticks.major.map(\.value)
      #expect(values.count >= 2 && values.count <= max(room + 1, 5), "\(range) \(room)")
      let step = values[1] - values[0]
      let digits = NumberText.scientific(step, decimals: 6).mantissa
      #expect(["1.000000", "2.000000", "5.000000"].contains(digits), "\(range): \(digits)")
      let slack = 1e-6 * step
      for (index, tick) in ticks.major.enumerated() {
        #expect(tick.value >= range.lowerBound - slack && tick.value <= range.upperBound + slack)
        #expect(abs(tick.value - values[0] - Double(index) * step) < slack)
        let shown =
          (Double(tick.label.plain.replacing("−", with: "-")) ?? .nan) * pow(10, Double(ticks.commonExponent ?? 0))
        #expect(abs(shown - tick.value) < 1e-3 * step, "\(range): \(tick.label.plain) for \(tick.value)")
      }
    }
  }

  @Test func degenerateRangesDoNotTrap() {
    for range in [
      0.0...0, 1e308...1.7e308, -1.7e308...1.7e308, Double.leastNonzeroMagnitude...2 * Double.leastNonzeroMagnitude,
      1e16...1e16 + 4,
    ] {
      let ticks = Ticks(scale: .linear, range: range, room: 5)
      #expect(ticks.major.count < 20)
    }
  }
}
