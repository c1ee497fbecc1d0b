import OrreryTensors

/// One kernel of the first training samples for each layer with weights.
protocol LayerKernelObservable: ObservableDefinition {
  /// What a layer's record is called, before its number.
  static var record: String { get }
  static func kernels<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [Matrix<Double>]
}

extension LayerKernelObservable {
  static var method: String { "One pass; exact but for rounding." }
  static var services: Set<ObservableService> { [.layers] }

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    (1...max(1, setting.weightLayers)).map { ObservableRecord("\(record).\($0)", "layer \($0)", .matrix) }
  }

  static func check(_ setting: ObservableSetting) throws {
    try KernelBounds.check(key, setting, matrices: setting.weightLayers + 1)
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    kernels(context).enumerated().map { ObservedValue("\(record).\($0 + 1)", $1) }
  }
}

/// (1/n) Σ z z of each layer.
enum PreactivationKernelObservable: LayerKernelObservable {
  static let key = "preactivation-kernels"
  static let title = "preactivation kernels"
  static let meaning =
    "(1/n) Σ_i z_iα z_iβ of what leaves each layer with weights, on the first training samples: preactivation-kernel.1, .2, …, each (samples, samples)."
  static let record = "preactivation-kernel"

  static func kernels<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [Matrix<Double>] {
    context.preactivationKernels()
  }
}

/// (1/n) Σ a a of what enters each layer.
enum FeatureKernelObservable: LayerKernelObservable {
  static let key = "feature-kernels"
  static let title = "feature kernels"
  static let meaning =
    "(1/n) Σ_i a_iα a_iβ of what enters each layer with weights, on the first training samples: feature-kernel.1 (of the inputs themselves), .2, …, each "
    + "(samples, samples)."
  static let record = "feature-kernel"

  static func kernels<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [Matrix<Double>] {
    context.featureKernels()
  }
}
