import OrreryAnalysis
import OrreryTensors

/// The trace of a symmetric operator by Hutchinson's estimator: the mean of zᵀAz over probes z of independent signs, unbiased, with
/// Var = 2 Σ_(i≠j) A_ij² for each (M. Hutchinson, Commun. Stat. Simul. Comput. 18, 1059, 1989).
package struct TraceEstimate: Sendable {
  package let value: Double
  /// Of the mean over probes; infinite for one.
  package let standardError: Double

  package init<Scalar: TrainingScalar>(of a: any SymmetricOperator<Scalar>, probes: Int, seed: UInt64) {
    let count = a.count
    let memory = AlignedStorage<Scalar>(uninitializedCount: 2 * count)
    let z = memory.elements.baseAddress!
    var values: [Double] = []
    for probe in 0..<probes {
      Scalar.fillSigns(
        UnsafeMutableBufferPointer(start: z, count: count),
        RandomStream(seed: seed, purpose: .probe, layer: probe, step: 2))
      a.apply(UnsafePointer(z), into: z + count)
      values.append(ArrayArithmetic.dot(UnsafePointer(z), z + count, count: count))
    }
    let estimate = Statistics.mean(values)
    (value, standardError) = (estimate.value, estimate.error)
  }
}
