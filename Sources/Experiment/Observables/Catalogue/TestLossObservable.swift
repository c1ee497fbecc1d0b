/// L of the whole test set.
enum TestLossObservable: ObservableDefinition {
  static let key = "test-loss"
  static let needsLoss = true
  static let title = "test loss"
  static let meaning = "The loss of the whole test set, in its own convention."
  static let method = "One pass over the set; exact but for rounding."
  static let services: Set<ObservableService> = [.testEvaluation]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [ObservableRecord(key, title, .number(isLogarithmic: true))]
  }

  static func check(_ setting: ObservableSetting) throws { try TestSet.require(key, setting) }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    context.testEvaluation().map { [ObservedValue(key, $0.loss)] } ?? []
  }
}

enum TestSet {
  /// - Throws: ``ObservableError`` where nothing is held out.
  static func require(_ key: String, _ setting: ObservableSetting) throws {
    guard !setting.hasTestSet else { return }
    throw ObservableError(key, "the data hold no test set", remedy: "set data.test to a number of samples, such as 200")
  }
}
