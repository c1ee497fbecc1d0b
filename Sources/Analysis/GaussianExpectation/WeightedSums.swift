/// Running sums Σ wᵢ f_c(zᵢ) for several components c, compensated, with what bounds their rounding error.
struct WeightedSums {
  private(set) var components: Int
  private var sums: [Double]
  private var compensations: [Double]
  /// Σ |wᵢ f_c(zᵢ)| (1 + eᵢ), eᵢ the exponent of the Gaussian weight: relative errors of e^(−e) grow like e.
  private(set) var magnitudes: [Double]

  init(components: Int) {
    self.components = components
    sums = Array(repeating: 0, count: components)
    compensations = sums
    magnitudes = sums
  }

  func value(_ component: Int) -> Double { sums[component] + compensations[component] }

  /// An estimate of the sum's rounding error.
  func rounding(_ component: Int) -> Double { 0x1p-51 * magnitudes[component] }

  /// Adds nodes with the given weights; component c of the values begins at c · count.
  mutating func add(
    _ values: UnsafeBufferPointer<Double>, weights: UnsafeBufferPointer<Double>,
    exponents: UnsafeBufferPointer<Double>
  ) {
    let count = weights.count
    for component in 0..<components {
      var sum = sums[component]
      var compensation = compensations[component]
      var magnitude = magnitudes[component]
      let row = component &* count
      for i in 0..<count {
        let term = weights[i] * values[row &+ i]
        let next = sum + term
        // Neumaier's form: what the smaller of the two lost.
        compensation += sum.magnitude >= term.magnitude ? (sum - next) + term : (term - next) + sum
        sum = next
        magnitude += term.magnitude * (1 + exponents[i])
      }
      sums[component] = sum
      compensations[component] = compensation
      magnitudes[component] = magnitude
    }
  }

  /// Multiplies everything summed so far: a trapezoid's step was halved.
  mutating func scale(by factor: Double) {
    for component in 0..<components {
      sums[component] *= factor
      compensations[component] *= factor
      magnitudes[component] *= factor
    }
  }
}
