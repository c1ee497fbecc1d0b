/// Finds room for labels inside a plot: among the places that a label may take, the one that covers least.
///
/// A place outside the frame costs most, then one over another label, then one over data. The first of the cheapest
/// wins, so callers list places by preference, and the result does not depend on anything but the input.
package struct LabelPlacer {
  package let frame: Box
  /// Labels and symbols already there.
  package private(set) var occupied: [Box] = []
  /// Points of curves and markers.
  package var data: [(x: Double, y: Double)] = []

  package init(frame: Box) {
    self.frame = frame
  }

  package mutating func occupy(_ box: Box) {
    occupied.append(box)
  }

  /// Takes the best of the places and marks it as occupied.
  package mutating func place(_ candidates: [Box]) -> Box {
    var best = candidates[0]
    var bestCost = Double.infinity
    for box in candidates {
      let cost = cost(of: box)
      if cost < bestCost - 1e-9 { (best, bestCost) = (box, cost) }
    }
    occupied.append(best)
    return best
  }

  private func cost(of box: Box) -> Double {
    let area = box.width * box.height
    let outside = area - box.overlap(frame)
    let covered = occupied.reduce(0) { $0 + $1.overlap(box) }
    let near = box.insetBy(-2)
    let hits = data.reduce(0) { $0 + (near.contains($1) ? 1 : 0) }
    return 1000 * outside + 100 * covered + Double(hits)
  }
}
