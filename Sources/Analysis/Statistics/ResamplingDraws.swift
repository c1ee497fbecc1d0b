import OrreryTensors

extension Resampling {
  /// The networks of one replicate: a function of (seed, replicate, place) alone.
  static func drawn(_ networks: Int, replicate: Int, seed: UInt64) -> [Int] {
    (0..<networks).map { place in
      var z = seed &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(truncatingIfNeeded: replicate &+ 1)
      z = mixed(z) &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(truncatingIfNeeded: place &+ 1)
      // The high half of a 64 × 64-bit product maps the word to 0..<networks with a bias below networks · 2⁻⁶⁴.
      return Int(mixed(z).multipliedFullWidth(by: UInt64(networks)).high)
    }
  }

  private static func mixed(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
