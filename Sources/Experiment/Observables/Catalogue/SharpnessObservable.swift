import OrreryFindings
import OrreryTensors

/// λ_max of the Hessian.
enum SharpnessObservable: ObservableDefinition {
  static let key = "sharpness"
  static let title = "sharpness"
  static let meaning =
    "The largest eigenvalue of the training loss's Hessian with respect to the optimizer's own parameters; gradient descent is "
    + "stable below 2/η."
  static let method =
    "Lanczos with full reorthogonalization, at most 60 products, tolerance 10⁻³; sharpness-bound is the measured ‖Hv − λv‖, within "
    + "which an eigenvalue lies."
  static let publications: [Publication] = [.cohen2021gradient]
  /// 2: with respect to the optimizer's own parameters, the residual measured; 3: other rounding.
  static let numericsVersion = 3
  static let services: Set<ObservableService> = [.hessian]
  static let mostProducts = 60
  static let bound = "sharpness-bound"

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [ObservableRecord(key, title), ObservableRecord(bound, "error bound of the sharpness", .bound(of: key))]
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let result = LargestEigenpairs(context.hessian(), seed: context.plan.seed).run(1, mostSteps: mostProducts)
    return [ObservedValue(key, result.values[0]), ObservedValue(bound, result.residuals[0])]
  }
}
