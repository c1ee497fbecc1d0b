import Foundation
import OrreryNetworks

/// Values of C_W and C_b at which χ_∥(K*) = χ_⊥(K*) = 1.
public struct CriticalPoint: Hashable, Sendable {
  public var activation: Activation
  public var criticalityClass: CriticalityClass
  /// C_W = 1/⟨σ′²⟩.
  public var weightVariance: Double
  /// C_b = K* − C_W⟨σ²⟩.
  public var biasVariance: Double
  /// K*; 0 for the power-law classes, nil where every kernel is fixed.
  public var kernel: Double?
  public var stability: Stability
  public var exponents: CriticalExponents

  /// Whether a network may be built on it: kernels near K* do not run away on both sides.
  public var isUsable: Bool { stability != .unstable }

  /// The kernel map at this point.
  public var map: KernelMap {
    KernelMap(activation, weightVariance: weightVariance, biasVariance: biasVariance)
  }

  /// How kernel and susceptibilities go with depth, as text.
  public var asymptotics: String {
    func text(_ value: Double) -> String { String(format: "%.4g", value) }
    switch criticalityClass {
    case .scaleInvariant:
      return "K stays what the first layer makes it; χ_∥ = χ_⊥ = 1 at every K"
    case .powerLaw:
      if stability == .unstable {
        return "a small K grows by \(text(exponents.a1 ?? 0)) K² a layer and leaves"
      }
      return "K → 1/(\(text(-(exponents.a1 ?? 0))) ℓ), χ_∥ → 1 − 2/ℓ, χ_⊥ → 1 − \(text(exponents.perpendicular))/ℓ"
    case .kinkedCurvature:
      return "K → \(text(4 / pow(exponents.beta ?? 0, 2)))/ℓ², χ_∥ → 1 − 3/ℓ, χ_⊥ → 1 − 2/ℓ"
    case .halfStable, .isolated:
      return "δ = K − K* changes by \(text(exponents.a2 ?? 0)) δ² a layer (\(stability.rawValue)), χ_⊥ − 1 = "
        + "\(text(exponents.slopeOfPerpendicular ?? 0)) δ"
    }
  }

  /// The numbers of L dense layers at this critical point.
  ///
  /// - For an isolated K* > 0 the first layer keeps C_b and takes C_W = (K* − C_b) / q, so that K^(1) = K* on inputs of
  ///   mean square q; q = 0 leaves C_b = K* in the first layer, which has no input to work with.
  /// - In the scale-invariant and K* = 0 classes the first layer keeps the critical C_W, and K^(1) = C_b + C_W q.
  ///
  /// - Parameters:
  ///   - count: L ≥ 1.
  ///   - meanSquaredInput: q = |x|²/n₀, averaged over the data.
  /// - Returns: `count` entries, ℓ = 1 … L.
  public func layers(count: Int, meanSquaredInput: Double) -> [LayerInitialization] {
    precondition(count >= 1, "A network has at least one dense layer.")
    precondition(meanSquaredInput >= 0, "A mean square is not negative.")
    var layers = Array(
      repeating: LayerInitialization(weightVariance: weightVariance, biasVariance: biasVariance), count: count)
    guard let kernel, kernel > 0 else { return layers }
    if meanSquaredInput > 0 {
      layers[0].weightVariance = (kernel - biasVariance) / meanSquaredInput
    } else {
      layers[0].biasVariance = kernel
    }
    return layers
  }

  /// What ``layers(count:meanSquaredInput:)`` chooses for the first layer, in a sentence.
  public func firstLayerStatement(meanSquaredInput: Double) -> String {
    let first = layers(count: 1, meanSquaredInput: meanSquaredInput)[0]
    let start = String(format: "%.4g", first.biasVariance + first.weightVariance * meanSquaredInput)
    guard let kernel, kernel > 0 else {
      return "The first layer keeps the critical C_W: K^(1) = \(start) on the data's mean norm."
    }
    return "The first layer keeps the critical C_b and takes C_W = \(String(format: "%.6g", first.weightVariance)), "
      + "so that K^(1) = K* = \(start) on the data's mean norm."
  }
}
