import OrreryExperiment

// The observable of the article CustomObservables, as it stands there.

/// The participation ratio of the gradient: how many of a tensor's parameters share it.
enum GradientParticipation: NetworkObservable {
  static let key = "gradient-participation"
  static let title = "participation of the gradient"
  static let meaning =
    "(Σ g²)²/Σ g⁴ over the parameters of each tensor, as gradient-participation.NAME, g the gradient of the whole training "
    + "loss: 1 where one parameter has all of it, their number where all share it equally."
  static let method = "One pass forward and back over the set; exact but for rounding."
  static let needs: Set<ObservedQuantity> = [.gradient]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    setting.layout.tensors.map { ObservableRecord("\(key).\($0.name)", $0.name) }
  }

  static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] {
    let gradient = try network.gradient()
    return gradient.layout.tensors.compactMap { tensor in
      let squares = gradient[tensor].map { $0 * $0 }
      let (sum, fourth) = (squares.reduce(0, +), squares.reduce(0) { $0 + $1 * $1 })
      // A tensor without gradient has no ratio.
      return fourth > 0 ? ObservedValue("\(key).\(tensor.name)", sum * sum / fourth) : nil
    }
  }
}
