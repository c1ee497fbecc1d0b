import Foundation
import OrreryNetworks

extension ActivationMoments {
  /// Integrates with steps that are halved until two rules agree.
  ///
  /// The rules converge exponentially in 1/h, so that a rule's error is about the square of the difference to the
  /// coarser one; refinement stops at a difference of 1e-9 of ∫|f|, and the bound given is its power 3/2, at least a
  /// rounding error.
  init(integrating activation: Activation, kernel: Double) {
    var sums = Sums(activation, kernel: kernel, reach: 13)
    // Functions that grow as e^z move the integrand's weight outwards: widen the range until its ends are empty.
    for reach in [19.0, 26.0, 37.0] where !sums.endsAreEmpty {
      sums = Sums(activation, kernel: kernel, reach: reach)
    }
    var difference = sums.refine()
    while difference > 1e-9, sums.level < 10 { difference = sums.refine() }
    self.init(unset: kernel)
    take(sums)
    addJumps(of: activation)
    curvature = slopeOfSecondMoment - squaredSlope
    if activation.kinks.isEmpty { curvature = sums[.curvature] }
    takeCentredMoments(sums)
    relativeError = max(pow(difference, 1.5), 8 * Double.ulpOfOne)
  }

  private mutating func take(_ sums: Sums) {
    mean = sums[.mean]
    secondMoment = sums[.second]
    fourthMoment = sums[.fourth]
    sixthMoment = sums[.sixth]
    squaredSlope = sums[.slope]
    fourthPowerOfSlope = sums[.slopeFourth]
    slopeOfSecondMoment = sums[.slope] + sums[.curvature]
    curvatureOfSecondMoment = sums[.secondCurvature]
    slopeOfSquaredSlope = sums[.slopeDerivative]
    slopeOfVarianceOfSquare = sums[.fourthDerivative]
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
      slopeOfSecondMoment += jump { $0.σ * $0.d1 } * p - jump { $0.σ * $0.σ } * p1 / 2
      slopeOfSquaredSlope += jump { $0.d1 * $0.d2 } * p - jump { $0.d1 * $0.d1 } * p1 / 2
      // ∫σσ⁗ over the smooth parts was integrated by parts; its boundary term cancels that of [f‴].
      curvatureOfSecondMoment +=
        (6 * jump { $0.d1 * $0.d2 } * p - 2 * jump { $0.d1 * $0.d1 + $0.σ * $0.d2 } * p1
          + 2 * jump { $0.σ * $0.d1 } * p2 - jump { $0.σ * $0.σ } * p3) / 4
      slopeOfVarianceOfSquare +=
        2 * jump { $0.σ * $0.σ * $0.σ * $0.d1 } * p - jump { $0.σ * $0.σ * $0.σ * $0.σ } * p1 / 2
      if kink.order == 0 {
        squaredSlope = .infinity
        fourthPowerOfSlope = .infinity
      }
    }
    slopeOfVarianceOfSquare -= 2 * secondMoment * slopeOfSecondMoment
  }

  /// Central moments of σ² in a second pass, and higher derivatives in K by Hermite weights on σ² − m:
  /// K^k d^k⟨f⟩/dK^k = 2^(−k) ⟨f He_2k(z/√K)⟩.
  private mutating func takeCentredMoments(_ sums: Sums) {
    var (c2, c3, sixth, eighth, fourth) = (0.0, 0.0, 0.0, 0.0, 0.0)
    let h = sums.step
    for (z, (weight, value)) in zip(sums.places, zip(sums.weights, sums.values)) {
      let square = value * value
      let centred = square - secondMoment
      let w = weight * h
      let s = z * z / kernel
      c2 += w * centred * centred
      c3 += w * centred * centred * centred
      sixth += w * centred * (((s - 15) * s + 45) * s - 15)
      eighth += w * centred * ((((s - 28) * s + 210) * s - 420) * s + 105)
      fourth += w * (square * square - fourthMoment) * ((s - 6) * s + 3)
    }
    varianceOfSquare = c2
    thirdCumulantOfSquare = c3
    scaledThirdDerivative = sixth / 8
    scaledFourthDerivative = eighth / 16
    scaledCurvatureOfVarianceOfSquare =
      fourth / 4 - 2 * kernel * kernel
      * (slopeOfSecondMoment * slopeOfSecondMoment + secondMoment * curvatureOfSecondMoment)
  }

  /// The integrands that share nodes.
  private enum Integrand: Int, CaseIterable {
    case mean, second, slope, curvature, fourth, sixth, slopeDerivative, secondCurvature, fourthDerivative, slopeFourth
  }

  /// Running sums over nodes, the sums of their magnitudes, and σ at each node.
  private struct Sums {
    let activation: Activation
    let kernel: Double
    let nodes: GaussianNodes
    var level = 0
    var places: [Double] = []
    var weights: [Double] = []
    var values: [Double] = []
    var totals = [Double](repeating: 0, count: Integrand.allCases.count)
    var magnitudes = [Double](repeating: 0, count: Integrand.allCases.count)
    var endsAreEmpty = true

    init(_ activation: Activation, kernel: Double, reach: Double) {
      self.activation = activation
      self.kernel = kernel
      nodes = GaussianNodes(activation: activation, kernel: kernel, reach: reach)
      add(nodes.nodes(addedAt: 0))
      let sixth = magnitudes[Integrand.sixth.rawValue]
      var end = 0.0
      for (place, (weight, value)) in zip(places, zip(weights, values))
      where abs(place) > 0.9 * reach * kernel.squareRoot() {
        end = max(end, weight * pow(value, 6))
      }
      endsAreEmpty = !(sixth.isFinite && end > 1e-18 * sixth)
    }

    var step: Double { nodes.step(level: level) }
    subscript(_ integrand: Integrand) -> Double { totals[integrand.rawValue] * step }

    /// Halves the step; returns the largest change, relative to the sum of magnitudes.
    mutating func refine() -> Double {
      let (before, size, h) = (totals, magnitudes, step)
      level += 1
      add(nodes.nodes(addedAt: level))
      var change = 0.0
      for index in totals.indices where totals[index].isFinite {
        let scale = max(magnitudes[index] * step, size[index] * h)
        if scale > 0 { change = max(change, abs(totals[index] * step - before[index] * h) / scale) }
      }
      return change
    }

    private mutating func add(_ nodes: [GaussianNodes.Node]) {
      for node in nodes where node.weight > 0 {
        let σ = activation.derivative(0, at: node.z)
        let d1 = activation.derivative(1, at: node.z)
        let d2 = activation.derivative(2, at: node.z)
        let d3 = activation.derivative(3, at: node.z)
        let square = σ * σ
        places.append(node.z)
        weights.append(node.weight)
        values.append(σ)
        accumulate(.mean, node.weight * σ)
        accumulate(.second, node.weight * square)
        accumulate(.slope, node.weight * d1 * d1)
        accumulate(.curvature, node.weight * σ * d2)
        accumulate(.fourth, node.weight * square * square)
        accumulate(.sixth, node.weight * square * square * square)
        accumulate(.slopeDerivative, node.weight * (d2 * d2 + d1 * d3))
        accumulate(.secondCurvature, node.weight * (1.5 * (d1 * d3 + d2 * d2) + 0.5 * σ * d3 * node.z / kernel))
        accumulate(.fourthDerivative, node.weight * square * (6 * d1 * d1 + 2 * σ * d2))
        accumulate(.slopeFourth, node.weight * d1 * d1 * d1 * d1)
      }
    }

    private mutating func accumulate(_ integrand: Integrand, _ term: Double) {
      totals[integrand.rawValue] += term
      magnitudes[integrand.rawValue] += abs(term)
    }
  }
}
