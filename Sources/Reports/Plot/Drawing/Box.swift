/// A rectangle in pixels; y grows downwards.
package struct Box: Hashable, Sendable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  package var right: Double { x + width }
  package var bottom: Double { y + height }

  /// The area that two rectangles share.
  package func overlap(_ other: Box) -> Double {
    let across = Swift.min(right, other.right) - Swift.max(x, other.x)
    let down = Swift.min(bottom, other.bottom) - Swift.max(y, other.y)
    return across > 0 && down > 0 ? across * down : 0
  }

  package func contains(_ point: (x: Double, y: Double)) -> Bool {
    point.x >= x && point.x <= right && point.y >= y && point.y <= bottom
  }

  package func insetBy(_ margin: Double) -> Box {
    Box(x: x + margin, y: y + margin, width: width - 2 * margin, height: height - 2 * margin)
  }
}
