import OrreryFindings
import OrreryTensors

/// Θ, traced over outputs.
enum TangentKernelObservable: ObservableDefinition {
  static let key = "tangent-kernel"
  static let title = "empirical tangent kernel"
  static let meaning =
    "Θ_αβ = (1/n_L) Σ_o Σ_μ λ_μ ∂z_o(x_α)/∂θ_μ ∂z_o(x_β)/∂θ_μ on the first training samples, (samples, samples): λ as the optimizer's own parameters have it, 1 in "
    + "the standard parametrization, C_W/fan-in and C_b in the NTK parametrization. tangent-kernel-trace is (1/n) tr Θ."
  static let method =
    "Gram matrices of dense layers' inputs and of backward passes, Jacobians for all else; exact but for rounding."
  static let publications: [Publication] = [.jacot2018neural, .novak2022fast]
  static let services: Set<ObservableService> = [.tangentKernel]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [
      ObservableRecord(key, title, .matrix),
      ObservableRecord("tangent-kernel-trace", "mean of the tangent kernel's diagonal", .number(isLogarithmic: true)),
    ]
  }

  static func check(_ setting: ObservableSetting) throws {
    try KernelBounds.check(key, setting, matrices: setting.tangentMatrices)
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let kernel = context.tangentKernel()
    let trace = (0..<kernel.rows).reduce(0) { $0 + kernel[$1, $1] } / Double(kernel.rows)
    return [ObservedValue(key, kernel), ObservedValue("tangent-kernel-trace", trace)]
  }
}

/// The part of each tensor.
enum TangentKernelLayersObservable: ObservableDefinition {
  static let key = "tangent-kernel-layers"
  static let title = "tangent kernel by tensors"
  static let meaning =
    "The part of the traced tangent kernel that each parameter tensor has, tangent-kernel.NAME, (samples, samples); they add up to tangent-kernel."
  static let method = "As tangent-kernel."
  static let publications = TangentKernelObservable.publications
  static let services: Set<ObservableService> = [.tangentKernel]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    setting.layout.tensors.map { ObservableRecord("tangent-kernel.\($0.name)", $0.name, .matrix) }
  }

  static func check(_ setting: ObservableSetting) throws {
    try KernelBounds.check(key, setting, matrices: setting.tangentMatrices + 2 * setting.layout.tensors.count)
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    zip(context.layout.tensors, context.tangentKernels()).map { ObservedValue("tangent-kernel.\($0.name)", $1) }
  }
}

/// Θ between all outputs.
enum FullTangentKernelObservable: ObservableDefinition {
  static let key = "full-tangent-kernel"
  static let title = "tangent kernel between outputs"
  static let meaning = "Θ_op(x_α, x_β) of all pairs of outputs, shape (samples, outputs, samples, outputs)."
  static let method = "Jacobians of all samples and one matrix product; exact but for rounding."
  static let publications = TangentKernelObservable.publications
  static let services: Set<ObservableService> = [.tangentKernel]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] { [ObservableRecord(key, title, .array)] }

  static func check(_ setting: ObservableSetting) throws {
    let rows = setting.kernelSamples * setting.outputs
    // Neither product can overflow.
    guard rows <= 1 << 14, rows * (setting.layout.count + rows) <= 1 << 28 else {
      throw ObservableError(
        key, "Jacobians of \(rows) outputs with respect to \(setting.layout.count) parameters are too large",
        remedy: "take fewer kernel samples, or ask for tangent-kernel")
    }
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) throws -> [ObservedValue] {
    let kernel = try context.fullTangentKernel()
    return [ObservedValue(key, shape: kernel.shape, kernel.elements)]
  }
}
