import OrreryNetworks

/// σ, σ′, σ″, σ‴ at one place, from one side.
struct OneSidedValues {
  var values: [Double]

  var value: Double { values[0] }
  var d1: Double { values[1] }
  var d2: Double { values[2] }
  var d3: Double { values[3] }
}

extension Activation {
  /// The values on both sides of a kink of σ.
  func sides(of kink: Kink) -> (left: OneSidedValues, right: OneSidedValues) {
    // The function's own place of the kink, without the rounding of scale and shift.
    let argument = inputScale * kink.location + inputShift
    let own = function.kinks.map(\.location).min { abs($0 - argument) < abs($1 - argument) } ?? argument
    func side(_ argument: Double) -> OneSidedValues {
      var factor = outputScale
      var values: [Double] = []
      for order in 0...3 {
        let shift = order == 0 ? outputShift : 0
        // Derivatives below the kink's order are the same on both sides, to the last bit.
        let place = order < kink.order ? own : argument
        values.append(factor * function.derivative(order, at: place) + shift)
        factor *= inputScale
      }
      return OneSidedValues(values: values)
    }
    let below = side(own.nextDown)
    let above = side(own.nextUp)
    return inputScale > 0 ? (below, above) : (above, below)
  }

  /// The two sides of 0: different only where a kink lies there.
  var sidesOfZero: (left: OneSidedValues, right: OneSidedValues) {
    if let kink = kinks.first(where: { $0.location == 0 }) { return sides(of: kink) }
    let values = OneSidedValues(values: (0...3).map { derivative($0, at: 0) })
    return (values, values)
  }

  /// Whether σ(0) vanishes, up to the rounding of an output shift that is meant to cancel it.
  var vanishesAtZero: Bool {
    let size = abs(outputShift) + abs(outputScale * function.derivative(0, at: inputShift))
    return abs(derivative(0, at: 0)) <= 4 * Double.ulpOfOne * size || size == 0
  }
}
