/// How a learning rate is given: a number, or left to theory.
public enum LearningRate: Hashable, Codable, Sendable {
  case auto
  case value(Double)
}

/// The rule that changes parameters. Only the fields that a forecast at initialization needs are described so far.
public enum OptimizerMethod: Hashable, Codable, Sendable {
  /// Full-batch gradient descent.
  case gradientDescent(learningRate: LearningRate, steps: Int)
  /// Minibatch gradient descent with heavy-ball momentum.
  case sgd(learningRate: LearningRate, momentum: Double, batch: Int, steps: Int)
  /// Kingma and Ba 2015 (arXiv:1412.6980): steps of size η m/(√v + ε).
  case adam(learningRate: LearningRate, epsilon: Double, batch: Int, steps: Int)

  /// True when multiplying every gradient by a constant leaves the steps unchanged, down to ε.
  public var isScaleFree: Bool {
    if case .adam = self { true } else { false }
  }

  /// The number of samples whose gradients are averaged in a step; nil means the whole training set.
  public var batch: Int? {
    switch self {
    case .gradientDescent: nil
    case .sgd(_, _, let batch, _), .adam(_, _, let batch, _): batch
    }
  }

  public var name: String {
    switch self {
    case .gradientDescent: "gradient descent"
    case .sgd: "SGD"
    case .adam: "Adam"
    }
  }
}

/// The number that training lowers. A loss value carries its own convention: ½ or not, sum or mean over samples.
public enum Loss: Hashable, Codable, Sendable {
  public enum Reduction: String, Codable, Sendable, CaseIterable {
    case sum, mean
  }

  /// Σ or mean over samples of Σ_i (z_i − y_i)², with a factor ½ if `half`.
  case meanSquaredError(reduction: Reduction, half: Bool)
  /// Mean over samples of −log softmax(z)_label.
  case crossEntropy

  public var name: String {
    switch self {
    case .meanSquaredError: "MSE"
    case .crossEntropy: "cross-entropy"
    }
  }
}

/// An optimizer and its loss.
public struct Optimizer: Hashable, Codable, Sendable {
  public var method: OptimizerMethod
  public var loss: Loss

  public init(_ method: OptimizerMethod, loss: Loss) {
    self.method = method
    self.loss = loss
  }
}

/// The arithmetic that a network is trained in.
public enum Precision: String, Codable, Sendable, CaseIterable {
  case float16, bfloat16, float32, float64

  /// The largest relative error of one rounding.
  public var unitRoundoff: Double {
    switch self {
    case .float16: 0x1p-11
    case .bfloat16: 0x1p-8
    case .float32: 0x1p-24
    case .float64: 0x1p-53
    }
  }

  /// The smallest positive normal number.
  public var leastNormal: Double {
    switch self {
    case .float16: 0x1p-14
    case .bfloat16, .float32: 0x1p-126
    case .float64: 0x1p-1022
    }
  }

  /// The largest finite number.
  public var greatestFinite: Double {
    switch self {
    case .float16: 65504
    case .bfloat16: 0x1.fep127
    case .float32: 0x1.fffffep127
    case .float64: Double.greatestFiniteMagnitude
    }
  }
}
