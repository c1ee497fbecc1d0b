import OrreryNetworks
import OrreryTensors

/// A network at one step, as an observable of one's own sees it: everything in double precision, computed when first asked for and
/// shared with the observables of the catalogue.
///
/// It is valid while ``NetworkObservable/estimate(_:)`` runs; whoever keeps it and asks it later has made a programming error, which ends
/// the process.
public struct ObservedNetwork {
  let key: String
  let needs: Set<ObservedQuantity>
  let access: Access

  /// Leads to the network while it is looked at.
  final class Access {
    fileprivate var source: (any ObservationSource)?

    init(_ source: any ObservationSource) { self.source = source }

    /// The network moves on.
    func end() { source = nil }
  }

  private var source: any ObservationSource {
    guard let source = access.source else {
      preconditionFailure("The observable \(key) looks at a network after its estimate has returned.")
    }
    return source
  }

  /// The network, data and optimizer.
  public var setting: ObservableSetting { source.observableSetting }
  /// The network's number in its ensemble.
  public var member: Int { source.member }
  public var step: Int { source.step }

  // MARK: Parameters and data

  /// w, as the network multiplies with them.
  public func parameters() -> ParameterVector { ParameterVector(setting.layout, source.parameterValues()) }

  /// w as they were before the first step: drawn again, or read from the checkpoint that training began with.
  public func initialParameters() -> ParameterVector { ParameterVector(setting.layout, source.initialValues()) }

  /// (samples, features); of images and texts each sample flattened.
  public func trainInputs() -> Matrix<Double> { source.trainMatrix(.inputs) }

  /// (samples, outputs); of texts the numbers of the next characters, (samples, positions).
  ///
  /// - Throws: ``ObservableError`` where the data have no targets; ``ObservableSetting/hasTargets`` says so beforehand.
  public func trainTargets() throws -> Matrix<Double> {
    guard setting.hasTargets else {
      throw ObservableError(key, "the data have no targets", remedy: "give the data targets, or look at inputs alone")
    }
    return source.trainMatrix(.targets)
  }

  // MARK: Passes over data

  /// The loss of the whole training set, in its own convention; without dropout.
  ///
  /// - Throws: ``ObservableError`` unless ``ObservedQuantity/trainLoss`` is needed.
  public func trainLoss() throws -> Double {
    try require(.trainLoss)
    return source.trainPass().loss
  }

  /// The loss of the whole test set; nil where there is none.
  ///
  /// - Throws: ``ObservableError`` unless ``ObservedQuantity/testLoss`` is needed.
  public func testLoss() throws -> Double? {
    try require(.testLoss)
    return source.testPass()?.loss
  }

  /// z of every training sample, (samples, outputs).
  ///
  /// - Throws: ``ObservableError`` unless ``ObservedQuantity/trainOutputs`` is needed.
  public func trainOutputs() throws -> Matrix<Double> {
    try require(.trainOutputs)
    return Matrix(rows: setting.trainSamples, columns: setting.outputs, elements: source.trainPass().outputs)
  }

  /// z of every test sample, (samples, outputs); nil where there is no test set.
  ///
  /// - Throws: ``ObservableError`` unless ``ObservedQuantity/testOutputs`` is needed.
  public func testOutputs() throws -> Matrix<Double>? {
    try require(.testOutputs)
    return source.testPass().map { pass in
      Matrix(rows: pass.outputs.count / setting.outputs, columns: setting.outputs, elements: pass.outputs)
    }
  }

  // MARK: Derivatives

  /// ∂L/∂w of the whole training loss; without dropout. ``ParameterVector/timesUnits()`` makes it that of the optimizer's own parameters.
  ///
  /// - Throws: ``ObservableError`` unless ``ObservedQuantity/gradient`` is needed.
  public func gradient() throws -> ParameterVector {
    try require(.gradient)
    return ParameterVector(setting.layout, source.gradientValues())
  }

  /// H v, H the Hessian of the whole training loss with respect to the optimizer's own parameters ω, v a direction of theirs.
  ///
  /// - Throws: ``ObservableError`` unless ``ObservedQuantity/hessian`` is needed, and for a vector of another network.
  public func hessianProduct(_ direction: ParameterVector) throws -> ParameterVector {
    try require(.hessian)
    guard direction.layout == setting.layout else {
      throw ObservableError(
        key, "it multiplies the Hessian with a vector of another network", remedy: "take the layout of its parameters")
    }
    return ParameterVector(setting.layout, source.hessianProduct(direction.elements))
  }

  /// The tangent kernel of the first ``ObservableSetting/kernelSamples`` training samples, (samples, samples): the mean over outputs of
  /// Σ_ω ∂z/∂ω ∂z′/∂ω, ω the optimizer's own parameters.
  ///
  /// - Throws: ``ObservableError`` unless ``ObservedQuantity/tangentKernel`` is needed.
  public func tangentKernel() throws -> Matrix<Double> {
    try require(.tangentKernel)
    return source.tangentKernel()
  }

  // MARK: Layers

  /// What enters each layer with weights, for the first ``ObservableSetting/kernelSamples`` training samples: (samples, features), layer
  /// 1's being the inputs.
  ///
  /// - Throws: ``ObservableError`` unless ``ObservedQuantity/layerStates`` is needed.
  public func features() throws -> [Matrix<Double>] {
    try require(.layerStates)
    return source.layerValues().features
  }

  /// What leaves each layer with weights, likewise.
  ///
  /// - Throws: ``ObservableError`` unless ``ObservedQuantity/layerStates`` is needed.
  public func preactivations() throws -> [Matrix<Double>] {
    try require(.layerStates)
    return source.layerValues().preactivations
  }

  private func require(_ quantity: ObservedQuantity) throws {
    guard !needs.contains(quantity) else { return }
    throw ObservableError(
      key, "it reads \(quantity.rawValue) and does not say that it needs it",
      remedy: "add .\(quantity.rawValue) to its needs")
  }
}
