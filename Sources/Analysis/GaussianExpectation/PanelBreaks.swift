/// Where the line is cut into Gauss–Legendre panels: at every centre, and from each outwards in steps that double.
///
/// An integrand that has structure of size `scale` at a centre, times a Gaussian of standard deviation `deviation`, is
/// smooth on panels that are as long as their distance from the nearest centre (at least 1.5 `scale`), and no longer
/// than 2.2 `deviation`. So a variance of 10⁶ needs some twenty panels, not thousands.
struct PanelBreaks {
  /// A place where an integrand has structure.
  struct Center {
    var position: Double
    var scale: Double
  }

  var centers: [Center]
  /// The standard deviation of the Gaussian weight.
  var deviation: Double

  /// The ends of all panels in [lower, upper], increasing, both ends included.
  func breaks(lower: Double, upper: Double) -> [Double] {
    var inside: [Center] = []
    for center in centers.sorted(by: { $0.position < $1.position })
    where center.position > lower && center.position < upper {
      // One place, the smaller of two scales.
      if let last = inside.last, last.position == center.position {
        inside[inside.count - 1].scale = min(last.scale, center.scale)
      } else {
        inside.append(center)
      }
    }
    let smallest = 0x1p-50 * max(lower.magnitude, upper.magnitude)
    var breaks = [lower]
    // The ends of a Gaussian window carry no structure of their own, unless a centre lies beyond them nearby; steps
    // from the last centre reach them.
    for index in 0...inside.count {
      let left = index == 0 ? nil : inside[index - 1]
      let right = index == inside.count ? nil : inside[index]
      let from = left?.position ?? lower
      let to = right?.position ?? upper
      switch (left, right) {
      case (nil, nil): breaks += steps(from: from, to: to, scale: outsideScale(from, to), floor: smallest)
      case (let left?, nil): breaks += steps(from: from, to: to, scale: left.scale, floor: smallest)
      case (nil, let right?):
        breaks += steps(from: -to, to: -from, scale: right.scale, floor: smallest).reversed().map { -$0 }
      case (let left?, let right?):
        let middle = from + (to - from) / 2
        breaks += steps(from: from, to: middle, scale: left.scale, floor: smallest)
        breaks.append(middle)
        breaks += steps(from: -to, to: -middle, scale: right.scale, floor: smallest).reversed().map { -$0 }
      }
      breaks.append(to)
    }
    return breaks
  }

  /// The first step where no centre lies inside: as at the nearest centre outside, at its distance.
  private func outsideScale(_ lower: Double, _ upper: Double) -> Double {
    centers.reduce(.infinity) { best, center in
      let distance = max(lower - center.position, center.position - upper, 0)
      return min(best, max(center.scale, distance / 1.5))
    }
  }

  /// The inner breaks between two places, stepping from the first.
  private func steps(from: Double, to: Double, scale: Double, floor: Double) -> [Double] {
    var breaks: [Double] = []
    var x = 0.0
    let length = to - from
    while true {
      x += max(floor, min(2.2 * deviation, max(1.5 * scale, x)))
      // The last panel may be half as long again rather than leave a sliver.
      if x >= length * 0.75 { return breaks }
      breaks.append(from + x)
    }
  }
}
