/// How a network is trained: the loss, the rule that lowers it, and what surrounds the rule.
///
/// One step k = 0, 1, 2, … takes the gradient g of the loss on the step's ``BatchDescription``, clips it
/// (``GradientClipping``), adds coupled weight decay, and hands it to the ``OptimizerMethod``, whose step of a tensor is
/// multiplied by η_k = η · factor(k) · multiplier: ``learningRate``, ``schedule`` and ``multipliers``. Decoupled weight
/// decay shrinks the parameters by 1 − η_k λ in the same step.
///
/// ```swift
/// let optimizer = Optimizer(
///   .adamW(), learningRate: .value(1e-3), schedule: LearningRateSchedule(.cosine(final: 0.1), warmUp: 100),
///   clipping: .global(1), batch: .size(128), steps: 1000, loss: .crossEntropy)
/// ```
///
/// Nothing is checked when it is made: ``validate()`` says what makes no sense.
public struct Optimizer: Hashable, Sendable {
  public var method: OptimizerMethod
  /// η. Gradient flow has none: its time is the learning rate times the number of steps.
  public var learningRate: LearningRate
  public var schedule: LearningRateSchedule
  public var multipliers: LearningRateMultipliers
  public var weightDecay: WeightDecay
  public var clipping: GradientClipping
  public var batch: BatchDescription
  /// The number of steps; 0 where none are to be taken, or where their number does not matter.
  public var steps: Int
  public var loss: Loss

  /// The times of gradient flow that observations are counted in: step k is the time k T/1000.
  public static let flowTimes = 1000

  /// The number of steps that observations are counted in: ``steps``, or ``flowTimes`` for gradient flow.
  public var length: Int { isFlow ? Self.flowTimes : steps }

  /// Whether it follows a differential equation and takes no steps of its own.
  public var isFlow: Bool { if case .gradientFlow = method { true } else { false } }

  /// - Parameters:
  ///   - weightDecay: the method's own where not given: none but for AdamW, whose coefficient is 0.01.
  ///   - batch: the method's own where not given: the whole training set for gradient descent and gradient flow, else
  ///     128 samples without replacement.
  public init(
    _ method: OptimizerMethod, learningRate: LearningRate = .auto,
    schedule: LearningRateSchedule = LearningRateSchedule(), multipliers: LearningRateMultipliers = [:],
    weightDecay: WeightDecay? = nil, clipping: GradientClipping = .none, batch: BatchDescription? = nil,
    steps: Int = 0, loss: Loss
  ) {
    self.method = method
    self.learningRate = learningRate
    self.schedule = schedule
    self.multipliers = multipliers
    self.weightDecay = weightDecay ?? method.usualWeightDecay
    self.clipping = clipping
    self.batch = batch ?? method.usualBatch
    self.steps = steps
    self.loss = loss
  }
}
