import OrreryAnalysis
import OrreryNetworks

/// h = σ(z): ⟨hh⟩ = ⟨σσ⟩, Θ′ = ⟨σ′σ′⟩ Θ.
extension Nonlinearity: KernelPropagating {
  public func propagate(_ state: KernelState, scales: DenseScales?) throws -> KernelState {
    let dual = activation.dual
    var result = state
    let rows = state.rowVariances.map { dual.single(variance: $0) }
    let columns = state.columnVariances.map { dual.single(variance: $0) }
    result.rowVariances = rows.map(\.second)
    result.columnVariances = columns.map(\.second)
    result.rowMeans = rows.map(\.mean)
    result.columnMeans = columns.map(\.mean)
    state.forEachPair { pair, row, column in
      let moments = dual.pair(
        GaussianPair(
          k11: state.rowVariances[row], k22: state.columnVariances[column],
          oneMinusCorrelation: state.oneMinusCorrelations[pair]))
      result.oneMinusCorrelations[pair] = moments.oneMinusCorrelation
      if let tangent = state.tangents?[pair] { result.tangents![pair] = moments.derivative * tangent }
    }
    return result
  }
}
