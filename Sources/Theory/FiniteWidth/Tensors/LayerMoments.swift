import OrreryTensors

/// All expectations that one step of the recursions takes, over one layer's preactivations on M inputs.
struct LayerMoments: Sendable {
  let inputs: Int
  /// By packed pairs.
  let products: [PairExpansion]
  let slopes: [PairExpansion]
  /// ⟨σσσσ⟩ − ⟨σσ⟩⟨σσ⟩ by packed pairs.
  let productCovariance: PairTensor
  /// ⟨σ_1σ_2σ′_3σ′_4⟩, first pair without primes.
  let productsAndSlopes: PairTensor?
  /// ⟨σ′σ′σ′σ′⟩.
  let fourSlopes: PairTensor?
  let differentials: DifferentialMoments?
  /// The largest bound on an error, relative to the size of its kind.
  let error: Double

  init(_ expectations: some LayerExpectations, extent: FiniteWidthExtent) {
    let count = expectations.inputs
    inputs = count
    let pairs = (0..<count).flatMap { a in (0...a).map { (a, $0) } }
    products = pairs.map { expectations.product($0.0, $0.1) }
    slopes = extent == .preactivations ? [] : pairs.map { expectations.slopes($0.0, $0.1) }
    let work = MomentFilling(expectations: expectations, pairs: pairs)
    var errors: [Double] = []
    func symmetric(_ order: Int) -> PairTensor {
      let (tensor, error) = work.symmetric(order: order)
      errors.append(error)
      return tensor
    }
    let four = symmetric(0)
    let values = products.map(\.value)
    productCovariance = PairTensor(
      inputs: count,
      checked: (0..<pairs.count * pairs.count).map {
        four.elements[$0] - values[$0 / pairs.count] * values[$0 % pairs.count]
      })
    if extent >= .tangentKernel {
      let (mixed, error) = work.pairs(0, 1)
      errors.append(error)
      productsAndSlopes = mixed
      fourSlopes = symmetric(1)
    } else {
      productsAndSlopes = nil
      fourSlopes = nil
    }
    if extent >= .differentials {
      let (moments, error) = DifferentialMoments.filled(work)
      errors.append(error)
      differentials = moments
    } else {
      differentials = nil
    }
    error = errors.max() ?? 0
  }

  /// ⟨σ_1σ_2σ_3σ_4⟩.
  @inline(__always)
  func four(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Double {
    productCovariance[a, b, c, d] + product(a, b).value * product(c, d).value
  }

  @inline(__always)
  func product(_ a: Int, _ b: Int) -> PairExpansion { products[KernelEntry.packedIndex(a, b)] }

  @inline(__always)
  func slope(_ a: Int, _ b: Int) -> Double { slopes[KernelEntry.packedIndex(a, b)].value }
}

/// The expectations that only differentials of the NTK take.
struct DifferentialMoments: Sendable {
  /// ⟨σ_iσ′_jσ′_kσ″_l⟩ at ((i, l), (jk)).
  let withOneSecond: [Double]
  /// ⟨σ′_iσ′_jσ′_kσ‴_l⟩ by (i, j), (k, l).
  let withThird: FourPointTensor
  /// ⟨σ′_1σ′_2σ″_3σ″_4⟩.
  let withTwoSeconds: PairTensor
  private let inputs: Int

  static func filled(_ work: MomentFilling<some LayerExpectations>) -> (DifferentialMoments, Double) {
    let one = work.withOneSecond()
    let third = work.withThird()
    let two = work.pairs(1, 2)
    let result = DifferentialMoments(
      withOneSecond: one.0, withThird: third.0, withTwoSeconds: two.0, inputs: work.expectations.inputs)
    return (result, max(one.1, third.1, two.1))
  }

  /// ⟨σ_iσ′_jσ′_kσ″_l⟩.
  @inline(__always)
  func oneSecond(_ i: Int, _ j: Int, _ k: Int, _ l: Int) -> Double {
    withOneSecond[(i * inputs + l) * KernelEntry.packedCount(inputs) + KernelEntry.packedIndex(j, k)]
  }
}

/// Evaluates four-point moments once for each set of indices that symmetry leaves different, on all threads.
struct MomentFilling<Expectations: LayerExpectations>: Sendable {
  let expectations: Expectations
  let pairs: [(Int, Int)]

  /// ⟨σ^(p)σ^(p)σ^(p)σ^(p)⟩, symmetric in all four.
  func symmetric(order p: Int) -> (PairTensor, Double) {
    let count = pairs.count
    // a ≥ b, c ≥ d, and (a, b) the pair with the larger numbers: b ≥ c.
    let rows = Parallel.map(count) { row -> ([(Int, Int, Double)], Double) in
      let (a, b) = pairs[row]
      var values: [(Int, Int, Double)] = []
      var error = 0.0
      for c in 0...b {
        for d in 0...c {
          let moment = expectations.four(FourPointMoment(a, p, b, p, c, p, d, p))
          values.append((c, d, moment.value))
          error = max(error, moment.bound)
        }
      }
      return (values, error)
    }
    var elements = [Double](repeating: 0, count: count * count)
    for (row, (values, _)) in rows.enumerated() {
      let (a, b) = pairs[row]
      for (c, d, value) in values {
        for ((w, x), (y, z)) in [((a, b), (c, d)), ((a, c), (b, d)), ((a, d), (b, c))] {
          let (first, second) = (KernelEntry.packedIndex(w, x), KernelEntry.packedIndex(y, z))
          elements[first * count + second] = value
          elements[second * count + first] = value
        }
      }
    }
    return (PairTensor(inputs: expectations.inputs, checked: elements), rows.map(\.1).max() ?? 0)
  }

  /// ⟨σ^(p)_1σ^(p)_2σ^(q)_3σ^(q)_4⟩.
  func pairs(_ p: Int, _ q: Int) -> (PairTensor, Double) {
    let rows = Parallel.map(pairs.count) { row in
      filled(pairs.count) { column in
        let ((a, b), (c, d)) = (pairs[row], pairs[column])
        return FourPointMoment(a, p, b, p, c, q, d, q)
      }
    }
    return (PairTensor(inputs: expectations.inputs, checked: rows.flatMap(\.0)), rows.map(\.1).max() ?? 0)
  }

  /// ⟨σ_iσ′_jσ′_kσ″_l⟩ at ((i, l), (jk)).
  func withOneSecond() -> ([Double], Double) {
    let count = expectations.inputs
    let rows = Parallel.map(count * count) { row in
      filled(pairs.count) { column in
        FourPointMoment(row / count, 0, pairs[column].0, 1, pairs[column].1, 1, row % count, 2)
      }
    }
    return (rows.flatMap(\.0), rows.map(\.1).max() ?? 0)
  }

  /// ⟨σ′_iσ′_jσ′_kσ‴_l⟩.
  func withThird() -> (FourPointTensor, Double) {
    let count = expectations.inputs
    let rows = Parallel.map(pairs.count) { row in
      let (i, j) = pairs[row]
      return filled((j + 1) * count) { place in
        FourPointMoment(i, 1, j, 1, place / count, 1, place % count, 3)
      }
    }
    let tensor = FourPointTensor(inputs: count) { i, j, k, l in
      let sorted = [i, j, k].sorted()
      return rows[KernelEntry.packedIndex(sorted[2], sorted[1])].0[sorted[0] * count + l]
    }
    return (tensor, rows.map(\.1).max() ?? 0)
  }

  private func filled(_ count: Int, _ moment: (Int) -> FourPointMoment) -> ([Double], Double) {
    var error = 0.0
    let values = (0..<count).map { place in
      let value = expectations.four(moment(place))
      error = max(error, value.bound)
      return value.value
    }
    return (values, error)
  }
}
