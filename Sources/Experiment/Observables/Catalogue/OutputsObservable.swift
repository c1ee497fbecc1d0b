/// z of every training sample.
enum OutputsObservable: ObservableDefinition {
  static let key = "outputs"
  static let title = "training outputs"
  static let meaning = "The network's outputs z on every training sample, shape (samples, outputs)."
  static let method = "One pass; exact but for rounding."
  static let services: Set<ObservableService> = [.trainEvaluation, .trainOutputs]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] { [ObservableRecord(key, title, .array)] }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let values = context.trainEvaluation().outputs
    let samples = context.plan.train.samples
    return [ObservedValue(key, shape: [samples, values.count / samples], values)]
  }
}

/// z of every test sample.
enum TestOutputsObservable: ObservableDefinition {
  static let key = "test-outputs"
  static let title = "test outputs"
  static let meaning = "The network's outputs z on every test sample, shape (samples, outputs)."
  static let method = "One pass; exact but for rounding."
  static let services: Set<ObservableService> = [.testEvaluation, .testOutputs]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] { [ObservableRecord(key, title, .array)] }

  static func check(_ setting: ObservableSetting) throws { try TestSet.require(key, setting) }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    guard let values = context.testEvaluation()?.outputs, let samples = context.plan.test?.samples else { return [] }
    return [ObservedValue(key, shape: [samples, values.count / samples], values)]
  }
}
