import OrreryFindings
import OrreryNetworks

/// The work of an integrator.
enum IntegrationObservable: ObservableDefinition {
  static let key = "integration"
  static let title = "integration"
  static let meaning =
    "Of gradient flow: the time t of a step as flow-time, and how many steps the integrator has accepted and rejected until then, flow-accepted and flow-rejected."
  static let method = "Counted."
  static let publications: [Publication] = [.dormand1980family]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [
      ObservableRecord("flow-time", "time"), ObservableRecord("flow-accepted", "accepted steps"),
      ObservableRecord("flow-rejected", "rejected steps"),
    ]
  }

  static func check(_ setting: ObservableSetting) throws {
    guard case .gradientFlow = setting.optimizer.method else {
      throw ObservableError(
        key, "\(setting.optimizer.method.key) takes steps of its own and no integrator's",
        remedy: "train with gradient-flow, or leave it out")
    }
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    guard let flow = context.flow else { return [] }
    return [
      ObservedValue("flow-time", flow.time), ObservedValue("flow-accepted", Double(flow.accepted)),
      ObservedValue("flow-rejected", Double(flow.rejected)),
    ]
  }
}
