import Foundation

/// Normals kept within bounds, as Keras's, Flax's and PyTorch's truncated initializers draw them.
extension RandomStream {
  /// Draws of a standard normal on the condition |x| <= bound: x = Φ⁻¹(Φ(−b) + u (1 − 2 Φ(−b))) with u the stream's uniform
  /// draw, so that draw i is one number whatever the bound rejects.
  ///
  /// Their variance is 1 − 2 b φ(b)/(1 − 2 Φ(−b)), 0.774 at b = 2: initializers that promise a variance divide by its root.
  ///
  /// - Precondition: `bound` is positive.
  public func truncatedNormals(count: Int, bound: Double, from index: Int = 0) -> [Double] {
    precondition(bound > 0, "A truncated normal needs a positive bound; this one is \(bound).")
    let lowest = NormalQuantile.distribution(-bound)
    return uniforms(count: count, from: index).map { uniform in
      // The centre of the draw's interval, so that neither end is ever 0 or 1; and the nearer tail, to keep its digits.
      let u = uniform + 0x1p-54
      let fromBelow = lowest + u * (1 - 2 * lowest)
      let x =
        u <= 0.5
        ? NormalQuantile.lowerTail(fromBelow) : -NormalQuantile.lowerTail(lowest + (1 - u) * (1 - 2 * lowest))
      return min(max(x, -bound), bound)
    }
  }

  /// The variance of a standard normal on the condition |x| <= bound.
  public static func truncatedNormalVariance(bound: Double) -> Double {
    let density = exp(-bound * bound / 2) / (2 * Double.pi).squareRoot()
    return 1 - 2 * bound * density / (1 - 2 * NormalQuantile.distribution(-bound))
  }
}
