import Foundation
import OrreryReports
import Testing

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.12341, 0.0056, "0.1234(56)"), (1.23e-4, 4.5e-6, "1.230e-4 ± 0.045e-4"), (12.34, 1.2, "12.3(1.2)"),
    (123.4, 15, "123(15)"), (1234.0, 150, "1230(150)"), (0, 0.01, "0.000(10)"), (3.56, 0, "3.56"),
    (-0.5, 0.02, "-0.500(20)"), (0.001, 12, "0(12)"), (1.5e8, 2e6, "1.500e8 ± 0.020e8"), (9.99, 0.0996, "9.99(10)"),
    (1, 1e-12, "1.0000000000000(10)"), (2.5, -0.1, "2.50(10)"), (0, 0, "0"),
  ])
  func valueWithError(value: Double, error: Double, text: String) {
    #expect(NumberText.text(value, error: error) == text)
  }

  @Test(arguments: [
    (1.4e-3, 2, "0.0014"), (9e-19, 1, "9e-19"), (2.7e-6, 2, "2.7e-6"), (3.5616, 3, "3.56"), (256, 3, "256"),
    (9.996, 3, "10.0"), (0.0996, 1, "0.1"), (-1.5e-7, 2, "-1.5e-7"), (0, 3, "0"), (1e300, 2, "1.0e300"),
    (.leastNonzeroMagnitude, 2, "4.9e-324"), (123456, 3, "123456"), (1_234_567, 3, "1.23e6"),
  ])
  func significantDigits(value: Double, digits: Int, text: String) {
    #expect(NumberText.text(value, digits: digits) == text)
  }

  @Test func notFinite() {
    #expect(NumberText.text(.nan, digits: 3) == "—")
    #expect(NumberText.text(.nan, digits: 3, style: .typographic) == "—")
    #expect(NumberText.text(.infinity, digits: 3) == "∞")
    #expect(NumberText.text(-.infinity, digits: 3, style: .typographic) == "−∞")
    #expect(NumberText.text(1.5, error: .nan) == "1.500 ± ?")
    #expect(NumberText.text(1.5, error: .infinity) == "1.500 ± ∞")
    #expect(NumberText.text(.nan, error: 0.1) == "—")
    #expect(NumberText.exact(.infinity) == "∞")
  }

  @Test func typographic() {
    #expect(NumberText.text(-1.23e-4, error: 4.5e-6, style: .typographic) == "−1.230(45)×10⁻⁴")
    #expect(NumberText.text(-0.25, digits: 2, style: .typographic) == "−0.25")
    #expect(NumberText.exact(1e-9, style: .typographic) == "1×10⁻⁹")
  }

  @Test func exactDropsTrailingZeros() {
    #expect(NumberText.exact(64) == "64")
    #expect(NumberText.exact(0.5) == "0.5")
    #expect(NumberText.exact(1.0 / 3) == "0.333333")
    #expect(NumberText.exact(1e7) == "1e7")
    #expect(NumberText.exact(1.25e-5) == "1.25e-5")
  }

  @Test(arguments: [0, 1, -1.5, 1e22, 1e-300, 0.1, 123_456_789, 1 / 3.0, -2e15, 9.007199254740993e15])
  func machineFormReadsBack(value: Double) {
    #expect(Double(NumberText.machine(value)) == value)
  }

  @Test func machineFormOfNotFinite() {
    #expect(NumberText.machine(.nan) == "nan")
    #expect(NumberText.machine(-.infinity) == "-inf")
  }

  @Test func noNegativeZero() {
    #expect(NumberText.fixed(-0.0001, decimals: 2) == "0.00")
    #expect(NumberText.text(-1e-9, error: 0.1) == "0.00(10)")
  }

  /// What is shown lies within half a unit of its last place from the value, and two digits of the error survive.
  @Test func shownValueIsWithinRounding() {
    var state: UInt64 = 7
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    for _ in 0..<3000 {
      let value = (uniform() - 0.5) * pow(10, (uniform() - 0.5) * 40)
      let error = abs(value) * pow(10, -6 * uniform())
      let text = NumberText.text(value, error: error)
      let shown: Double
      if let mark = text.firstIndex(of: "(") {
        shown = Double(text[..<mark]) ?? .nan
      } else {
        shown = Double(text.split(separator: " ")[0]) ?? .nan
      }
      #expect(abs(shown - value) <= 0.051 * error + abs(value) * 1e-15, "\(value) ± \(error): \(text)")
    }
  }

  @Test func tinyAndHugeDoNotTrap() {
    let tiny = Double.leastNonzeroMagnitude
    for value in [tiny, Double.leastNormalMagnitude, 1000 * tiny, 1.7e308, -1.7e308] {
      for error in [tiny, 100 * tiny, 1.0, 1e300, 1.7e308] {
        let text = NumberText.text(value, error: error)
        #expect(!text.contains("nan") && !text.isEmpty)
        #expect(text.count < 700)
      }
    }
  }
}
