import OrreryFindings

/// B_simple = tr Σ/|G|².
enum GradientNoiseObservable: ObservableDefinition {
  static let key = "gradient-noise-scale"
  static let title = "gradient noise scale"
  static let meaning =
    "tr Σ/|G|², the batch at which a gradient's noise equals its signal: G the mean gradient of a sample, Σ its covariance over samples; "
    + "gradient-noise and gradient-signal are tr Σ and |G|² themselves."
  static let method =
    "The unbiased pair of estimates from disjoint batches and their union; errors by leaving out one batch after another; without dropout."
  static let publications: [Publication] = [.mccandlish2018empirical]
  static let numericsVersion = 2
  static let services: Set<ObservableService> = [.gradientNoise]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [("gradient-noise-scale", title), ("gradient-noise", "tr Σ"), ("gradient-signal", "|G|²")].flatMap { name, title in
      [
        ObservableRecord(name, title, .number(isLogarithmic: true)),
        ObservableRecord("\(name)-error", "standard error of \(title)", .bound(of: name)),
      ]
    }
  }

  static func check(_ setting: ObservableSetting) throws {
    guard setting.trainSamples >= 3 * setting.settings.noiseBatch else {
      throw ObservableError(
        key,
        "\(setting.trainSamples) training samples are no three batches of \(setting.settings.noiseBatch)",
        remedy: setting.trainSamples < 3
          ? "take more data"
          : "take more data, or batches of at most \(setting.trainSamples / 3) with --noise-batch")
    }
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let noise = context.gradientNoise()
    return [
      ObservedValue("gradient-noise-scale", noise.scale), ObservedValue("gradient-noise-scale-error", noise.scaleError),
      ObservedValue("gradient-noise", noise.noise), ObservedValue("gradient-noise-error", noise.noiseError),
      ObservedValue("gradient-signal", noise.signal), ObservedValue("gradient-signal-error", noise.signalError),
    ]
  }
}
