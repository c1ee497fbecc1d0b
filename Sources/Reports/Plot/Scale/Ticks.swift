import Foundation

/// Round places on an axis and their labels.
///
/// Linear axes step by 1, 2 or 5 times a power of ten. Logarithmic axes label decades (every second, third … where they
/// crowd) with minor ticks at 2 … 9; less than about a decade and a half is labelled at 1, 2, 5 or, below that, linearly.
package struct Ticks: Hashable, Sendable {
  package struct Tick: Hashable, Sendable {
    package var value: Double
    package var label: InlineText
  }

  package var major: [Tick]
  package var minor: [Double]
  /// A power of ten taken out of all labels, shown once beside the axis.
  package var commonExponent: Int?

  /// The ticks of a range.
  ///
  /// - Parameters:
  ///   - room: how many labels fit.
  ///   - chosen: values to label instead of round ones; those outside the range are left out.
  package init(scale: PlotAxis.Scale, range: ClosedRange<Double>, room: Int, chosen: [Double]? = nil) {
    major = []
    minor = []
    if let chosen {
      let values = chosen.filter { range.contains($0) }
      major = values.map { Tick(value: $0, label: InlineText(verbatim: NumberText.exact($0, style: .typographic))) }
      return
    }
    let room = Swift.max(room, 2)
    if scale == .linear {
      makeLinear(range, room: room)
    } else {
      makeLogarithmic(range, room: room)
    }
  }

  private mutating func makeLinear(_ range: ClosedRange<Double>, room: Int) {
    let length = range.upperBound / Double(room) - range.lowerBound / Double(room)
    guard length > 0, length.isFinite else { return }
    var step = Self.roundStep(atLeast: length)
    var (first, last) = Self.multiples(of: step, in: range)
    // One label says nothing of a scale: a finer step then, two or five to one.
    for _ in 0..<3 where last - first < 1 {
      step = Self.roundStep(atLeast: step * 0.35)
      (first, last) = Self.multiples(of: step, in: range)
    }
    guard step > 0, last - first < 1000, Swift.abs(first) < 1e15 else { return }
    let values = stride(from: first, through: last, by: 1).map { $0 == 0 ? 0 : $0 * step }
    let largest = values.map { Swift.abs($0) }.max() ?? 0
    guard largest > 0 else {
      major = values.map { Tick(value: $0, label: "0") }
      return
    }
    let stepExponent = NumberText.scientific(step, decimals: 0).exponent
    let exponent = NumberText.scientific(largest, decimals: 0).exponent
    let takesOut = exponent >= 5 || stepExponent <= -4 && exponent <= -3
    if takesOut { commonExponent = exponent }
    let decimals = Swift.max(0, (takesOut ? exponent : 0) - stepExponent)
    major = values.map { value in
      let shown = takesOut ? value / Self.power(exponent) : value
      let text = NumberText.fixed(shown, decimals: decimals)
      return Tick(value: value, label: InlineText(verbatim: text.hasPrefix("-") ? "−" + text.dropFirst() : text))
    }
  }

  private mutating func makeLogarithmic(_ range: ClosedRange<Double>, room: Int) {
    let low = Int(log10(range.lowerBound).rounded(.down))
    let high = Int(log10(range.upperBound).rounded(.up))
    let decades = (low...Swift.max(low, high)).filter { range.contains(Self.power($0)) }
    let span = log10(range.upperBound) - log10(range.lowerBound)
    if decades.count >= 2, span > 1.3 {
      let stride = Self.roundStride((decades.count + room - 1) / room)
      let isPlain = decades.allSatisfy { (-2...4).contains($0) }
      // Strides count from 10⁰, so that two plots with the same stride label the same decades.
      for decade in decades {
        if decade % stride == 0 {
          major.append(Tick(value: Self.power(decade), label: Self.label(decade, plain: isPlain)))
        } else if stride <= 5 {
          minor.append(Self.power(decade))
        }
      }
      if stride == 1, span < 8 {
        for decade in low...high {
          minor += (2...9).map { Double($0) * Self.power(decade) }.filter { range.contains($0) }
        }
      }
      if major.count >= 2 || span > 3 { return }
      major = []
      minor = []
    }
    let candidates = (low...Swift.max(low, high)).flatMap { decade in [1, 2, 5].map { $0 * Self.power(decade) } }
      .filter { range.contains($0) }
    if candidates.count >= 3, candidates.count <= room + 1 {
      major = candidates.map { Tick(value: $0, label: InlineText(verbatim: Self.short($0))) }
      for decade in low...Swift.max(low, high) {
        minor += [3, 4, 6, 7, 8, 9].map { $0 * Self.power(decade) }.filter { range.contains($0) }
      }
    } else {
      makeLinear(range, room: room)
    }
  }

  /// The first and last multiple inside the range, a rounding error allowed.
  private static func multiples(of step: Double, in range: ClosedRange<Double>) -> (first: Double, last: Double) {
    ((range.lowerBound / step - 1e-9).rounded(.up), (range.upperBound / step + 1e-9).rounded(.down))
  }

  private static func short(_ value: Double) -> String {
    NumberText.exact(value, style: .typographic)
  }

  private static func label(_ decade: Int, plain: Bool) -> InlineText {
    if plain { return InlineText(verbatim: NumberText.exact(power(decade))) }
    return InlineText(markup: "10^{\(decade < 0 ? "−" : "")\(decade.magnitude)}")
  }

  /// The least of 1, 2, 3, 5, 10, 20, 50, 100, 200 that is not below the count.
  private static func roundStride(_ count: Int) -> Int {
    [1, 2, 3, 5, 10, 20, 50, 100].first { $0 >= count } ?? 200
  }

  /// 10^exponent, correctly rounded (`pow` may be off by an ulp).
  static func power(_ exponent: Int) -> Double {
    Double("1e\(exponent)") ?? pow(10, Double(exponent))
  }

  /// The smallest of 1, 2, 5 × 10^k that is not below `length`.
  static func roundStep(atLeast length: Double) -> Double {
    let exponent = Int(log10(length).rounded(.down))
    for (shift, factor) in [(0, 1.0), (0, 2), (0, 5), (1, 1), (1, 2)] {
      let step = factor * power(exponent + shift)
      if step >= length * (1 - 1e-12) { return step }
    }
    return power(exponent + 1)
  }
}
