import OrreryNetworks

/// L of the step's batch: the training loop records it, which has it anyway.
enum BatchLossObservable: ObservableDefinition {
  static let key = "batch-loss"
  static let needsLoss = true
  static let title = "batch loss"
  static let meaning = "The loss of the step's own batch, before the step; not at the end, where no step is taken."
  static let method = "From the step itself, at no cost; exact but for rounding."

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [ObservableRecord(key, title, .number(isLogarithmic: true))]
  }

  static func check(_ setting: ObservableSetting) throws {
    guard setting.optimizer.isFlow || setting.optimizer.steps == 0 else { return }
    throw ObservableError(key, "no step of a batch is taken", remedy: "ask for loss")
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] { [] }
}

/// L of the whole training set.
enum LossObservable: ObservableDefinition {
  static let key = "loss"
  static let needsLoss = true
  static let title = "training loss"
  static let meaning = "The loss of the whole training set, in its own convention."
  static let method = "One pass over the set; exact but for rounding."
  static let services: Set<ObservableService> = [.trainEvaluation]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [ObservableRecord(key, title, .number(isLogarithmic: true))]
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    [ObservedValue(key, context.trainEvaluation().loss)]
  }
}
