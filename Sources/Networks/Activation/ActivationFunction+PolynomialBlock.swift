import OrreryTensors

extension ActivationFunction {
  /// Derivatives of u^degree, by repeated multiplication.
  @inline(__always)
  func monomial<S: ActivationScalar>(_ degree: Int, _ order: Int, _ block: ActivationBlock<S>) {
    guard order <= degree else { return block.map { _ in 0 } }
    let factor = S(Self.fallingFactorial(degree, order))
    switch degree - order {
    case 0: block.map { _ in factor }
    case 1: block.map { factor * $0 }
    case 2: block.map { factor * ($0 * $0) }
    case 3: block.map { factor * ($0 * $0 * $0) }
    default:
      for i in 0..<block.count { block.first[i] = block.arguments[i] }
      for _ in 1..<(degree - order) { for i in 0..<block.count { block.first[i] *= block.arguments[i] } }
      block.mapWithFirst { _, power in factor * power }
    }
  }

  /// Derivatives of He_degree: degree!/(degree − order)! He_(degree−order), by the recurrence He_(j+1) = u He_j − j He_(j−1).
  @inline(__always)
  func hermite<S: ActivationScalar>(_ degree: Int, _ order: Int, _ block: ActivationBlock<S>) {
    guard order <= degree else { return block.map { _ in 0 } }
    let factor = S(Self.fallingFactorial(degree, order))
    for i in 0..<block.count {
      block.first[i] = 0
      block.second[i] = 1
    }
    for j in 0..<(degree - order) {
      let weight = S(j)
      for i in 0..<block.count {
        let next = block.arguments[i] * block.second[i] - weight * block.first[i]
        block.first[i] = block.second[i]
        block.second[i] = next
      }
    }
    block.mapWithBoth { _, _, value in factor * value }
  }

  /// Derivatives of Σ_p c_p u^p, by Horner's rule.
  @inline(__always)
  func polynomial<S: ActivationScalar>(_ coefficients: [Double], _ order: Int, _ block: ActivationBlock<S>) {
    for i in 0..<block.count { block.first[i] = 0 }
    for degree in stride(from: coefficients.count - 1, through: order, by: -1) {
      let coefficient = S(Self.fallingFactorial(degree, order) * coefficients[degree])
      for i in 0..<block.count { block.first[i] = block.first[i] * block.arguments[i] + coefficient }
    }
    block.mapWithFirst { _, value in value }
  }
}
