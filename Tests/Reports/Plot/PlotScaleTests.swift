import OrreryReports
import Testing

@Suite struct PlotScaleTests {
  @Test func mapsEndsToEnds() {
    let linear = PlotScale(.linear, range: -2...6, start: 300, end: 100)
    #expect(linear.pixel(-2) == 300)
    #expect(linear.pixel(6) == 100)
    #expect(linear.pixel(2) == 200)
    let log = PlotScale(.logarithmic, range: 0.01...100, start: 0, end: 400)
    #expect(log.pixel(0.01) == 0)
    #expect(abs(log.pixel(1) - 200) < 1e-9)
    #expect(abs(log.pixel(10) - 300) < 1e-9)
  }

  @Test(arguments: [PlotAxis.Scale.linear, .logarithmic])
  func valueInvertsFraction(scale: PlotAxis.Scale) {
    let map = PlotScale(scale, range: 0.3...700, start: 0, end: 1)
    for part in stride(from: 0.0, through: 1, by: 0.05) {
      #expect(abs(map.fraction(map.value(at: part)) - part) < 1e-12)
    }
  }

  @Test func pixelsStayWithinReach() {
    let map = PlotScale(.linear, range: 0...1, start: 0, end: 400)
    #expect(map.pixel(1e300) == 8000)
    #expect(map.pixel(-1e300) == -8000)
    let whole = PlotScale(.linear, range: -1.7e308...1.7e308, start: 0, end: 400)
    #expect(abs(whole.pixel(0) - 200) < 1e-9)
  }

  @Test func rangesGetMargins() {
    #expect(PlotScale.range(of: 0...10, scale: .linear, lowerMargin: 0.1, upperMargin: 0.2) == -1...12)
    #expect(PlotScale.range(of: nil, scale: .linear, lowerMargin: 0, upperMargin: 0) == 0...1)
    #expect(PlotScale.range(of: nil, scale: .logarithmic, lowerMargin: 0, upperMargin: 0) == 1...10)
    let log = PlotScale.range(of: 1...100, scale: .logarithmic, lowerMargin: 0.5, upperMargin: 0.5)
    #expect(abs(log.lowerBound - 0.1) < 1e-12 && abs(log.upperBound - 1000) < 1e-9)
  }

  @Test func aSingleValueGetsARange() {
    for value in [0.0, 1, -3, 1e-12, 1e12, 64] {
      let range = PlotScale.range(of: value...value, scale: .linear, lowerMargin: 0.1, upperMargin: 0.1)
      #expect(range.lowerBound < value && range.upperBound > value)
    }
    let log = PlotScale.range(of: 64...64, scale: .logarithmic, lowerMargin: 0.1, upperMargin: 0.1)
    #expect(log.lowerBound < 64 && log.upperBound > 64)
  }

  @Test func extremeRangesStayFinite() {
    let huge = PlotScale.range(of: -1.7e308...1.7e308, scale: .linear, lowerMargin: 0.1, upperMargin: 0.1)
    #expect(huge.lowerBound.isFinite && huge.upperBound.isFinite)
    let log = PlotScale.range(
      of: Double.leastNonzeroMagnitude...1.7e308, scale: .logarithmic, lowerMargin: 0.1, upperMargin: 0.1)
    #expect(log.lowerBound > 0 && log.upperBound.isFinite)
  }
}
