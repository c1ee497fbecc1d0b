import Foundation
import Testing

/// Checks that errors fall as a power of a size: error ∝ size^(−order), the slope fitted on log axes.
///
/// - Parameters:
///   - sizes: widths, numbers of nodes, 1/step; at least three of them distinct.
///   - errors: one magnitude for each.
///   - order: the expected power, positive when errors fall as the size grows.
///   - tolerance: the largest difference allowed between the fitted and the expected order.
///   - floor: errors at or below this (rounding) are left out of the fit.
public func checkConvergenceOrder(
  sizes: [Double], errors: [Double], order: Double, tolerance: Double, floor: Double = 0,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard sizes.count == errors.count else {
    Issue.record("\(sizes.count) sizes for \(errors.count) errors.", sourceLocation: sourceLocation)
    return
  }
  let points = zip(sizes, errors).filter { $0.1.magnitude > floor }.map { (log($0.0), log($0.1.magnitude)) }
  guard points.count >= 3 else {
    Issue.record(
      "Only \(points.count) errors lie above the floor \(floor): a slope needs three.", sourceLocation: sourceLocation)
    return
  }
  let meanX = points.reduce(0) { $0 + $1.0 } / Double(points.count)
  let meanY = points.reduce(0) { $0 + $1.1 } / Double(points.count)
  let slope =
    points.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    / points.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
  #expect(
    (-slope - order).magnitude <= tolerance,
    "Errors fall as size^(−\(-slope)); size^(−\(order)) was expected. Errors: \(errors)", sourceLocation: sourceLocation
  )
}
