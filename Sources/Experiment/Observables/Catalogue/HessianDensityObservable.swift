import OrreryFindings

/// The density of the Hessian's eigenvalues.
enum HessianDensityObservable: ObservableDefinition {
  static let key = "hessian-density"
  static let title = "density of Hessian eigenvalues"
  static let meaning =
    "The density of the Hessian's eigenvalues with respect to the optimizer's own parameters, smoothed by a Gaussian of 1/100 of their range: "
    + "rows λ, density, standard error. hessian-density-nodes has what it is made of, shape (probes, nodes, 2): nodes and weights."
  static let method =
    "Stochastic Lanczos quadrature: for each probe of random signs the Gauss quadrature of its spectral measure; standard errors over probes."
  static let publications: [Publication] = [.ghorbani2019investigation, .ubaru2017fast]
  static let numericsVersion = 2
  static let services: Set<ObservableService> = [.hessian]
  static let nodes = "hessian-density-nodes"

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [ObservableRecord(key, title, .density), ObservableRecord(nodes, "nodes and weights", .array)]
  }

  static func check(_ setting: ObservableSetting) throws {
    try LanczosBounds.check(key, setting, steps: setting.settings.densitySteps, remedy: "density steps")
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let settings = context.settings
    let density = SpectralDensity(
      of: context.hessian(), probes: settings.probes, steps: settings.densitySteps, seed: context.plan.seed)
    let (grid, width) = density.grid(points: settings.densityPoints)
    let (values, errors) = density.density(on: grid, width: width)
    let longest = density.nodes.map(\.count).max() ?? 0
    // A probe whose space was exhausted early has nodes without weight.
    var pairs: [Double] = []
    for (nodes, weights) in zip(density.nodes, density.weights) {
      for place in 0..<longest { pairs += place < nodes.count ? [nodes[place], weights[place]] : [0, 0] }
    }
    return [
      ObservedValue(key, shape: [3, grid.count], grid + values + errors),
      ObservedValue(nodes, shape: [density.nodes.count, longest, 2], pairs),
    ]
  }
}
