/// Places in one array of numbers for values that live for a while: given back places are used again.
///
/// Best fit among the gaps, in order of time; greedy, and for the stacks of forward and backward passes within a few per
/// cent of what is alive at the worst moment.
struct ArenaLayout {
  /// Vectors of any instruction set start at whole cache lines.
  static var alignment: Int { 16 }

  private var gaps: [Range<Int>] = []
  /// The end of the arena so far.
  private(set) var end: Int

  /// - Parameter start: the first place that may be used.
  init(start: Int) { end = Self.aligned(start) }

  static func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

  mutating func take(_ count: Int) -> Int {
    let size = Self.aligned(max(1, count))
    var best: Int?
    for (index, gap) in gaps.enumerated() where gap.count >= size && gap.count < (best.map { gaps[$0].count } ?? .max) {
      best = index
    }
    if let best {
      let gap = gaps[best]
      if gap.count == size { gaps.remove(at: best) } else { gaps[best] = (gap.lowerBound + size)..<gap.upperBound }
      return gap.lowerBound
    }
    // A gap at the end grows.
    if let last = gaps.last, last.upperBound == end {
      gaps.removeLast()
      end = last.lowerBound + size
      return last.lowerBound
    }
    defer { end += size }
    return end
  }

  mutating func give(_ offset: Int, _ count: Int) {
    var gap = offset..<(offset + Self.aligned(max(1, count)))
    let place = gaps.firstIndex { $0.lowerBound > offset } ?? gaps.endIndex
    if place < gaps.count, gaps[place].lowerBound == gap.upperBound {
      gap = gap.lowerBound..<gaps[place].upperBound
      gaps.remove(at: place)
    }
    if place > 0, gaps[place - 1].upperBound == gap.lowerBound {
      gaps[place - 1] = gaps[place - 1].lowerBound..<gap.upperBound
    } else {
      gaps.insert(gap, at: place)
    }
  }
}
