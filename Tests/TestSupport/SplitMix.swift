import Foundation

/// A small random generator (SplitMix64) for the tests' own inputs: independent of the generators under test.
///
/// G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
public struct SplitMix: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A uniform variate in (0, 1).
  public mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

  /// A standard normal variate (Box–Muller; the sine branch is dropped).
  public mutating func normal() -> Double {
    let radius = (-2 * Foundation.log(uniform())).squareRoot()
    return radius * Foundation.cos(2 * .pi * uniform())
  }

  /// Independent standard normal variates.
  public mutating func normals(_ count: Int) -> [Double] { (0..<count).map { _ in normal() } }
}
