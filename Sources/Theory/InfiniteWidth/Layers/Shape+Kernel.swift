import OrreryNetworks

/// In evaluation nothing happens.
extension Dropout: KernelPropagating {
  public func propagate(_ state: KernelState, scales: [ParameterScales]) throws -> KernelState { state }
}

/// All positions become channels: K′ = (1/P) Σ_p K_pp, and Θ and means alike.
///
/// With a = √(k₁₁/Σk₁₁), b = √(k₂₂/Σk₂₂) position by position, 1 − c′ = ½ Σ(a − b)² + Σ ab(1 − c): a sum of positive terms. What leaves
/// has channels of different laws, unless there was one position, and is not Gaussian in the sense that functions need.
extension Flatten: KernelPropagating {
  public func reach(for reach: [Int], inputShape: [Int]) -> [Int] { inputShape.dropLast().map { _ in 0 } }

  public func propagate(_ state: KernelState, scales: [ParameterScales]) throws -> KernelState {
    let (pairs, count) = (state.pairs, state.pairs.positionCount)
    guard count > 1 else {
      return KernelState(
        rows: state.rows, columns: state.columns, oneMinusCorrelations: state.oneMinusCorrelations,
        tangents: state.tangents, isSymmetric: state.isSymmetric, isGaussian: state.isGaussian)
    }
    func mean(_ values: [Double]) -> [Double] {
      stride(from: 0, to: values.count, by: count).map { values[$0..<($0 + count)].reduce(0, +) / Double(count) }
    }
    func side(_ side: KernelSide) -> (side: KernelSide, shares: [Double]) {
      let variances = mean(side.variances)
      let shares = side.variances.indices.map { site in
        let sum = variances[site / count] * Double(count)
        return sum > 0 ? (side.variances[site] / sum).squareRoot() : 0
      }
      return (KernelSide(samples: side.samples, variances: variances, means: side.means.map(mean)), shares)
    }
    let (rows, columns) = (side(state.rows), side(state.columns))
    // A signal of norm 0 is as far from any as one that is orthogonal.
    var values = [Double](repeating: 0, count: state.rows.samples * state.columns.samples)
    var tangents = state.tangents.map { _ in values }
    let diagonal = (0..<count).map { pairs.index($0, $0)! }
    for row in 0..<state.rows.samples {
      for column in 0..<state.columns.samples {
        let index = row * state.columns.samples + column
        for (position, pair) in diagonal.enumerated() {
          let (a, b) = (rows.shares[row * count + position], columns.shares[column * count + position])
          let place = index * pairs.count + pair
          values[index] += 0.5 * (a - b) * (a - b) + a * b * state.oneMinusCorrelations[place]
          if let tangent = state.tangents?[place] { tangents![index] += tangent / Double(count) }
        }
        if rows.side.variances[row] == 0 || columns.side.variances[column] == 0 { values[index] = 1 }
      }
    }
    return KernelState(
      rows: rows.side, columns: columns.side, oneMinusCorrelations: values, tangents: tangents,
      isSymmetric: state.isSymmetric, isGaussian: false)
  }
}
