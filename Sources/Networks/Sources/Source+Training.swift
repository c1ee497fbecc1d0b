import OrreryFindings

extension OptimizerMethod {
  /// Where the rule and its momentum come from; empty for gradient descent and gradient flow without any.
  public var publications: [Publication] {
    switch self {
    case .gradientDescent(let momentum): momentum.publications
    case .sgd(let momentum): [.robbins1951stochastic] + momentum.publications
    case .adam: [.kingma2015adam]
    case .adamW: [.kingma2015adam, .loshchilov2019decoupled]
    case .rmsProp: [.tieleman2012lecture]
    case .lion: [.chen2023symbolic]
    case .muon(let muon):
      [.jordan2024muon] + (muon.scale == .rootMeanSquare ? [.liu2025muon] : []) + muon.others.publications
    case .gradientFlow: [.dormand1980family]
    }
  }
}

extension OptimizerMethod.Muon.OtherTensors {
  var publications: [Publication] {
    switch method {
    case .adamW(let adam): OptimizerMethod.adamW(adam).publications
    case .sgd(let momentum): OptimizerMethod.sgd(momentum).publications
    }
  }
}

extension OptimizerMethod.Momentum {
  var publications: [Publication] {
    switch self {
    case .none: []
    case .heavyBall, .exponentialMovingAverage: [.polyak1964some]
    case .nesterov: [.nesterov1983method, .sutskever2013importance]
    }
  }
}

extension LearningRateSchedule {
  /// Where its shape comes from; empty for what everybody knows.
  public var publications: [Publication] {
    switch shape {
    case .constant, .linear, .table: []
    case .cosine: [.loshchilov2017sgdr]
    case .warmUpStableDecay: [.hu2024minicpm]
    case .power: [.robbins1951stochastic]
    }
  }
}

extension Optimizer {
  /// Where the method comes from and what surrounds it.
  public var sources: [Source] {
    func source(_ key: String, _ title: String, _ publications: [Publication]) -> [Source] {
      publications.isEmpty ? [] : [Source(key: key, title: title, statement: "", publications: publications)]
    }
    let isDecoupled = weightDecay.coefficient > 0 && weightDecay.kind == .decoupled
    return source("optimizer-\(method.key)", method.name, method.publications)
      + source("schedule", "learning-rate schedule", schedule.publications)
      + source("clipping", "clipping of gradients", clipping == .none ? [] : [.pascanu2013difficulty])
      + source("weight-decay", "decoupled weight decay", isDecoupled ? [.loshchilov2019decoupled] : [])
  }
}

extension DataDescription {
  /// Where the data come from; empty for a user's own and for drawn ones.
  public var sources: [Source] {
    guard case .named(let name) = source, let entry = DataCatalogue.entry(named: name) else { return [] }
    return [
      Source(key: "data-\(name)", title: "data \(name)", statement: entry.title, publications: entry.publications)
    ]
  }
}
