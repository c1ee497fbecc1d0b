import OrreryFindings
import OrreryTensors

/// The k largest eigenvalues of the Hessian.
enum HessianEigenvaluesObservable: ObservableDefinition {
  static let key = "hessian-eigenvalues"
  static let title = "largest Hessian eigenvalues"
  static let meaning =
    "The largest eigenvalues of the training loss's Hessian with respect to the optimizer's own parameters, descending; "
    + "hessian-residuals is ‖Hv − λv‖ of each."
  static let method =
    "Lanczos with full reorthogonalization, at most 60 products and 6 more for each eigenvalue, tolerance 10⁻³; residuals are measured: an eigenvalue "
    + "lies within each of its λ."
  static let publications: [Publication] = [.lanczos1950iteration]
  static let numericsVersion = 2
  static let services: Set<ObservableService> = [.hessian]
  static let residuals = "hessian-residuals"

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [ObservableRecord(key, title, .list), ObservableRecord(residuals, "their residuals ‖Hv − λv‖", .bound(of: key))]
  }

  static func mostProducts(_ wanted: Int) -> Int { SharpnessObservable.mostProducts + 6 * wanted }

  static func check(_ setting: ObservableSetting) throws {
    try LanczosBounds.check(key, setting, steps: mostProducts(setting.settings.eigenvalues), remedy: "eigenvalues")
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let wanted = context.settings.eigenvalues
    let result = LargestEigenpairs(context.hessian(), seed: context.plan.seed).run(
      wanted, mostSteps: mostProducts(wanted))
    return [
      ObservedValue(key, shape: [result.values.count], result.values),
      ObservedValue(residuals, shape: [result.residuals.count], result.residuals),
    ]
  }
}
