import Foundation
import OrreryNetworks

/// An optimizer on a layout of parameters, worked out before training: which rule every stretch of memory follows, with which
/// multiplier and decay, and where it keeps what it remembers.
package struct UpdatePlan: Sendable {
  /// The rule of one stretch.
  package enum Rule: Hashable, Sendable {
    case descent
    case momentum(OptimizerMethod.Momentum)
    case adam(OptimizerMethod.Adam)
    case rmsProp(OptimizerMethod.RMSProp)
    case lion(OptimizerMethod.Lion)
    /// A matrix whose momentum is orthogonalized.
    case orthogonal(OptimizerMethod.Muon, rows: Int, columns: Int)

    /// Whether it remembers gradients.
    var keepsFirst: Bool {
      switch self {
      case .momentum, .adam, .lion, .orthogonal: true
      case .descent, .rmsProp: false
      }
    }

    /// Whether it remembers squares of gradients.
    var keepsSecond: Bool {
      switch self {
      case .adam, .rmsProp: true
      case .descent, .momentum, .lion, .orthogonal: false
      }
    }
  }

  /// Adjoining tensors, or one, that follow the same rule with the same numbers.
  package struct Stretch: Hashable, Sendable {
    package var rule: Rule
    package var offset: Int
    package var count: Int
    /// η without the schedule, multiplier included.
    package var rate: Double
    /// λ.
    package var decay: Double
    /// w = unit · ω, ω what the rule acts on.
    package var unit: Double
    /// The tensor, where the gradient is clipped tensor by tensor; nil where stretches may be joined.
    package var tensor: Int?
    /// Places in the arrays of first and second moments.
    package var first = 0
    package var second = 0
  }

  package let optimizer: Optimizer
  package let layout: ParameterLayout
  package let stretches: [Stretch]
  /// Elements of the arrays of first moments (momenta among them) and of second moments.
  package let firstCount: Int
  package let secondCount: Int
  /// Elements of scratch memory.
  package let workspaceCount: Int

  /// - Throws: `NetworkError` for numbers out of range; `TrainingSetupError` for a learning rate that is not set, multipliers
  ///   of tensors that do not exist, and gradient flow.
  package init(_ optimizer: Optimizer, layout: ParameterLayout) throws {
    try optimizer.validate()
    if case .gradientFlow = optimizer.method { throw TrainingSetupError.notAnUpdateRule("Gradient flow") }
    guard let rate = optimizer.learningRate.value else { throw TrainingSetupError.learningRateNotSet }
    try layout.check(optimizer.multipliers)
    var stretches: [Stretch] = []
    var (first, second, workspace) = (0, 0, 0)
    let clipsTensors = if case .perTensor = optimizer.clipping { true } else { false }
    for (index, tensor) in layout.tensors.enumerated() where tensor.unit != 0 {
      let (rule, own) = Self.rule(optimizer.method, tensor)
      let factor = optimizer.multipliers.factor(tensor: tensor.name, role: tensor.role)
      var stretch = Stretch(
        rule: rule, offset: tensor.offset, count: tensor.count, rate: factor * (own ?? rate),
        decay: optimizer.weightDecay.coefficient(of: tensor.role), unit: tensor.unit, tensor: clipsTensors ? index : nil
      )
      (stretch.first, stretch.second) = (first, second)
      if rule.keepsFirst { first += tensor.count }
      if rule.keepsSecond { second += tensor.count }
      if case .orthogonal(_, let rows, let columns) = rule {
        // The direction beside what its orthogonalization needs.
        workspace = max(
          workspace, tensor.count + Orthogonalization.workspaceCount(rows: rows, columns: columns))
      }
      // Matrices are orthogonalized one by one; everything else may run on over the next tensor.
      if let last = stretches.last, last.continues(stretch) {
        stretches[stretches.count - 1].count += stretch.count
      } else {
        stretches.append(stretch)
      }
    }
    self.optimizer = optimizer
    self.layout = layout
    self.stretches = stretches
    (firstCount, secondCount, workspaceCount) = (first, second, workspace)
  }

  /// The plan of a training. Gradient flow is no update rule; what its differential equation takes of a plan are multipliers, decay and
  /// units, those of gradient descent of rate 1.
  ///
  /// - Throws: as ``init(_:layout:)``, but for gradient flow.
  init(training optimizer: Optimizer, layout: ParameterLayout) throws {
    try optimizer.validate()
    var rule = optimizer
    if optimizer.isFlow { (rule.method, rule.learningRate) = (.gradientDescent(), .value(1)) }
    try self.init(rule, layout: layout)
  }

  /// The rule of a tensor, and a learning rate of its own if it has one.
  private static func rule(_ method: OptimizerMethod, _ tensor: ParameterLayout.Tensor) -> (Rule, rate: Double?) {
    switch method {
    case .gradientDescent(let momentum), .sgd(let momentum): (momentum == .none ? .descent : .momentum(momentum), nil)
    case .adam(let adam), .adamW(let adam): (.adam(adam), nil)
    case .rmsProp(let rmsProp): (.rmsProp(rmsProp), nil)
    case .lion(let lion): (.lion(lion), nil)
    case .muon(let muon):
      if tensor.isMatrix, muon.orthogonalizes(tensor.role) {
        (.orthogonal(muon, rows: tensor.rows, columns: tensor.columns), nil)
      } else {
        switch muon.others.method {
        case .adamW(let adam): (.adam(adam), muon.others.learningRate)
        case .sgd(let momentum): (momentum == .none ? .descent : .momentum(momentum), muon.others.learningRate)
        }
      }
    case .gradientFlow: (.descent, nil)
    }
  }

  /// Bytes that the moments and the scratch memory of one network take, beside parameters and gradient.
  package func memory(bytesPerElement: Int) -> Int { (firstCount + secondCount + workspaceCount) * bytesPerElement }
}

extension UpdatePlan.Stretch {
  /// Whether the other begins where this ends and follows the same rule.
  fileprivate func continues(_ other: Self) -> Bool {
    if case .orthogonal = rule { return false }
    return rule == other.rule && offset + count == other.offset && rate == other.rate && decay == other.decay
      && unit == other.unit
      && tensor == nil && other.tensor == nil
  }
}

extension ParameterLayout {
  /// - Throws: `TrainingSetupError` for multipliers of tensors that do not exist.
  func check(_ multipliers: LearningRateMultipliers) throws {
    let names = tensors.map(\.name)
    for name in multipliers.tensors.keys.sorted() where tensor(named: name) == nil {
      throw TrainingSetupError.unknownTensor(name, nearest: Spelling.nearest(to: name, among: names), known: names)
    }
  }
}
