import OrreryTensors

/// The recursions of the NTK's statistics at order 1/n: H1, A, B, D, F (PDLT chapter 8).
///
/// With Ω_12 = λ_Wσ_1σ_2 + C_WΘ_12σ′_1σ′_2, 𝓞 its response to the kernel as 𝓛 is that of C_Wσσ, π_12 = C_W⟨σ′_1σ′_2⟩:
///
///     D′_1234 = C_W(⟨σ_1σ_2Ω_34⟩ − ⟨σ_1σ_2⟩⟨Ω_34⟩) + ρ[(𝓛_12⊗𝓞_34)V + π_34 𝓛_12^ab D_ab34]
///     A′ = ⟨Ω_12Ω_34⟩ − ⟨Ω_12⟩⟨Ω_34⟩ + ρ[π_12π_34 A + (𝓞⊗𝓞)V + π_34 𝓞_12^ab D_ab34 + π_12 𝓞_34^ab D_ab12]
///     F′_1324 = C_W²[⟨σ_1σ_2σ′_3σ′_4⟩Θ_34 + ρ Σ_ab ⟨∂_a(σ_1σ′_3)⟩⟨∂_b(σ_2σ′_4)⟩ F_a3b4],  a ∈ {1, 3}, b ∈ {2, 4}
///     B′_1324 = C_W²[⟨σ′_1σ′_2σ′_3σ′_4⟩Θ_12Θ_34 + ρ⟨σ′_1σ′_3⟩⟨σ′_2σ′_4⟩ B_1324]
///     H1′_12 = ρ{𝓞_12 G1 + ⅛⟨∂⁴Ω_12⟩V + π_12 H1_12 + (C_W/2) Σ_ab ⟨∂_a∂_b(σ′_1σ′_2)⟩(D_ab12 + F_a1b2 + F_b1a2 + κ_ab12)}
///
/// κ_ab12 = κ_WC_W²⟨σ_aσ_bσ′_1σ′_2⟩Θ_12 is what layer ℓ's weights add where they are not Gaussian, and V in H1′ is V + κ₄/3.
/// Of two slopes ``PairFluctuation`` gives A_(12)(12) and H1_12.
struct TangentKernelStep<Expectations: LayerExpectations>: Sendable {
  let recursion: FiniteWidthRecursion<Expectations>
  let tangent: TangentKernelTensors
  /// Ω_12 by packed pairs.
  let mean: [PairExpansion]
  /// 𝓞.
  let response: PairOperator
  /// π_12 by packed pairs.
  let passage: [Double]
  /// ⟨σ_1σ_2σ′_3σ′_4⟩ and ⟨σ′_1σ′_2σ′_3σ′_4⟩.
  let mixed: PairTensor
  let slopes: PairTensor
  /// Of pairs of two-slope activations, by packed pairs: what goes into H1_12 by ⟨σ′σ′⟩, and (𝓞⊗𝓞)V + 2π𝓞D of the pair with itself.
  private let alike: [(shift: Double, variance: Double)?]

  var inputs: Int { recursion.inputs }
  var step: FiniteWidthStep { recursion.step }

  init(recursion: FiniteWidthRecursion<Expectations>, tangent: TangentKernelTensors) {
    self.recursion = recursion
    self.tangent = tangent
    let moments = recursion.moments
    let (weight, rate) = (recursion.step.weightVariance, recursion.step.weightRate)
    let theta = recursion.packed(tangent.mean)
    mean = moments.products.indices.map {
      rate * moments.products[$0] + (weight * theta[$0]) * moments.slopes[$0]
    }
    response = PairOperator(inputs: moments.inputs, expansions: mean)
    passage = moments.slopes.map { weight * $0.value }
    mixed = moments.productsAndSlopes!
    slopes = moments.fourSlopes!
    alike = recursion.pairNumbers.map { a, b in
      recursion.pair(a, b, tangent: tangent).map { ($1.slopeShift($0), $1.carriedVariance($0)) }
    }
  }

  func next() -> TangentKernelTensors {
    TangentKernelTensors(
      checkedMean: recursion.symmetric { step.biasRate + mean[$0].value }, correction: correction(), a: variance(),
      b: offDiagonalVariance(), d: crossCorrelation(), f: offDiagonalCrossCorrelation())
  }

  private func crossCorrelation() -> PairTensor {
    let (moments, pairs) = (recursion.moments, tangent.d.pairs)
    let (weight, rate) = (step.weightVariance, step.weightRate)
    let theta = recursion.packed(tangent.mean)
    // (𝓛⊗𝓞)V: 𝓞 on the second pair of 𝓛V.
    let passed = response(recursion.response(recursion.layer.fourPointVertex).transposed).transposed
    let carried = recursion.response(tangent.d)
    return PairTensor(
      inputs: inputs,
      checked: (0..<pairs * pairs).map { place in
        let (first, second) = (place / pairs, place % pairs)
        let covariance =
          rate * moments.productCovariance.elements[place] + weight * theta[second]
          * (mixed.elements[place] - moments.products[first].value * moments.slopes[second].value)
        return weight * covariance
          + step.ratio * (passed.elements[place] + passage[second] * carried.elements[place])
      })
  }

  private func variance() -> PairTensor {
    let (moments, pairs) = (recursion.moments, tangent.a.pairs)
    let (weight, rate) = (step.weightVariance, step.weightRate)
    let theta = recursion.packed(tangent.mean)
    let passed = response(response(recursion.layer.fourPointVertex).transposed)
    let carried = response(tangent.d)
    return PairTensor(
      inputs: inputs,
      checked: (0..<pairs * pairs).map { place in
        let (first, second) = (place / pairs, place % pairs)
        let mirrored = second * pairs + first
        let crossed =
          theta[second] * (mixed.elements[place] - moments.products[first].value * moments.slopes[second].value)
          + theta[first] * (mixed.elements[mirrored] - moments.products[second].value * moments.slopes[first].value)
        let ofSlopes =
          theta[first] * theta[second]
          * (slopes.elements[place] - moments.slopes[first].value * moments.slopes[second].value)
        let fluctuation =
          first == second && alike[first] != nil
          ? alike[first]!.variance
          : passed.elements[place] + passage[second] * carried.elements[place]
            + passage[first] * carried.elements[mirrored]
        return rate * rate * moments.productCovariance.elements[place] + rate * weight * crossed
          + weight * weight * ofSlopes
          + step.ratio * (passage[first] * passage[second] * tangent.a.elements[place] + fluctuation)
      })
  }

  private func offDiagonalVariance() -> FourPointTensor {
    let (moments, theta) = (recursion.moments, tangent.mean)
    let square = step.weightVariance * step.weightVariance
    return FourPointTensor(inputs: inputs) { i1, i3, i2, i4 in
      square
        * (slopes[i1, i2, i3, i4] * theta[i1, i2] * theta[i3, i4]
          + step.ratio * moments.slope(i1, i3) * moments.slope(i2, i4) * tangent.b[i1, i3, i2, i4])
    }
  }

  private func offDiagonalCrossCorrelation() -> FourPointTensor {
    let theta = tangent.mean
    let square = step.weightVariance * step.weightVariance
    let slope = mixedSlopes
    return FourPointTensor(inputs: inputs) { i1, i3, i2, i4 in
      let (x, y) = (slope[i1 * inputs + i3], slope[i2 * inputs + i4])
      let carried =
        x.first * (y.first * tangent.f[i1, i3, i2, i4] + y.second * tangent.f[i1, i3, i4, i4])
        + x.second * (y.first * tangent.f[i3, i3, i2, i4] + y.second * tangent.f[i3, i3, i4, i4])
      return square * (mixed[i1, i2, i3, i4] * theta[i3, i4] + step.ratio * carried)
    }
  }

  /// ⟨∂(σ_ασ′_β)⟩ by α, β.
  var mixedSlopes: [PairSlope] {
    (0..<inputs * inputs).map { recursion.expectations.mixedSlope($0 / inputs, $0 % inputs) }
  }

  private func correction() -> Matrix<Double> {
    let (moments, rate) = (recursion.moments, step.weightRate)
    let shift = recursion.packed(recursion.layer.kernelCorrection)
    let (ofKernel, ofProducts) = (
      response(shift), PairOperator(inputs: moments.inputs, expansions: moments.products)(shift)
    )
    let before = recursion.packed(tangent.correction)
    let pairs = recursion.pairNumbers
    let (d, f, ofWeights) = (tangent.d, tangent.f, recursion.layer.tangentCumulant)
    return recursion.symmetric { pair in
      let (i1, i2) = pairs[pair]
      func crossed(_ a: Int, _ b: Int) -> Double { f[a, i1, b, i2] + f[b, i1, a, i2] }
      func correlation(_ a: Int, _ b: Int) -> Double {
        d[a, b, i1, i2] + crossed(a, b) + (ofWeights?[a, b, i1, i2] ?? 0)
      }
      let slopes = moments.slopes[pair]
      let shifted: Double
      if let alike = alike[pair] {
        shifted =
          rate * (ofProducts[pair] + recursion.secondOrder(moments.products[pair], pairs[pair])) + alike.shift
          + step.weightVariance * slopes.linear(crossed(i1, i1), crossed(i1, i2), crossed(i2, i2))
      } else {
        shifted =
          ofKernel[pair] + recursion.secondOrder(mean[pair], pairs[pair]) + step.weightVariance
          * slopes.linear(correlation(i1, i1), correlation(i1, i2), correlation(i2, i2))
      }
      return step.ratio * (shifted + passage[pair] * before[pair])
    }
  }
}
