import OrreryNetworks

/// One point of the line χ_⊥(K*) = 1 between the ordered and the chaotic phase.
public struct OrderChaosPoint: Hashable, Sendable {
  /// C_b.
  public var biasVariance: Double
  /// C_W.
  public var weightVariance: Double
  /// K* = C_b + C_W⟨σ²⟩.
  public var kernel: Double
}

/// The line χ_⊥(K*) = 1 in the plane of C_b and C_W, with K as its parameter: C_W = 1/⟨σ′²⟩_K,
/// C_b = K − ⟨σ²⟩_K/⟨σ′²⟩_K.
///
/// Source: Poole et al. 2016, Schoenholz et al. 2017. Domain: infinite width, σ without jumps.
public struct OrderChaosLine: Sendable {
  private let table: MomentTable

  public init(_ activation: Activation) { table = MomentTable(activation) }
  public init(table: MomentTable) { self.table = table }

  private static func point(_ moments: ActivationMoments) -> OrderChaosPoint {
    let weight = 1 / moments.squaredSlope
    return OrderChaosPoint(
      biasVariance: moments.kernel - weight * moments.secondMoment, weightVariance: weight, kernel: moments.kernel)
  }

  /// The line's points at the given C_b, in order of K; more than one where the line turns back.
  public func points(biasVariance: Double) -> [OrderChaosPoint] {
    table.signChanges(
      of: { Self.point($0).biasVariance - biasVariance }, noise: { 16 * Double.ulpOfOne * $0.kernel }
    ).map { Self.point(ActivationMoments(table.activation, kernel: $0)) }
  }

  /// The line along the table's kernels, where C_b ≥ 0: a curve to draw.
  public var curve: [OrderChaosPoint] {
    table.moments.filter { $0.squaredSlope.isFinite && $0.squaredSlope > 0 }.map(Self.point)
      .filter { $0.biasVariance >= -1e-12 * $0.kernel }
  }
}
