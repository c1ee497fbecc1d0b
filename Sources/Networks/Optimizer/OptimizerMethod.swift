/// The rule that changes parameters, with its own numbers; g is the gradient, w a tensor, η its learning rate.
public enum OptimizerMethod: Hashable, Sendable {
  /// w ← w − η g with the gradient of the whole training set, or with momentum.
  case gradientDescent(Momentum = .none)
  /// The same on batches: Robbins and Monro 1951, doi:10.1214/aoms/1177729586.
  case sgd(Momentum = .none)
  case adam(Adam = Adam())
  /// Adam with decoupled weight decay: Loshchilov and Hutter 2019 (arXiv:1711.05101).
  case adamW(Adam = Adam())
  case rmsProp(RMSProp = RMSProp())
  case lion(Lion = Lion())
  case muon(Muon = Muon())
  case gradientFlow(GradientFlow)
}

extension OptimizerMethod {
  /// The key in a description.
  public var key: String {
    switch self {
    case .gradientDescent: "gradient-descent"
    case .sgd: "sgd"
    case .adam: "adam"
    case .adamW: "adamw"
    case .rmsProp: "rmsprop"
    case .lion: "lion"
    case .muon: "muon"
    case .gradientFlow: "gradient-flow"
    }
  }

  /// The keys of all methods.
  public static let keys = [
    "gradient-descent", "sgd", "adam", "adamw", "rmsprop", "lion", "muon", "gradient-flow",
  ]

  /// The name for reports.
  public var name: String {
    switch self {
    case .gradientDescent: "gradient descent"
    case .sgd: "SGD"
    case .adam: "Adam"
    case .adamW: "AdamW"
    case .rmsProp: "RMSProp"
    case .lion: "Lion"
    case .muon: "Muon"
    case .gradientFlow: "gradient flow"
    }
  }

  /// True when multiplying every gradient by a constant leaves the steps unchanged, down to ε where there is one.
  public var isScaleFree: Bool {
    switch self {
    case .adam, .adamW, .rmsProp, .lion: true
    case .muon(let muon): if case .adamW = muon.others.method { true } else { false }
    case .gradientDescent, .sgd, .gradientFlow: false
    }
  }

  /// ε, which keeps a step finite where the gradient vanishes; for Muon, that of its other tensors' AdamW.
  public var epsilon: Double? {
    switch self {
    case .adam(let adam), .adamW(let adam): adam.epsilon
    case .rmsProp(let rmsProp): rmsProp.epsilon
    case .muon(let muon): if case .adamW(let adam) = muon.others.method { adam.epsilon } else { nil }
    case .gradientDescent, .sgd, .lion, .gradientFlow: nil
    }
  }

  /// What a plain number for the weight decay means: coupled as the frameworks' SGD, Adam and RMSProp have it, decoupled
  /// for the methods that were published so.
  public var usualWeightDecayKind: WeightDecay.Kind {
    switch self {
    case .adamW, .lion, .muon: .decoupled
    case .gradientDescent, .sgd, .adam, .rmsProp, .gradientFlow: .coupled
    }
  }

  /// None but for AdamW: 0.01, as in PyTorch.
  public var usualWeightDecay: WeightDecay {
    var coefficient = 0.0
    if case .adamW = self { coefficient = 0.01 }
    return WeightDecay(coefficient, usualWeightDecayKind)
  }

  /// The whole training set, or 128 samples without replacement.
  public var usualBatch: BatchDescription {
    switch self {
    case .gradientDescent, .gradientFlow: .full
    default: .size(128)
    }
  }
}
