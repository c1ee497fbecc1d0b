import CElementwise

/// Random integers and permutations.
extension RandomStream {
  /// Draw `index` as a 64-bit word.
  package func word(at index: Int) -> UInt64 {
    Self.check(index: index, count: 1)
    var high: UInt32 = 0
    var low: UInt32 = 0
    orrery_kernels_in_use().pointee.words(key, UInt64(index), 1, &high)
    orrery_kernels_in_use().pointee.words(twin, UInt64(index), 1, &low)
    return UInt64(high) << 32 | UInt64(low)
  }

  /// Writes the 64-bit words of draws from `index` on, allocating nothing.
  package func fillWords(_ output: UnsafeMutableBufferPointer<UInt64>, from index: Int = 0) {
    Self.check(index: index, count: output.count)
    let kernels = orrery_kernels_in_use().pointee
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Self.wordBlock) { halves in
      let high = halves.baseAddress!
      let low = high + Self.wordBlock
      var start = 0
      while start < output.count {
        let count = min(Self.wordBlock, output.count - start)
        kernels.words(key, UInt64(index + start), count, high)
        kernels.words(twin, UInt64(index + start), count, low)
        for i in 0..<count { output[start + i] = UInt64(high[i]) << 32 | UInt64(low[i]) }
        start += count
      }
    }
  }

  /// Words made at a time, small enough for the stack.
  private static let wordBlock = 64

  /// The 64-bit words of `count` draws from `index` on.
  package func words(count: Int, from index: Int = 0) -> [UInt64] {
    Self.check(index: index, count: count)
    var high = [UInt32](repeating: 0, count: count)
    var low = high
    orrery_kernels_in_use().pointee.words(key, UInt64(index), count, &high)
    orrery_kernels_in_use().pointee.words(twin, UInt64(index), count, &low)
    return zip(high, low).map { UInt64($0) << 32 | UInt64($1) }
  }

  /// Draw `index` as an integer in `0..<bound`, uniform up to a bias of at most bound 2⁻⁶⁴.
  ///
  /// - Precondition: `bound` is positive.
  public func integer(below bound: Int, at index: Int = 0) -> Int {
    precondition(bound > 0, "There is no integer in 0..<\(bound).")
    return Int(word(at: index).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// The numbers `0..<count` in random order (Fisher–Yates, draws `index` to `index + count`).
  ///
  /// The first k of them are a random subset of k, in random order.
  public func permutation(count: Int, from index: Int = 0) -> [Int] {
    var numbers = Array(0..<count)
    for (place, word) in words(count: count, from: index).enumerated() {
      let other = place + Int(word.multipliedFullWidth(by: UInt64(count - place)).high)
      numbers.swapAt(place, other)
    }
    return numbers
  }

  /// The elements in the order of `permutation(count:from:)`.
  public func shuffled<Element>(_ elements: [Element], from index: Int = 0) -> [Element] {
    permutation(count: elements.count, from: index).map { elements[$0] }
  }

  /// The stream of the low halves of 64-bit draws.
  private var twin: orrery_stream {
    var twin = key
    twin.place |= 0x80
    return twin
  }
}
