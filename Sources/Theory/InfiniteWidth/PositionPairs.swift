/// Which pairs of positions (pixels, tokens) a kernel state holds: those whose offset is along every axis at most its reach.
///
/// A convolution keeps offsets, so that equal positions are enough where a readout flattens (reach 0); a window of w positions needs the
/// offsets within it (w − 1), pooling over all positions and attention need all. Pairs are stored by first position, then by second, both
/// row-major.
public struct PositionPairs: Hashable, Sendable {
  /// The positions along each axis; none for signals without positions.
  public let extents: [Int]
  /// The largest offset along each axis, less than its extent.
  public let reach: [Int]
  /// P.
  public let positionCount: Int
  /// The first position of each of the Q pairs.
  public let first: [Int]
  /// The second position of each.
  public let second: [Int]
  /// The place of each first position's first pair.
  private let starts: [Int]

  /// One signal without positions.
  public static let none = PositionPairs(extents: [], reach: [])
  /// Equal positions only.
  public static func diagonal(_ extents: [Int]) -> Self { Self(extents: extents, reach: extents.map { _ in 0 }) }
  /// All pairs.
  public static func all(_ extents: [Int]) -> Self { Self(extents: extents, reach: extents.map { $0 - 1 }) }

  /// - Parameter reach: one for each axis; what is beyond an axis is cut off.
  /// - Precondition: extents are positive and reaches not negative.
  public init(extents: [Int], reach: [Int]) {
    precondition(extents.count == reach.count, "One reach for each axis.")
    precondition(
      extents.allSatisfy { $0 > 0 } && reach.allSatisfy { $0 >= 0 }, "Extents are positive, reaches not negative.")
    self.extents = extents
    self.reach = zip(reach, extents).map { min($0, $1 - 1) }
    positionCount = extents.reduce(1, *)
    var (first, second, starts) = ([Int](), [Int](), [Int]())
    for position in 0..<positionCount {
      starts.append(first.count)
      var places = [0]
      for (range, extent) in zip(Self.ranges(position, extents, self.reach), extents) {
        places = places.flatMap { place in range.map { place * extent + $0 } }
      }
      second += places
      first += places.map { _ in position }
    }
    (self.first, self.second, self.starts) = (first, second, starts)
  }

  /// Q.
  public var count: Int { first.count }
  /// Whether pairs of different positions are held.
  public var hasOffsets: Bool { reach.contains { $0 > 0 } }

  /// The place of a pair; nil where its offset is out of reach.
  public func index(_ p: Int, _ q: Int) -> Int? {
    var rank = 0
    var rest = (q, positionCount)
    for (range, extent) in zip(Self.ranges(p, extents, reach), extents) {
      rest.1 /= extent
      let coordinate = rest.0 / rest.1
      rest.0 %= rest.1
      guard range.contains(coordinate) else { return nil }
      rank = rank * range.count + coordinate - range.lowerBound
    }
    return starts[p] + rank
  }

  /// Along each axis the coordinates within reach of a position.
  private static func ranges(_ position: Int, _ extents: [Int], _ reach: [Int]) -> [ClosedRange<Int>] {
    var (rest, below) = (position, extents.reduce(1, *))
    return zip(extents, reach).map { extent, reach in
      below /= extent
      let coordinate = rest / below
      rest %= below
      return max(0, coordinate - reach)...min(extent - 1, coordinate + reach)
    }
  }

  public static func == (left: Self, right: Self) -> Bool { left.extents == right.extents && left.reach == right.reach }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(extents)
    hasher.combine(reach)
  }
}
