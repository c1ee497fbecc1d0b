import OrreryTensors

/// A layer of given tensors, for checks of what is made of them: no network needs to have these.
extension FiniteWidthLayer {
  /// - Parameters:
  ///   - kernel: K, and its correction G1, (M, M).
  ///   - tangentKernel: Θ and H1, (M, M).
  ///   - pairTensors: A and D, whose first and second pairs are symmetric.
  ///   - tensors: B, F, P, Q, R, S, T, U.
  package init(
    layer: Int, fanIn: Int, kernel: (Matrix<Double>, correction: Matrix<Double>),
    tangentKernel: (Matrix<Double>, correction: Matrix<Double>),
    pairTensors: (a: (Int, Int, Int, Int) -> Double, d: (Int, Int, Int, Int) -> Double),
    tensors: [(Int, Int, Int, Int) -> Double]
  ) throws {
    precondition(tensors.count == 8, "B, F, P, Q, R, S, T and U.")
    let count = kernel.0.rows
    let pairs = (0..<count).flatMap { a in (0...a).map { (a, $0) } }
    func paired(_ element: (Int, Int, Int, Int) -> Double) throws -> PairTensor {
      try PairTensor(
        inputs: count,
        elements: pairs.flatMap { first in pairs.map { element(first.0, first.1, $0.0, $0.1) } })
    }
    let full = tensors.map { FourPointTensor(inputs: count, $0) }
    try self.init(
      layer: layer, fanIn: fanIn, kernel: kernel.0, fourPointVertex: PairTensor(inputs: count),
      kernelCorrection: kernel.correction)
    self.tangentKernel = try TangentKernelTensors(
      mean: tangentKernel.0, correction: tangentKernel.correction, a: paired(pairTensors.a), b: full[0],
      d: paired(pairTensors.d), f: full[1])
    differentials = try DifferentialTensors(p: full[2], q: full[3], r: full[4], s: full[5], t: full[6], u: full[7])
  }
}
