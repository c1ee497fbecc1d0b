/// An observable of your own: what it is called, what it needs, and how it is computed from a network at one step.
///
/// ```swift
/// enum GradientParticipation: NetworkObservable { … }
///
/// let request = TrainingRequest(observables: [.loss, try TrainingObservable(GradientParticipation.self)])
/// ```
///
/// It is recorded, archived, exported and reported like those of the catalogue. Its key, none of the catalogue's, and
/// ``ObservableDescription/numericsVersion`` are part of the identity of
/// every run that has it: whoever changes what it computes changes one of them, or old runs answer for the new question.
public protocol NetworkObservable: ObservableDescription {
  /// What ``estimate(_:)`` reads beside parameters, inputs and targets: it is prepared once, and nothing else is.
  static var needs: Set<ObservedQuantity> { get }
  /// The values at this step, each of one record; records may be left out where there is nothing to be had.
  ///
  /// It is called from many threads, one network each, and gives the same numbers for the same network.
  ///
  /// - Throws: whatever ends the run.
  static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue]
}

extension NetworkObservable {
  public static var needs: Set<ObservedQuantity> { [] }
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
