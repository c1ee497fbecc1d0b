import OrreryFindings
import OrreryTensors

/// CKA of features with those at initialization.
enum FeatureSimilarityObservable: ObservableDefinition {
  static let key = "feature-similarity"
  static let title = "features against initialization"
  static let meaning =
    "Centred kernel alignment of each layer's feature kernel with that at the network's initialization: cka.ℓ with the biased estimator, "
    + "unbiased-cka.ℓ with the unbiased one; layer 1, whose features are the inputs, left out."
  static let method =
    "On the first training samples; the biased one of p features on n samples that have nothing in common is about p/(n + p), the unbiased one is not to be had below "
    + "four samples."
  static let publications: [Publication] = [.kornblith2019similarity, .song2012feature]
  static let services: Set<ObservableService> = [.layers]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    ["cka", "unbiased-cka"].flatMap { kind in
      (2..<max(2, setting.weightLayers + 1)).map {
        ObservableRecord("\(kind).\($0)", "\(kind == "cka" ? "CKA" : "unbiased CKA"), layer \($0)")
      }
    }
  }

  static func check(_ setting: ObservableSetting) throws {
    try setting.requireBeginning(key)
    guard setting.weightLayers >= 2 else {
      throw ObservableError(
        key, "the network has no hidden layers, whose features could change", remedy: "give it one, or leave it out")
    }
    try KernelBounds.check(key, setting, matrices: 3 * setting.weightLayers + 3)
    guard setting.kernelSamples >= 4 else {
      throw ObservableError(key, "there are fewer than four samples", remedy: "take more kernel samples")
    }
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let before = context.initial("feature-kernels") { context.featureKernels(at: $0) }
    return zip(before, context.featureKernels()).enumerated().dropFirst().flatMap { place, kernels in
      [
        ObservedValue("cka.\(place + 1)", KernelSimilarity.centredAlignment(kernels.0, kernels.1)),
        ObservedValue("unbiased-cka.\(place + 1)", KernelSimilarity.unbiasedCentredAlignment(kernels.0, kernels.1)),
      ]
    }
  }
}
