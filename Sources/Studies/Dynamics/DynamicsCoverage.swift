import OrreryNetworks
import OrreryTheory

/// Whether the law of training at infinite width covers a study, and why not.
enum DynamicsCoverage {
  /// Nil where it does; else a sentence.
  static func exclusion(_ loaded: LoadedStudy) -> String? {
    guard let optimizer = loaded.study.optimizer, optimizer.length > 0 else {
      return "The study has no steps of training."
    }
    let perceptron: PerceptronView
    do {
      perceptron = try PerceptronView(loaded.resolved.network)
    } catch {
      return "Training at infinite width is known for multilayer perceptrons so far, and here \(error)."
    }
    switch optimizer.method {
    case .gradientDescent where optimizer.batch == .full, .gradientFlow where optimizer.batch == .full: break
    default:
      return
        "Training at infinite width is in closed form for gradient descent and gradient flow on the whole training set, and the "
        + "optimizer is \(optimizer.method.name)."
    }
    guard perceptron.layers.allSatisfy({ $0.weightDistribution != .orthogonal }) else {
      return
        "Training at infinite width of orthogonal weights has no truncation error yet: 1/n corrections are known for independent ones."
    }
    guard case .meanSquaredError = optimizer.loss else {
      return "Training at infinite width is in closed form for mse, and the loss is \(optimizer.loss.name)."
    }
    guard optimizer.weightDecay.coefficient == 0, optimizer.clipping == .none else {
      return "Training at infinite width is in closed form without weight decay and clipping."
    }
    guard loaded.data.train.targets != nil else { return "The data have no targets to train on." }
    guard !perceptron.architecture.activation.isDiscontinuous || perceptron.architecture.depth == 0 else {
      return "The activation jumps, and its tangent kernel is infinite."
    }
    guard [.float32, .float64].contains(loaded.resolved.precision) else {
      return "Networks are trained in float32 or float64, and the precision is \(loaded.resolved.precision.rawValue)."
    }
    return nil
  }
}
