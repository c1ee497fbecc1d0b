import OrreryFindings
import OrreryTensors

/// ⟨Θ, YYᵀ⟩ / (‖Θ‖ ‖YYᵀ‖).
enum KernelAlignmentObservable: ObservableDefinition {
  static let key = "kernel-alignment"
  static let title = "alignment of the tangent kernel with the targets"
  static let meaning =
    "⟨Θ, YYᵀ⟩/(‖Θ‖ ‖YYᵀ‖) on the first training samples, Y (samples, outputs) their targets; not centred."
  static let method = "From tangent-kernel; exact but for rounding."
  static let publications: [Publication] = [.cristianini2001kernel]
  static let services: Set<ObservableService> = [.tangentKernel]

  static func check(_ setting: ObservableSetting) throws {
    try KernelBounds.check(key, setting, matrices: setting.tangentMatrices)
    guard !setting.hasTargetValues else { return }
    throw ObservableError(
      key, "the targets are numbers of classes, which no kernel can be aligned with", remedy: "leave it out")
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let (samples, outputs) = (context.plan.setting.kernelSamples, context.plan.train.outputs)
    let targets = Matrix<Double>(
      rows: samples, columns: outputs,
      elements: context.plan.train.targets.elements.prefix(samples * outputs).map { Double($0) })
    return [ObservedValue(key, KernelSimilarity.alignment(context.tangentKernel(), targets.gram()))]
  }
}

/// How far the kernel has gone from where it began.
enum KernelDriftObservable: ObservableDefinition {
  static let key = "kernel-drift"
  static let title = "drift of the tangent kernel"
  static let meaning =
    "How far the tangent kernel is from Θ₀ at the network's initialization: kernel-drift = ‖Θ − Θ₀‖/‖Θ₀‖, kernel-rotation = 1 − ⟨Θ, Θ₀⟩/(‖Θ‖ ‖Θ₀‖), and kernel-turn, the "
    + "same rotation since the step recorded before."
  static let method = "From tangent-kernel; exact but for rounding."
  static let publications: [Publication] = [.fort2020deep]
  static let services: Set<ObservableService> = [.tangentKernel]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [
      ObservableRecord(key, "kernel drift ‖Θ − Θ₀‖/‖Θ₀‖"),
      ObservableRecord("kernel-rotation", "rotation since initialization"),
      ObservableRecord("kernel-turn", "rotation since the step before"),
    ]
  }

  static func check(_ setting: ObservableSetting) throws {
    try setting.requireBeginning(key)
    try KernelBounds.check(key, setting, matrices: setting.tangentMatrices + 4)
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let first = context.initial("tangent-kernel") { [context.tangentKernel(at: $0)] }[0]
    let now = context.tangentKernel()
    let size = KernelSimilarity.product(first, first)
    let squares = zip(now.tensor.elements, first.tensor.elements).reduce(0) { sum, pair in
      sum + (pair.0 - pair.1) * (pair.0 - pair.1)
    }
    var values = [
      ObservedValue(key, (squares / size).squareRoot()),
      ObservedValue("kernel-rotation", max(0, 1 - KernelSimilarity.alignment(now, first))),
    ]
    if let before = context.memory["tangent-kernel.before"] {
      let earlier = Matrix(rows: now.rows, columns: now.columns, elements: before)
      values.append(ObservedValue("kernel-turn", max(0, 1 - KernelSimilarity.alignment(now, earlier))))
    }
    context.memory["tangent-kernel.before"] = now.tensor.elements
    return values
  }
}

/// ‖dΘ/dt‖/‖Θ‖.
enum KernelVelocityObservable: ObservableDefinition {
  static let key = "kernel-velocity"
  static let title = "velocity of the tangent kernel"
  static let meaning =
    "‖dΘ/dt‖/‖Θ‖ where the parameters follow gradient flow on the whole training loss, dω/dt = −∂L/∂ω: the differential of the NTK, contracted with the gradient."
  static let method =
    "The tangent of Gram matrices and Jacobians along the gradient; exact but for rounding, no difference quotient."
  static let publications: [Publication] = [.roberts2022principles.at("chapter 11")]
  static let numericsVersion = 2
  static let services: Set<ObservableService> = [.tangentKernel, .tangentDerivative, .gradient]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [ObservableRecord(key, title, .number(isLogarithmic: true))]
  }

  static func check(_ setting: ObservableSetting) throws {
    try KernelBounds.check(key, setting, matrices: 2 * setting.tangentMatrices)
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let velocity = context.tangentKernelVelocity()
    let kernel = context.tangentKernel()
    let ratio = KernelSimilarity.product(velocity, velocity) / KernelSimilarity.product(kernel, kernel)
    return [ObservedValue(key, ratio.squareRoot())]
  }
}
