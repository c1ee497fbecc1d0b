import Foundation
import OrreryAnalysis
import OrreryNetworks

extension ActivationMoments {
  /// The expectations that share nodes, in the order of the integrator's components.
  private enum Integrand: Int, CaseIterable {
    case mean, second, fourth, sixth, slope, slopeFourth, curvature, slopeDerivative, secondCurvature, fourthDerivative
  }

  /// Integrates with a shared set of nodes, then the central moments of σ² with another.
  init(integrating activation: Activation, kernel: Double) {
    self.init(unset: kernel)
    let estimates = Self.integrate(activation, kernel: kernel)
    func value(_ integrand: Integrand) -> Double { estimates[integrand.rawValue].value }
    mean = value(.mean)
    secondMoment = value(.second)
    fourthMoment = value(.fourth)
    sixthMoment = value(.sixth)
    squaredSlope = value(.slope)
    fourthPowerOfSlope = value(.slopeFourth)
    slopeOfSecondMoment = value(.slope) + value(.curvature)
    curvatureOfSecondMoment = value(.secondCurvature)
    slopeOfSquaredSlope = value(.slopeDerivative)
    slopeOfVarianceOfSquare = value(.fourthDerivative)
    addJumps(of: activation)
    slopeOfVarianceOfSquare -= 2 * secondMoment * slopeOfSecondMoment
    curvature = activation.kinks.isEmpty ? value(.curvature) : slopeOfSecondMoment - squaredSlope
    relativeError = max(
      estimates[Integrand.second.rawValue].relativeError, estimates[Integrand.slope.rawValue].relativeError)
    takeCentralMoments(activation)
  }

  /// The length in z on which σ has its structure: where it oscillates the range of z itself, which it fills with waves.
  private static func scale(of activation: Activation, kernel: Double) -> Double {
    let unit = activation.inputScale == 0 ? 1 : 1 / abs(activation.inputScale)
    return activation.function.description.oscillates ? max(kernel.squareRoot(), unit) : unit
  }

  /// All integrands together; one by one where one of them overflows (σ⁶ does long before σ²) and so ends the
  /// refinement of the others.
  private static func integrate(_ activation: Activation, kernel: Double) -> [Estimate] {
    let together = integrate(activation, kernel: kernel, Integrand.allCases)
    if together.allSatisfy({ $0.error.isFinite }) { return together }
    return Integrand.allCases.map { integrate(activation, kernel: kernel, [$0])[0] }
  }

  private static func integrate(_ activation: Activation, kernel: Double, _ integrands: [Integrand]) -> [Estimate] {
    var places = [Int?](repeating: nil, count: Integrand.allCases.count)
    for (place, integrand) in integrands.enumerated() { places[integrand.rawValue] = place }
    return expectations(activation, kernel: kernel, count: integrands.count, relative: 1e-12) { z, output, n in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * n) { scratch in
        scratch.initialize(repeating: 0)
        guard let values = scratch.baseAddress else { return }
        for order in 0...3 { activation.apply(order: order, to: z, into: values + order &* n, count: n) }
        for i in 0..<n {
          let (f, d1) = (values[i], values[n &+ i])
          let (d2, d3) = (values[2 &* n &+ i], values[3 &* n &+ i])
          let (square, slope) = (f * f, d1 * d1)
          func put(_ integrand: Integrand, _ value: Double) {
            if let place = places[integrand.rawValue] { output[place &* n &+ i] = value }
          }
          put(.mean, f)
          put(.second, square)
          put(.fourth, square * square)
          put(.sixth, square * square * square)
          put(.slope, slope)
          put(.slopeFourth, slope * slope)
          put(.curvature, f * d2)
          put(.slopeDerivative, d2 * d2 + d1 * d3)
          // ¼⟨∂⁴σ²⟩ with ⟨σσ⁗⟩ = ⟨σσ‴z⟩/K − ⟨σ′σ‴⟩, so that no fourth derivative is needed.
          put(.secondCurvature, 1.5 * (d1 * d3 + d2 * d2) + 0.5 * f * d3 * z[i] / kernel)
          put(.fourthDerivative, square * (6 * slope + 2 * f * d2))
        }
      }
    }
  }

  /// Nodes z, values of all components (component after component), number of nodes.
  private typealias Integrands = (UnsafePointer<Double>, UnsafeMutablePointer<Double>, Int) -> Void

  /// Expectations to a relative error or to `absolute` times ∫|f|, whichever is reached first: an expectation whose parts cancel
  /// (⟨σ⟩ of an odd σ) has no relative precision to wait for.
  private static func expectations(
    _ activation: Activation, kernel: Double, count: Int, relative: Double, absolute: Double = 1e-14,
    _ integrands: Integrands
  ) -> [Estimate] {
    let scale = scale(of: activation, kernel: kernel)
    let sizes = magnitudes(kernel: kernel, scale: scale, count: count, integrands)
    return GaussianExpectation.one(
      variance: kernel, components: count, kinks: activation.kinks.map(\.location), scale: scale,
      tolerance: Tolerance(relative: relative, absolute: absolute)
    ) { (nodes: UnsafeBufferPointer<Double>, output: UnsafeMutableBufferPointer<Double>) in
      guard let z = nodes.baseAddress, let values = output.baseAddress else { return }
      let n = nodes.count
      integrands(z, values, n)
      for component in 0..<count where sizes[component] != 1 {
        let factor = 1 / sizes[component]
        for i in (component &* n)..<((component &+ 1) &* n) { values[i] *= factor }
      }
    }.enumerated().map { $1.scaled(by: sizes[$0]) }
  }

  /// ∫|f| of each component by a coarse rule in z = s sinh t; 1 where that says nothing.
  private static func magnitudes(kernel: Double, scale: Double, count: Int, _ integrands: Integrands) -> [Double] {
    let deviation = kernel.squareRoot()
    let steps = 20
    let h = asinh(8 * deviation / scale) / Double(steps)
    let arguments = (-steps...steps).map { Double($0) * h }
    let nodes = arguments.map { scale * sinh($0) }
    var values = [Double](repeating: 0, count: count * nodes.count)
    values.withUnsafeMutableBufferPointer { values in
      nodes.withUnsafeBufferPointer { nodes in
        guard let z = nodes.baseAddress, let output = values.baseAddress else { return }
        integrands(z, output, nodes.count)
      }
    }
    return (0..<count).map { component in
      var sum = 0.0
      for (i, t) in arguments.enumerated() {
        let u = nodes[i] / deviation
        let weight = scale * cosh(t) * h / deviation * exp(-u * u / 2) / (2 * Double.pi).squareRoot()
        sum += weight * values[component * nodes.count + i].magnitude
      }
      return sum.isNormal ? sum : 1
    }
  }

  /// The terms that a jump of f, f′, f″ at z₀ adds to ⟨f″⟩ and ⟨f⁗⟩, with p = N(z₀; 0, K):
  /// ⟨f″⟩ ∋ [f′]p − [f]p′, ⟨f⁗⟩ ∋ [f‴]p − [f″]p′ + [f′]p″ − [f]p‴.
  private mutating func addJumps(of activation: Activation) {
    for kink in activation.kinks {
      let (left, right) = activation.sides(of: kink)
      func jump(_ f: (OneSidedValues) -> Double) -> Double { f(right) - f(left) }
      let y = kink.location / kernel
      let p = exp(-kink.location * y / 2) / (2 * Double.pi * kernel).squareRoot()
      let (p1, p2, p3) = (-y * p, (y * y - 1 / kernel) * p, (3 * y / kernel - y * y * y) * p)
      slopeOfSecondMoment += jump { $0.value * $0.d1 } * p - jump { $0.value * $0.value } * p1 / 2
      slopeOfSquaredSlope += jump { $0.d1 * $0.d2 } * p - jump { $0.d1 * $0.d1 } * p1 / 2
      // The boundary term of ∫σσ⁗, integrated by parts, cancels part of [f‴].
      curvatureOfSecondMoment +=
        (6 * jump { $0.d1 * $0.d2 } * p - 2 * jump { $0.d1 * $0.d1 + $0.value * $0.d2 } * p1
          + 2 * jump { $0.value * $0.d1 } * p2 - jump { $0.value * $0.value } * p3) / 4
      slopeOfVarianceOfSquare +=
        2 * jump { $0.value * $0.value * $0.value * $0.d1 } * p - jump { $0.value * $0.value * $0.value * $0.value }
        * p1 / 2
      if kink.order == 0 {
        squaredSlope = .infinity
        fourthPowerOfSlope = .infinity
      }
    }
  }

  /// Central moments of σ², and higher derivatives in K by Hermite weights on σ² − m:
  /// K^k d^k⟨f⟩/dK^k = 2^(−k) ⟨f He_2k(z/√K)⟩.
  private mutating func takeCentralMoments(_ activation: Activation) {
    let (m, fourthMoment, kernel) = (secondMoment, fourthMoment, kernel)
    // Where σ(0) ≠ 0 and K is small, σ² − m is a small difference, and rounding of σ² is all there is to gain.
    let spread = max(fourthMoment - m * m, 0).squareRoot()
    let noise = Double.ulpOfOne * m / max(spread, Double.ulpOfOne * m)
    let estimates = Self.expectations(
      activation, kernel: kernel, count: 5, relative: 1e-10, absolute: max(1e-14, 16 * noise)
    ) { z, output, n in
      activation.apply(to: z, into: output, count: n)
      for i in 0..<n {
        let square = output[i] * output[i]
        let centred = square - m
        let s = z[i] * z[i] / kernel
        output[i] = centred * centred
        output[n &+ i] = centred * centred * centred
        output[2 &* n &+ i] = centred * (((s - 15) * s + 45) * s - 15)
        output[3 &* n &+ i] = centred * ((((s - 28) * s + 210) * s - 420) * s + 105)
        output[4 &* n &+ i] = (square * square - fourthMoment) * ((s - 6) * s + 3)
      }
    }
    varianceOfSquare = estimates[0].value
    thirdCumulantOfSquare = estimates[1].value
    scaledThirdDerivative = estimates[2].value / 8
    scaledFourthDerivative = estimates[3].value / 16
    scaledCurvatureOfVarianceOfSquare =
      estimates[4].value / 4 - 2 * kernel * kernel
      * (slopeOfSecondMoment * slopeOfSecondMoment + secondMoment * curvatureOfSecondMoment)
  }
}
