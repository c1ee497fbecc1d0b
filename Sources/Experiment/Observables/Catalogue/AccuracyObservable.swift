/// The fraction of the training set classified rightly.
enum AccuracyObservable: ObservableDefinition {
  static let key = "accuracy"
  static let title = "training accuracy"
  static let meaning =
    "The fraction of the training set classified rightly: the largest output at the largest target; for one output, equal signs."
  static let method = "One pass over the set; exact."
  static let services: Set<ObservableService> = [.trainEvaluation]

  static func check(_ setting: ObservableSetting) throws { try Classes.require(key, setting) }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    [ObservedValue(key, context.trainEvaluation().accuracy)]
  }
}

/// The fraction of the test set classified rightly.
enum TestAccuracyObservable: ObservableDefinition {
  static let key = "test-accuracy"
  static let title = "test accuracy"
  static let meaning =
    "The fraction of the test set classified rightly: the largest output at the largest target; for one output, equal signs."
  static let method = "One pass over the set; exact."
  static let services: Set<ObservableService> = [.testEvaluation]

  static func check(_ setting: ObservableSetting) throws {
    try Classes.require(key, setting)
    try TestSet.require(key, setting)
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    context.testEvaluation().map { [ObservedValue(key, $0.accuracy)] } ?? []
  }
}

enum Classes {
  /// - Throws: ``ObservableError`` where targets do not say which class is right.
  static func require(_ key: String, _ setting: ObservableSetting) throws {
    guard !setting.hasClasses else { return }
    throw ObservableError(
      key, "the targets are numbers and no classes",
      remedy: "choose data.targets: one-hot or plus-minus-one, or leave it out")
  }
}
