import OrreryAnalysis

/// What an ensemble of networks says of the tensors at order 1/n, in the units of the recursions: each estimate is of X, where X/n is
/// what is observed.
///
/// Standard errors are over networks. Distributions have heavy tails, the excess kurtosis of Ĝ is some 12 ν L/n, which the errors of
/// covariances contain as far as the sample shows it. What an estimate differs by from the leading tensor is its next order,
/// relatively O(L/n): compare after `Richardson` extrapolation over widths.
public struct TangentStatistics: Sendable {
  /// n_(L−1).
  public let width: Int
  /// M.
  public let inputs: Int
  let layout: TangentRecordLayout
  let records: NetworkRecords

  init(width: Int, inputs: Int, layout: TangentRecordLayout, records: NetworkRecords) {
    self.width = width
    self.inputs = inputs
    self.layout = layout
    self.records = records
  }

  public var networks: Int { records.networks }

  /// Ĝ_ab of every network.
  public func kernels(_ a: Int, _ b: Int) -> [Double] { records.column(layout.kernel(a, b)) }

  /// M_ab of every network: its NTK averaged over the output weights.
  public func tangentKernels(_ a: Int, _ b: Int) -> [Double] { records.column(layout.tangent(a, b)) }

  /// E Ĝ_ab.
  public func kernelMean(_ a: Int, _ b: Int) -> Estimate { StreamingMoments(kernels(a, b)).estimate }

  /// E Ĥ_ii;ab.
  public func tangentMean(_ a: Int, _ b: Int) -> Estimate { StreamingMoments(tangentKernels(a, b)).estimate }

  /// V_(ab)(cd) = n Cov(Ĝ_ab, Ĝ_cd).
  public func fourPointVertex(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Estimate {
    covariance(kernels(a, b), kernels(c, d))
  }

  /// A_(ab)(cd) = n Cov(M_ab, M_cd).
  public func tangentCovariance(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Estimate {
    covariance(tangentKernels(a, b), tangentKernels(c, d))
  }

  /// n Var(Ĥ_ii;ab) of one output, which tends to A_(ab)(ab) + B_aabb + B_abba.
  ///
  /// Given the layers below, Ĥ_ii is M plus a quadratic form in the output's own weights, Gaussian here, whose variance is
  /// (B̂_aabb + B̂_abba)/n: the law of total variance, with both terms of the same networks in the standard error.
  public func tangentKernelVariance(_ a: Int, _ b: Int) -> Estimate {
    let values = tangentKernels(a, b)
    let (straight, crossed) = (records.column(layout.mixing(a, a, b, b)), records.column(layout.mixing(a, b, b, a)))
    let count = Double(networks)
    let mean = values.reduce(0, +) / count
    let bias = count / (count - 1)
    return StreamingMoments(
      values.indices.map { network in
        let difference = values[network] - mean
        return Double(width) * bias * difference * difference + straight[network] + crossed[network]
      }
    ).estimate
  }

  /// D_abcd = n Cov(Ĝ_ab, M_cd).
  public func crossCorrelation(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Estimate {
    covariance(kernels(a, b), tangentKernels(c, d))
  }

  /// B̂_1324 of every network, in this order of indices.
  public func mixings(_ i1: Int, _ i3: Int, _ i2: Int, _ i4: Int) -> [Double] {
    records.column(layout.mixing(i1, i3, i2, i4))
  }

  /// F̂_1324 of every network, in this order of indices.
  public func crossMixings(_ i1: Int, _ i3: Int, _ i2: Int, _ i4: Int) -> [Double] {
    records.column(layout.cross(i1, i3, i2, i4))
  }

  /// B_1324 in this order of indices.
  public func mixing(_ i1: Int, _ i3: Int, _ i2: Int, _ i4: Int) -> Estimate {
    StreamingMoments(mixings(i1, i3, i2, i4)).estimate
  }

  /// F_1324 in this order of indices.
  public func crossMixing(_ i1: Int, _ i3: Int, _ i2: Int, _ i4: Int) -> Estimate {
    StreamingMoments(crossMixings(i1, i3, i2, i4)).estimate
  }

  /// n² κ₃(Ĝ_aa), which tends to the six-point vertex U6; its error is by the jackknife.
  public func sixPointVertex(_ a: Int) -> Estimate {
    let values = kernels(a, a)
    let square = Double(width) * Double(width)
    let result = Resampling.jackknife(networks: networks, blocks: 100) { members in
      let moments = StreamingMoments(members.map { values[$0] })
      let n = Double(moments.count)
      return [n * moments.centralSum3 / ((n - 1) * (n - 2))]
    }
    return result[0].scaled(by: square)
  }

  /// n times the unbiased covariance, with the standard error of a mean of products.
  private func covariance(_ x: [Double], _ y: [Double]) -> Estimate {
    let count = Double(networks)
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let products = StreamingMoments(zip(x, y).map { ($0 - meanX) * ($1 - meanY) }).estimate
    return Estimate(
      value: Double(width) * products.value * count / (count - 1), error: Double(width) * products.error)
  }
}
