import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// The learning rate where a description leaves it to theory.
///
/// At infinite width the Hessian of the loss at initialization is h Θ ⊗ 1 up to terms that vanish with the width: Θ the tangent
/// kernel of the training set with the tensors' own rates, h the loss's curvature in the outputs, h = 1 for ½Σ(z − y)², 2
/// without ½, at most ½ for cross-entropy and ¼ for the logistic loss, and 1/N of these for means. Gradient descent is
/// stable below η = 2/(h λ_max(Θ)) (Y. LeCun, P. Y. Simard, B. Pearlmutter, NIPS 5, 1993; J. Lee et al.,
/// arXiv:1902.06720); half of that, where the fastest mode is learned in one step, is taken. λ_max is that of at most 500
/// samples, times N over their number. Multipliers of single tensors' rates are in Θ.
///
/// **Domain.** Gradient descent and SGD without momentum; a batch that is not the whole set adds noise which this does not see.
enum LearningRateResolution {
  static var samples: Int { 500 }

  /// The described number, or theory's.
  ///
  /// - Throws: ``StudyError`` for optimizers and losses without such a law; what the kernels throw.
  static func resolved(
    _ optimizer: Optimizer, network: PerceptronView, inputs: Matrix<Double>
  ) throws -> Double {
    try optimizer.learningRate.value ?? rate(optimizer, network: network, inputs: inputs)
  }

  private static func rate(_ optimizer: Optimizer, network: PerceptronView, inputs: Matrix<Double>) throws -> Double {
    switch optimizer.method {
    case .gradientDescent(.none), .sgd(.none): break
    default:
      throw StudyError(
        .unusable,
        "learning-rate: auto is known for gradient-descent and sgd without momentum only; give \(optimizer.method.key) a number, "
          + "such as learning-rate: 0.001.")
    }
    let count = Double(inputs.rows)
    let curvature: Double
    switch optimizer.loss {
    case .meanSquaredError(let reduction, let half): curvature = (half ? 1 : 2) / (reduction == .mean ? count : 1)
    case .crossEntropy: curvature = 0.5 / count
    case .logistic: curvature = 0.25 / count
    case .hinge:
      throw StudyError(
        .unusable, "learning-rate: auto needs a loss with a curvature, and the hinge loss has none; give a number.")
    }
    let used = min(samples, inputs.rows)
    let chosen = inputs.selectingRows(Array(0..<used))
    let scales = network.denseScales(optimizer.multipliers)
    guard let kernel = try InfiniteWidthKernels(network, scales: scales).matrices(chosen).ntk else {
      preconditionFailure("The tangent kernel was asked for.")
    }
    let largest = try kernel.symmetricEigenvalues().last! * count / Double(used)
    guard largest > 0, largest.isFinite else {
      throw StudyError(
        .unusable,
        "learning-rate: auto needs a tangent kernel that does not vanish, and its largest eigenvalue is \(largest); give a number."
      )
    }
    return 1 / (curvature * largest)
  }
}
