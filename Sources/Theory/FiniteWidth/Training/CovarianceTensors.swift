import OrreryTensors

/// The combinations of tensors that move second moments of outputs, all four indices in ``ExtendedModes``; formulas are at
/// ``CovarianceSources``.
struct CovarianceTensors: Sendable {
  /// G1 and H1.
  let kernel: Matrix<Double>
  let mean: Matrix<Double>
  /// D_ef(xa) + F_exfa + m F_eafx at x, a, e, f.
  let correlation: ModeTensor
  let motion: MotionTensors
  /// The two parts of E[ΔĤ_ij;xa ΔĤ_ik;bc]: A_(xa)(bc) + B_xcab, and B_xbac.
  let pair: (own: ModeTensor, traced: ModeTensor)
  /// The parts of E[(dĤ_ijk;xab + dĤ_jik;axb) z_i;f].
  let moved: (own: ModeTensor, traced: ModeTensor)

  /// - Parameter silent: modes in which every tensor vanishes up to `tolerance` of its size; it is 0 there.
  init(
    output: FiniteWidthLayer, tangent: TangentKernelTensors, differentials d: DifferentialTensors,
    modes: ExtendedModes, outputs: Int, silent: [Bool], tolerance: Double
  ) {
    let m = Double(outputs)
    func tensor(_ element: (Int, Int, Int, Int) -> Double) -> ModeTensor {
      var result = ModeTensor(rows: output.inputs, vectors: modes.transform, element)
      _ = result.silence(silent, tolerance: tolerance)
      return result
    }
    func quiet(_ matrix: Matrix<Double>) -> Matrix<Double> {
      var result = modes.rotated(matrix)
      let largest = result.tensor.elements.reduce(0) { max($0, abs($1)) }
      for a in silent.indices where silent[a] {
        for b in silent.indices {
          if abs(result[a, b]) <= tolerance * largest { result[a, b] = 0 }
          if abs(result[b, a]) <= tolerance * largest { result[b, a] = 0 }
        }
      }
      return result
    }
    kernel = quiet(output.kernelCorrection)
    mean = quiet(tangent.correction)
    let (a, b, dd, f) = (tangent.a, tangent.b, tangent.d, tangent.f)
    correlation = tensor { x, a, e, g in dd[e, g, x, a] + f[e, x, g, a] + m * f[e, a, g, x] }
    motion = MotionTensors(tangent, d, outputs: outputs, tensor)
    pair = (
      tensor { a[$0, $1, $2, $3] + b[$0, $3, $1, $2] }, tensor { b[$0, $2, $1, $3] }
    )
    let (p, q) = (d.p, d.q)
    moved = (
      tensor { x, a, b, c in q[x, a, b, c] + q[a, x, b, c] + q[x, b, a, c] + p[a, x, b, c] },
      tensor { x, a, b, c in p[x, a, b, c] + q[a, b, x, c] }
    )
  }
}
