import OrreryExperiment
import OrreryNetworks
import OrreryTheory

extension LoadedStudy {
  /// The largest stable learning rate of one of the study's own networks, as it is drawn: Experiment draws it, and Theory looks at its
  /// loss there and nowhere else.
  ///
  /// It is a number of that network at initialization, beside the same threshold at infinite width, from which it differs by order
  /// n^(−½).
  ///
  /// - Parameter member: the network's number in its ensemble.
  /// - Throws: ``StudyError`` for a study that has no such threshold: other optimizers than gradient descent on the whole training set,
  ///   weight decay, clipping, data without targets, and networks that in training are not the function that losses are of (dropout,
  ///   batch normalization); ``DynamicsError`` where the curvature is not finite; ``ExperimentError`` for a network that cannot be run.
  public func curvatureThreshold(member: Int = 0) throws -> CurvatureThreshold {
    guard (0..<TrainingRequest.mostNetworks).contains(member) else { throw ExperimentError.noSuchNetwork(member) }
    guard let optimizer = study.optimizer, case .gradientDescent(let momentum) = optimizer.method,
      optimizer.batch == .full
    else {
      throw StudyError(
        .unusable,
        "A largest stable learning rate is known for gradient-descent on the whole training set; describe that optimizer."
      )
    }
    guard optimizer.weightDecay.coefficient == 0, optimizer.clipping == .none else {
      throw StudyError(
        .unusable, "A largest stable learning rate is known without weight decay and clipping; leave them out.")
    }
    guard let targets = data.train.targets else { throw StudyError.noTargets }
    let network = resolved.network
    if let layer = try network.modalLayer() {
      throw StudyError(
        .unusable,
        "Layer \(layer + 1) in training is not a function of parameters and inputs alone (dropout, batch normalization), and the "
          + "curvature of its evaluation does not limit steps; leave it out, or take layer-norm.")
    }
    let part = try TrainingData.Part(inputs: data.train.inputs, targets: targets, targetKind: data.targetKind)
    let rule = try DescentRule(.gradientDescent(momentum))
    switch resolved.precision {
    case .float64:
      let weights = try network.drawnParameters(seed: resolved.seed, member: member)
      return try rule.threshold(
        on: network.landscape(at: weights, loss: optimizer.loss, data: part, multipliers: optimizer.multipliers))
    case .float32:
      let weights = try network.drawnSingleParameters(seed: resolved.seed, member: member)
      return try rule.threshold(
        on: network.landscape(at: weights, loss: optimizer.loss, data: part, multipliers: optimizer.multipliers))
    case .float16, .bfloat16: throw ExperimentError.unsupportedPrecision(resolved.precision.rawValue)
    }
  }
}
