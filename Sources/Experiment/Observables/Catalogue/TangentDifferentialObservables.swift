import OrreryFindings

/// dNTK and ddNTK.
enum TangentDifferentialObservable: ObservableDefinition {
  static let key = "tangent-differentials"
  static let title = "differentials of the tangent kernel"
  static let meaning =
    "One network's dĤ_011 z_0, dĤ_001 z_1, ddĤ_I,0011 and ddĤ_II,0011, 0101, 0110 (indices are outputs), as tangent-differential.p, .q, .r, .s, .t, .u, each "
    + "(samples, samples, samples, samples) of the first training samples: the means over networks, times the width, are P … U of the effective theory. λ is "
    + "that of the optimizer's own parameters."
  static let method =
    "Second and third derivatives along gradients, exact but for rounding; averaged over both ways to name the two outputs. Errors are over networks."
  static let publications: [Publication] = [.roberts2022principles.at("chapters 11 and ∞")]
  static let services: Set<ObservableService> = [.differentials]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    ["p", "q", "r", "s", "t", "u"].map { ObservableRecord("tangent-differential.\($0)", $0.uppercased(), .array) }
  }

  static func check(_ setting: ObservableSetting) throws {
    guard setting.outputs >= 2 else {
      throw ObservableError(
        key, "the network has one output, and the contractions take two", remedy: "give it two outputs")
    }
    let samples = setting.differentialSamples
    guard samples <= 8, samples * setting.outputs * setting.layout.count <= 1 << 26 else {
      throw ObservableError(
        key, "\(samples) samples and \(setting.layout.count) parameters are too many for fourth-order tensors",
        remedy: "take at most 8 differential samples, and a smaller network")
    }
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let samples = context.plan.setting.differentialSamples
    return context.tangentContractions().values.map { name, elements in
      ObservedValue("tangent-differential.\(name)", shape: [samples, samples, samples, samples], elements)
    }
  }
}
