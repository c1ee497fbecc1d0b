/// One pair of sites, as a layer that takes pairs by themselves sees it.
public struct SitePair {
  /// k₁₁ and k₂₂.
  public let variances: (Double, Double)
  /// 1 − c.
  public let oneMinusCorrelation: Double
  /// Θ; nil where it is not asked for.
  public let tangent: Double?

  /// k₁₂.
  public var kernel: Double {
    variances.0.squareRoot() * variances.1.squareRoot() * (1 - oneMinusCorrelation)
  }
}

extension KernelState {
  /// What a layer makes of a site: numbers of its own for the pairs that the site is in, the new variance, and the new mean.
  public typealias SiteMap<Site> = (_ variance: Double, _ mean: Double) throws -> (
    site: Site, variance: Double, mean: Double
  )

  /// The state after a layer that takes every pair of sites by itself, as elementwise functions and random weights along channels do.
  ///
  /// - Parameters:
  ///   - isGaussian: of the signal that leaves.
  ///   - site: the variance and the mean of a site.
  ///   - pair: 1 − c and, where Θ enters, Θ of a pair of different sites.
  public func mappingPairs<Site>(
    isGaussian: Bool, site: SiteMap<Site>,
    pair: (_ first: Site, _ second: Site, SitePair) throws -> (oneMinusCorrelation: Double, tangent: Double?)
  ) rethrows -> KernelState {
    func mapped(_ side: KernelSide) throws -> (side: KernelSide, sites: [Site]) {
      let maps = try side.variances.indices.map { try site(side.variances[$0], side.means?[$0] ?? 0) }
      var result = side
      result.variances = maps.map(\.variance)
      result.means = maps.contains { $0.mean != 0 } ? maps.map(\.mean) : nil
      for index in side.oneMinusCorrelations.indices {
        let (sample, place) = index.quotientAndRemainder(dividingBy: pairs.count)
        guard pairs.first[place] != pairs.second[place] else { continue }
        let (p, q) = (
          sample * pairs.positionCount + pairs.first[place], sample * pairs.positionCount + pairs.second[place]
        )
        result.oneMinusCorrelations[index] = try pair(
          maps[p].site, maps[q].site,
          SitePair(
            variances: (side.variances[p], side.variances[q]), oneMinusCorrelation: side.oneMinusCorrelations[index],
            tangent: nil)
        ).oneMinusCorrelation
      }
      return (result, maps.map(\.site))
    }
    var result = self
    result.isGaussian = isGaussian
    let row = try mapped(rows)
    let column = isSymmetric ? row : try mapped(columns)
    (result.rows, result.columns) = (row.side, column.side)
    try forEachPair { index, p, q in
      let moved = try pair(
        row.sites[p], column.sites[q],
        SitePair(
          variances: (rows.variances[p], columns.variances[q]), oneMinusCorrelation: oneMinusCorrelations[index],
          tangent: tangents?[index]))
      result.oneMinusCorrelations[index] = moved.oneMinusCorrelation
      if let tangent = moved.tangent { result.tangents?[index] = tangent }
    }
    return result
  }
}
