import OrreryTensors

/// The tensors that move second moments of outputs besides ``MotionTensors``, of one block's samples; formulas are at
/// ``CovarianceSources``.
struct CovarianceTensors: Sendable {
  /// x: numbers of ``ExtendedModes`` among those of all samples.
  let members: [Int]
  /// G1_xx′.
  let kernel: Matrix<Double>
  /// H1_xa.
  let mean: Matrix<Double>
  /// D_ex′(xa) + F_exx′a + m F_eax′x at x, x′, a, e.
  let correlation: PairModeTensor
  /// The two parts of E[ΔĤ_ij;xa ΔĤ_ik;x′c]: A_(xa)(x′c) + B_xcax′, and B_xx′ac, at x, x′, a, c.
  let pair: (own: PairModeTensor, traced: PairModeTensor)
  /// The parts of E[(dĤ_ijk;xab + dĤ_jik;axb) z_i;x′] at x, x′, a, b.
  let moved: (own: PairModeTensor, traced: PairModeTensor)
  /// The largest element of any of these with a mode of eigenvalue 0, relative to the tensor's largest. Those modes are 0 in a tensor
  /// where it is at most the tolerance.
  let nullCoupling: Double

  /// - Parameter members: of x; nil for the block's training modes and test samples.
  init(_ block: TrainingBlock, modes: ExtendedModes, dynamics: KernelDynamics, members: [Int]?, tolerance: Double) {
    let n = dynamics.eigenvalues.count
    let vectors = dynamics.vectors
    let all = Array(0..<n) + block.tests.map { n + $0 }
    let places = members.map { chosen in chosen.map { all.firstIndex(of: $0)! } } ?? Array(all.indices)
    let chosen = places.map { all[$0] }
    let free = modes.transform(of: all).selectingRows(places)
    let silent = dynamics.eigenvalues.map { $0 <= 0 }
    let silentFree = chosen.map { $0 < n && silent[$0] }
    let m = Double(dynamics.outputs)
    var coupling = 0.0
    func tensor(_ element: (Int, Int, Int, Int) -> Double) -> PairModeTensor {
      var result = PairModeTensor(samples: block.samples, free: free, vectors: vectors, element)
      coupling = max(coupling, result.silence(free: silentFree, modes: silent, tolerance: tolerance))
      return result
    }
    func quiet(_ matrix: Matrix<Double>, columnsSilent: [Bool]) -> Matrix<Double> {
      var elements = matrix.tensor.elements
      let width = matrix.columns
      let found = silenced(&elements, tolerance: tolerance, anySilent: silent.contains(true)) { place in
        silentFree[place / width] || columnsSilent[place % width]
      }
      coupling = max(coupling, found)
      return Matrix(rows: matrix.rows, columns: width, elements: elements)
    }
    self.members = chosen
    let (a, b, dd, f) = (block.tangent.a, block.tangent.b, block.tangent.d, block.tangent.f)
    kernel = quiet(
      free.product(block.output.kernelCorrection).product(free, transposingRight: true), columnsSilent: silentFree)
    let columns = Matrix(
      rows: block.samples, columns: n,
      elements: (0..<block.samples).flatMap { Array(block.tangent.correction.row($0).prefix(n)) })
    mean = quiet(free.product(columns).product(vectors, transposingRight: true), columnsSilent: silent)
    correlation = tensor { x, y, a, e in dd[e, y, x, a] + f[e, x, y, a] + m * f[e, a, y, x] }
    pair = (tensor { x, y, e, c in a[x, e, y, c] + b[x, c, e, y] }, tensor { x, y, e, c in b[x, y, e, c] })
    let (p, q) = (block.differentials.p, block.differentials.q)
    moved = (
      tensor { x, y, a, b in q[x, a, b, y] + q[a, x, b, y] + q[x, b, a, y] + p[a, x, b, y] },
      tensor { x, y, a, b in p[x, a, b, y] + q[a, b, x, y] }
    )
    nullCoupling = coupling
  }
}

/// The tensors of one block with the pairs of its members that are taken from it.
struct CovariancePiece: Sendable {
  /// Which pairs of members, (x, x′) as well as (x′, x).
  enum Pairs: Sendable {
    /// All.
    case all
    /// Those of modes, of test samples with modes, and of each test sample with itself.
    case diagonal
    /// The same without those of modes.
    case testDiagonal
    /// Those with a test sample.
    case withTests
    /// Those of two modes.
    case modes
    /// Those of the first members with the others.
    case between(first: Int)
  }

  let tensors: CovarianceTensors
  let pairs: Pairs

  /// - Parameters:
  ///   - x: and y: places among the members.
  ///   - modes: N.
  func takes(_ x: Int, _ y: Int, modes: Int) -> Bool {
    let (isTestX, isTestY) = (tensors.members[x] >= modes, tensors.members[y] >= modes)
    switch pairs {
    case .all: return true
    case .diagonal: return !(isTestX && isTestY) || x == y
    case .testDiagonal: return isTestX != isTestY || (isTestX && x == y)
    case .withTests: return isTestX || isTestY
    case .modes: return !isTestX && !isTestY
    case .between(let first): return (x < first) != (y < first)
    }
  }
}
