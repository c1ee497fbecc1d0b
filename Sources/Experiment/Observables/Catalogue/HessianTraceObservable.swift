import OrreryFindings

/// tr H.
enum HessianTraceObservable: ObservableDefinition {
  static let key = "hessian-trace"
  static let title = "trace of the Hessian"
  static let meaning = "The trace of the training loss's Hessian with respect to the optimizer's own parameters."
  static let method =
    "Hutchinson's estimator, unbiased: zᵀHz over probes of random signs; hessian-trace-error is its standard error."
  static let publications: [Publication] = [.hutchinson1989stochastic]
  static let numericsVersion = 2
  static let services: Set<ObservableService> = [.hessian]
  static let error = "hessian-trace-error"

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [ObservableRecord(key, title), ObservableRecord(error, "its standard error", .bound(of: key))]
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let trace = TraceEstimate(of: context.hessian(), probes: context.settings.probes, seed: context.plan.seed)
    return [ObservedValue(key, trace.value), ObservedValue(error, trace.standardError)]
  }
}
