import Foundation

/// The map from an axis's values to pixels.
package struct PlotScale: Hashable, Sendable {
  package let scale: PlotAxis.Scale
  /// The values at the two ends.
  package let range: ClosedRange<Double>
  /// The pixels at the two ends; the second may be the smaller (y axes).
  package let start: Double
  package let end: Double

  package init(_ scale: PlotAxis.Scale, range: ClosedRange<Double>, start: Double, end: Double) {
    self.scale = scale
    self.range = range
    self.start = start
    self.end = end
  }

  /// Where a value lies, 0 at the range's start, 1 at its end; outside values lie outside.
  package func fraction(_ value: Double) -> Double {
    switch scale {
    case .linear:
      // Halves first, so that a range of nearly the whole double line does not overflow.
      let half = range.upperBound / 2 - range.lowerBound / 2
      return (value / 2 - range.lowerBound / 2) / half
    case .logarithmic:
      let low = log10(range.lowerBound)
      return (log10(value) - low) / (log10(range.upperBound) - low)
    }
  }

  /// The pixel of a value, kept within reach of the picture so that no coordinate overflows a renderer.
  package func pixel(_ value: Double) -> Double {
    let fraction = Swift.min(Swift.max(fraction(value), -20), 20)
    return start + (end - start) * fraction
  }

  /// The value at a fraction of the axis: the inverse of `fraction`.
  package func value(at fraction: Double) -> Double {
    switch scale {
    case .linear: return range.lowerBound * (1 - fraction) + range.upperBound * fraction
    case .logarithmic:
      return pow(10, log10(range.lowerBound) * (1 - fraction) + log10(range.upperBound) * fraction)
    }
  }

  /// The range to show for values within `low … high` (nil: no data), with a margin of the given fraction on each side.
  package static func range(
    of extent: ClosedRange<Double>?, scale: PlotAxis.Scale, lowerMargin: Double, upperMargin: Double
  ) -> ClosedRange<Double> {
    guard let extent else { return scale == .linear ? 0...1 : 1...10 }
    var (low, high) = (extent.lowerBound, extent.upperBound)
    switch scale {
    case .linear:
      if high - low <= Swift.abs(high) * 1e-12 {
        let half = low == 0 ? 1 : Swift.abs(low) * 0.1
        return low - half...high + half
      }
      let length = high - low
      guard length.isFinite else { return extent }
      low -= length * lowerMargin
      high += length * upperMargin
      return low.isFinite && high.isFinite ? low...high : extent
    case .logarithmic:
      if high / low < 1 + 1e-9 { return low / 3...Swift.min(high * 3, .greatestFiniteMagnitude) }
      let ratio = log10(high) - log10(low)
      low = Swift.max(low * pow(10, -ratio * lowerMargin), .leastNonzeroMagnitude)
      high = Swift.min(high * pow(10, ratio * upperMargin), .greatestFiniteMagnitude)
      return low...high
    }
  }
}
