import Foundation
import OrreryFindings
import OrreryTensors

/// How many directions the features have.
enum EffectiveRankObservable: ObservableDefinition {
  static let key = "effective-ranks"
  static let title = "effective ranks of features"
  static let meaning =
    "The effective rank of each layer's feature kernel, not centred, from its eigenvalues λ: entropy-rank.ℓ = exp(−Σ p log p) with p = λ/Σλ, and "
    + "participation-ratio.ℓ = (Σλ)²/Σλ²."
  static let method = "All eigenvalues of the kernel of the first training samples, whose number bounds it."
  static let publications: [Publication] = [.roy2007effective]
  static let services: Set<ObservableService> = [.layers]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    ["entropy-rank", "participation-ratio"].flatMap { kind in
      (1...max(1, setting.weightLayers)).map {
        ObservableRecord("\(kind).\($0)", "\(kind.replacingOccurrences(of: "-", with: " ")), layer \($0)")
      }
    }
  }

  static func check(_ setting: ObservableSetting) throws {
    // So few that LAPACK's work space is counted in 32 bits.
    try KernelBounds.check(key, setting, matrices: setting.weightLayers + 3)
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) throws -> [ObservedValue] {
    try context.featureKernels().enumerated().flatMap { place, kernel -> [ObservedValue] in
      guard kernel.tensor.elements.allSatisfy(\.isFinite) else { return [] }
      let values = try kernel.symmetricEigenvalues()
      return [
        ObservedValue("entropy-rank.\(place + 1)", KernelSimilarity.entropyRank(values)),
        ObservedValue("participation-ratio.\(place + 1)", KernelSimilarity.participationRatio(values)),
      ]
    }
  }
}
