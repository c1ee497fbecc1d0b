/// An observable of your own: what it is called, what it needs, and how it is computed from a network at one step.
///
/// ```swift
/// enum GradientParticipation: NetworkObservable { … }
///
/// let request = TrainingRequest(observables: [.loss, try TrainingObservable(GradientParticipation.self)])
/// ```
///
/// It is recorded, archived, exported and reported like those of the catalogue. Its key and ``numericsVersion`` are part of the identity of
/// every run that has it: whoever changes what it computes changes one of them, or old runs answer for the new question.
public protocol NetworkObservable: Sendable {
  /// In kebab-case, such as `gradient-participation`; none that the catalogue has.
  static var key: String { get }
  /// What a report calls it.
  static var title: String { get }
  /// What it is, a formula among it, in one or two sentences.
  static var meaning: String { get }
  /// How it is estimated, and with which error, in a sentence.
  static var method: String { get }
  /// Where it comes from; empty unless given.
  static var source: String { get }
  /// Rises whenever the same network gets other digits; 1 unless given.
  static var numericsVersion: Int { get }
  /// What ``estimate(_:)`` reads beside parameters, inputs and targets: it is prepared once, and nothing else is.
  static var needs: Set<ObservedQuantity> { get }
  /// The series that are recorded, in order; one number at each step, under the key, unless given.
  static func records(_ setting: ObservableSetting) -> [ObservableRecord]
  /// Asked before any work begins; nothing is refused unless given.
  ///
  /// - Throws: ``ObservableError`` when this network, optimizer or these data do not have it.
  static func check(_ setting: ObservableSetting) throws
  /// The values at this step, each of one record; records may be left out where there is nothing to be had.
  ///
  /// It is called from many threads, one network each, and gives the same numbers for the same network.
  ///
  /// - Throws: whatever ends the run.
  static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue]
}

extension NetworkObservable {
  public static var source: String { "" }
  public static var numericsVersion: Int { 1 }
  public static var needs: Set<ObservedQuantity> { [] }
  public static func records(_ setting: ObservableSetting) -> [ObservableRecord] { [ObservableRecord(key, title)] }
  public static func check(_ setting: ObservableSetting) throws {}
}

/// What an observable of one's own can read of a network, if it says so beforehand.
public enum ObservedQuantity: String, Hashable, Sendable, CaseIterable {
  /// ``ObservedNetwork/trainLoss()`` and ``ObservedNetwork/testLoss()``.
  case trainLoss, testLoss
  /// ``ObservedNetwork/trainOutputs()`` and ``ObservedNetwork/testOutputs()``.
  case trainOutputs, testOutputs
  /// ``ObservedNetwork/gradient()``.
  case gradient
  /// ``ObservedNetwork/hessianProduct(_:)``.
  case hessian
  /// ``ObservedNetwork/tangentKernel()``.
  case tangentKernel
  /// ``ObservedNetwork/features()`` and ``ObservedNetwork/preactivations()``.
  case layerStates

  var services: Set<ObservableService> {
    switch self {
    case .trainLoss: [.trainEvaluation]
    case .testLoss: [.testEvaluation]
    case .trainOutputs: [.trainEvaluation, .trainOutputs]
    case .testOutputs: [.testEvaluation, .testOutputs]
    case .gradient: [.gradient]
    case .hessian: [.hessian]
    case .tangentKernel: [.tangentKernel]
    case .layerStates: [.layers]
    }
  }

  /// Whether it depends on a loss and not on the network alone.
  var needsLoss: Bool {
    switch self {
    case .trainLoss, .testLoss, .gradient, .hessian: true
    case .trainOutputs, .testOutputs, .tangentKernel, .layerStates: false
    }
  }
}
